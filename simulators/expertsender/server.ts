import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { openAccount, type Account } from './account.ts';
import { answer, parsed } from './answer.ts';
import { readBody, TOO_LONG } from '../body.ts';
import { openFaults, type Moment } from '../fault-injection.ts';
import { PlannedFaultSchema, type Fault, type FaultInput } from './faults.ts';
import { orderIdsOf } from './ids.ts';
import { openServer } from '../restartable-server.ts';
import { problem, type Reply } from './problem.ts';
import { openStore, type Store } from './store.ts';

/** One request, as it came and as it went. */
export interface SeenRequest {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  body: string;
  json: unknown;
  /** What was answered, or would have been. */
  status: number | undefined;
  /** Whether the whole answer has left; when it has not, the other side cannot know what became of it. */
  isAnswered: boolean;
}

/** Called while a request stands still at a moment; it goes on when the promise is kept. */
export type Bystander = (request: SeenRequest) => unknown;

/** The platform's orders API on the loopback, as strict as its documents, and as troublesome as it is told to be. */
export interface ExpertSender {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly store: Store;
  /** What was let through and still is not right: an order's date that wanders, two requests about one order at a time. */
  readonly complaints: readonly string[];
  readonly unknownFields: ReadonlySet<string>;
  misbehave(planned: FaultInput): void;
  behave(): void;
  /** Once, for the next request that gets there and begins so: `POST /orders`. */
  when(moment: Moment, on: string, bystander: Bystander): void;
  /** Nobody is at home: open lines end, new ones are refused. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface ExpertSenderOptions {
  readonly apiKey: string;
  readonly account?: Partial<Account>;
  /** Any free one without it. */
  readonly port?: number;
}

export async function startExpertSender({
  apiKey,
  account: changes = {},
  port = 0,
}: ExpertSenderOptions): Promise<ExpertSender> {
  const account = openAccount(changes);
  const store = openStore();
  const faults = openFaults(PlannedFaultSchema, (request, on) => request.startsWith(on));
  const requests: SeenRequest[] = [];
  const complaints: string[] = [];
  const unknownFields = new Set<string>();
  const underWay = new Map<string, number>();
  let bystanders: { moment: Moment; on: string; call: Bystander }[] = [];

  const reach = async (moment: Moment, seen: SeenRequest): Promise<void> => {
    const found = bystanders.find((one) => one.moment === moment && `${seen.method} ${seen.path}`.startsWith(one.on));
    bystanders = bystanders.filter((one) => one !== found);
    await found?.call(seen);
  };

  const carryOut = (seen: SeenRequest): Reply => {
    const { method, path, headers, body } = seen;
    const key = headers['x-api-key'];
    return answer(
      {
        method,
        path,
        apiKey: typeof key === 'string' ? key : undefined,
        contentType: headers['content-type'] ?? '',
        body,
      },
      apiKey,
      {
        account,
        store,
        request: seen.number,
        complain: (text) => void complaints.push(`request ${seen.number}: ${text}`),
        unknownField: (place) => void unknownFields.add(place.replaceAll(/\[\d+\]/g, '[]')),
      },
    );
  };

  /** One request about an order at a time: two of them may overtake one another. */
  const watchOverlaps = (seen: SeenRequest, res: ServerResponse): void => {
    const ids = orderIdsOf(seen.method, seen.path, seen.json);
    for (const id of ids) {
      const other = underWay.get(id);
      if (other !== undefined) complaints.push(`request ${seen.number}: order ${id} is still in request ${other}`);
      underWay.set(id, seen.number);
    }
    res.once('close', () => {
      for (const id of ids) if (underWay.get(id) === seen.number) underWay.delete(id);
    });
  };

  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { method = '', url = '/', headers } = req;
    const path = url.split('?')[0] ?? '/';
    const seen: SeenRequest = {
      ...{ number: requests.length + 1, method, path, headers },
      ...{ body: '', json: undefined, status: undefined, isAnswered: false },
    };
    requests.push(seen);
    const fault = faults.take(`${method} ${path}`);
    await reach('connected', seen);
    if (fault?.kind === 'drop' && fault.at === 'connected') {
      req.socket.resetAndDestroy();
      return;
    }

    const bytes = await readBody(req, account.maxBytes);
    if (bytes === undefined) return;
    if (bytes === TOO_LONG) {
      send(res, problem(413, path, 'The body is too long'));
      return;
    }
    const body = bytes.toString('utf8');
    Object.assign(seen, { body, json: parsed(body) });
    watchOverlaps(seen, res);
    await reach('received', seen);
    if (!(await survives(fault, 'received', req))) return;

    const refusal = refusalOf(fault);
    seen.status = refusal?.status;
    if (refusal) {
      res.writeHead(refusal.status, refusal.headers).end(refusal.text);
      return;
    }
    const reply = carryOut(seen);
    seen.status = reply.status;
    await reach('accepted', seen);
    if (!(await survives(fault, 'accepted', req))) return;
    if (fault?.kind === 'truncated') {
      breakOff(res, reply);
      return;
    }
    res.once('finish', () => {
      seen.isAnswered = true;
      void reach('answered', seen);
    });
    send(res, reply);
  };

  const line = await openServer(port, serve);
  return {
    url: `http://127.0.0.1:${line.port}`,
    requests,
    store,
    complaints,
    unknownFields,
    misbehave: (planned) => faults.add(planned),
    behave: () => faults.clear(),
    when: (moment, on, call) => void bystanders.push({ moment, on, call }),
    down: () => line.shut(),
    up: () => line.open(),
    close: () => line.shut(),
  };
}

/** False when the fault is that nobody is answered from here on. */
async function survives(fault: Fault | undefined, moment: Moment, req: IncomingMessage): Promise<boolean> {
  if (!fault || !('at' in fault) || fault.at !== moment) return true;
  if (fault.kind === 'slow') await wait(fault.ms);
  if (fault.kind === 'drop') req.socket.resetAndDestroy();
  return fault.kind === 'slow';
}

function refusalOf(fault: Fault | undefined) {
  switch (fault?.kind) {
    case 'busy':
    case 'unavailable': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return { status: fault.kind === 'busy' ? 429 : 503, headers, text: '' };
    }
    case 'html': {
      const headers = { 'content-type': 'text/html' };
      return { status: 500, headers, text: "<html><body><h1>Server Error in '/' Application.</h1></body></html>" };
    }
    default:
      return undefined;
  }
}

function send(res: ServerResponse, { status, body }: Reply): void {
  if (body === undefined) res.writeHead(status).end();
  else res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** More is announced than comes. */
function breakOff(res: ServerResponse, { status }: Reply): void {
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': '64' });
  res.write('{"status":0,"da', () => res.socket?.destroySoon());
}
