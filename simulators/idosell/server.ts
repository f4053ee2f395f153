import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { OperationName, Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { openServer } from '../restartable-server.ts';
import { amountOf } from './amount.ts';
import { openPipeline } from './request-pipeline.ts';
import { openGates, profileAt, type Format, type Gate } from './gates.ts';
import { openShop, openStaff, type ShopOptions, type Staff } from './shop-setup.ts';
import type { Struct, Unreadable } from './raw.ts';
import { instead, spoil } from './malformed-responses.ts';
import type { Reply } from './reply.ts';
import type { Order } from './orders.ts';
import type { Shop } from './shop.ts';
import { readBody, TOO_LONG } from '../body.ts';
import { openFaults, type Moment } from '../fault-injection.ts';
import { PlannedFaultSchema, type Fault, type FaultInput } from './faults.ts';

/** One request, as it came and as it went. */
export interface SeenRequest {
  readonly number: number;
  /** Undefined for an address that nobody serves. */
  readonly operation: OperationName | undefined;
  readonly format: Format | undefined;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly at: Date;
  /** Without its keys. */
  body: string;
  /** Of which account, where that is known. */
  login: string;
  /** In our names; undefined where nothing could be read. */
  params: Struct | undefined;
  status: number | undefined;
  /** The house's own number. */
  fault: string | undefined;
  /** Whether the whole answer has left; when it has not, the other side cannot know what became of it. */
  isAnswered: boolean;
}

/** Called while a request stands still at a moment; it goes on when the promise is kept. */
export type Bystander = (request: SeenRequest) => unknown;

/** A wholesaler's CustomerAPI on the loopback, as strict as can be, and as troublesome as it is told to be. */
export interface IdoSell extends Staff {
  readonly url: string;
  /** The profile for whoever calls it here. */
  readonly profile: Profile;
  readonly requests: readonly SeenRequest[];
  readonly shop: Shop;
  /** What was let through and still is not right. */
  readonly complaints: readonly string[];
  readonly unknownFields: ReadonlySet<string>;
  /** As many requests were under way at one time, at most. */
  mostAtOnce(): number;
  ordersFor(reference: string): readonly Order[];
  misbehave(planned: FaultInput): void;
  behave(): void;
  /** Once, for the next request of this operation that gets there; '' is for any. */
  when(moment: Moment, operation: OperationName | '', bystander: Bystander): void;
  /** Nobody is at home: open lines end, new ones are refused. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface IdoSellOptions extends ShopOptions {
  /** Any free one without it. */
  readonly port?: number;
  /** The profile's own without it. */
  readonly formats?: readonly Format[];
  /** Whether answers tell the time, as HTTP wants it. */
  readonly sendsDate?: boolean;
}

export async function startIdoSell(options: IdoSellOptions): Promise<IdoSell> {
  const { profile, port = 0, formats = [profile.format], sendsDate = true } = options;
  const shop = openShop(options);
  const staff = openStaff(shop, options.webhook);
  const findGate = openGates(profile, formats);
  const faults = openFaults(PlannedFaultSchema, (operation, on) => on === '' || on === operation);
  const pipeline = openPipeline(shop);
  const requests: SeenRequest[] = [];
  const underWay = { now: 0, max: 0 };
  let bystanders: { moment: Moment; operation: string; call: Bystander }[] = [];

  const reach = async (moment: Moment, seen: SeenRequest): Promise<void> => {
    const found = bystanders.find(
      (one) => one.moment === moment && (one.operation === '' || one.operation === seen.operation),
    );
    bystanders = bystanders.filter((one) => one !== found);
    await found?.call(seen);
  };

  const send = (res: ServerResponse, seen: SeenRequest, { status, headers, body, fault }: Reply): void => {
    Object.assign(seen, { status, fault });
    res.once('finish', () => {
      seen.isAnswered = true;
      void reach('answered', seen);
    });
    res.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body);
  };

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { method = '', url = '/', headers } = req;
    const gate = findGate(url);
    const seen: SeenRequest = {
      ...{ number: requests.length + 1, operation: gate?.operation, format: gate?.format, method, url, headers },
      ...{ at: shop.now(), body: '', login: '', params: undefined, status: undefined, fault: undefined },
      isAnswered: false,
    };
    requests.push(seen);
    underWay.now += 1;
    underWay.max = Math.max(underWay.max, underWay.now);
    res.once('close', () => (underWay.now -= 1));
    // The other side may set its day by it (3.3), so it must be this shop's clock and no other.
    res.sendDate = false;
    if (sendsDate) res.setHeader('date', shop.now().toUTCString());

    const fault = faults.take(gate?.operation ?? '');
    await reach('connected', seen);
    if (fault?.kind === 'drop' && fault.at === 'connected') {
      req.socket.resetAndDestroy();
      return;
    }
    const body = await readBody(req, profile.maxRequestBytes);
    if (body === undefined) return;
    const refusal = body === TOO_LONG ? pipeline.tooLong() : pipeline.refuse(seen, gate);
    if (refusal || !gate || body === TOO_LONG) {
      if (refusal) send(res, seen, refusal);
      return;
    }
    const asked = await pipeline.read(seen, gate, body);
    pipeline.watch(seen, asked, (leave) => void res.once('close', leave));
    await reach('received', seen);
    if (await survives(fault, 'received', req)) await carryOut({ seen, gate, asked, fault }, req, res);
  };

  const carryOut = async (heard: Heard, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { seen, gate, asked, fault } = heard;
    const early = insteadAt('received', heard, shop);
    if (early) {
      send(res, seen, early);
      return;
    }
    prepare(fault, seen, shop, staff);
    const good = pipeline.answer(seen, gate, asked);
    Object.assign(seen, { status: good.status, fault: good.fault });
    if (fault?.kind === 'sent-first') await sendFirst(seen, fault.numbers);
    await reach('accepted', seen);
    if (!(await survives(fault, 'accepted', req))) return;
    if (fault?.kind === 'truncated') breakOff(res, good);
    else send(res, seen, spoil(fault, insteadAt('accepted', heard, shop) ?? good, gate.format));
  };

  const sendFirst = async ({ number }: SeenRequest, numbers: readonly string[]): Promise<void> => {
    const order = shop.orders.all.find(({ request }) => request === number);
    if (order) await staff.dispatch(order.orderId, { numbers: [...numbers] });
  };

  const line = await openServer(port, serve);
  return {
    ...staff,
    url: `http://127.0.0.1:${line.port}`,
    profile: profileAt(profile, line.port),
    requests,
    shop,
    complaints: pipeline.complaints,
    unknownFields: pipeline.unknownFields,
    mostAtOnce: () => underWay.max,
    ordersFor: (reference) => shop.orders.byReference.get(reference) ?? [],
    misbehave: (planned) => faults.add(planned),
    behave: () => faults.clear(),
    when: (moment, operation, call) => void bystanders.push({ moment, operation, call }),
    down: () => line.shut(),
    up: () => line.open(),
    close: () => line.shut(),
  };
}

/** A request that was read, and what is in store for it. */
interface Heard {
  readonly seen: SeenRequest;
  readonly gate: Gate;
  readonly asked: Struct | Unreadable;
  readonly fault: Fault | undefined;
}

function insteadAt(moment: Moment, { fault, gate }: Heard, shop: Shop): Reply | undefined {
  return fault && 'at' in fault && fault.at === moment ? instead(fault, gate, shop) : undefined;
}

/** False when the fault is that nobody is answered from here on. */
async function survives(fault: Fault | undefined, moment: Moment, req: IncomingMessage): Promise<boolean> {
  if (!fault || !('at' in fault) || fault.at !== moment) return true;
  if (fault.kind === 'slow') await wait(fault.ms);
  if (fault.kind === 'drop') req.socket.resetAndDestroy();
  return fault.kind !== 'drop' && fault.kind !== 'silent';
}

/** What happens here just before the request is looked at. */
function prepare(fault: Fault | undefined, { login }: SeenRequest, shop: Shop, staff: Staff): void {
  if (fault?.kind === 'session-dies') shop.accounts.endSessions();
  if (fault?.kind === 'basket-filled') staff.fillBasket(login, fault.code, fault.quantity);
  if (fault?.kind === 'sold-out') {
    const lines = [...shop.baskets.all.values()].flatMap((basket) => basket.lines);
    for (const { product } of lines) product.stock = amountOf('0');
  }
}

/** More is announced than comes. */
function breakOff(res: ServerResponse, { status, headers, body }: Reply): void {
  res.writeHead(status, { ...headers, 'content-length': String(body.length + 1000) });
  res.write(body.subarray(0, Math.floor(body.length / 2)), () => res.socket?.destroySoon());
}
