import type { Parameters } from '../../connector/baselinker/check/client.ts';
import type { Random } from '../seed/random.ts';
import { openCaller, type Reply, type Tally } from './requests.ts';
import type { Barrier } from './barrier.ts';
import type { Harness } from './harness.ts';
import {
  acknowledgeAdd,
  acknowledgePayment,
  STATUSES,
  type ChangeAttempt,
  type Content,
  type ExpectedOrder,
  type ExpectedState,
  type Line,
  type OwnVariant,
} from './expected-state.ts';
import { Violation } from './violation.ts';

export interface ClientDeps {
  readonly number: number;
  readonly ground: Harness;
  readonly expectedState: ExpectedState;
  readonly own: readonly OwnVariant[];
  readonly tally: Tally;
  readonly barrier: Barrier;
  readonly random: Random;
}

/** A caller of the protocol that repeats every call until it is answered, and writes down what it was told. */
export async function runClient(deps: ClientDeps): Promise<void> {
  const client = openClient(deps, () => deps.barrier.hasEnded);
  while (await deps.barrier.pass()) await client.makeOneCall();
}

const FIRST_BASELINKER_ID = 70_000_000;
const IDS_PER_CLIENT = 1_000_000;
const MAX_LINES = 4;

function openClient({ number, ground: harness, expectedState, own, tally, random }: ClientDeps, isOver: () => boolean) {
  const caller = openCaller(harness, tally, isOver);
  const orders: ExpectedOrder[] = [];
  let contents = 0;

  /** Those that no lost call can be changing any more. */
  const settled = <T extends { readonly restsUntil: number }>(list: readonly T[]): T[] =>
    list.filter(({ restsUntil }) => restsUntil <= harness.run);

  const aLine = (isLinked: boolean): Line => {
    const variant = isLinked ? random.pick(expectedState.shared) : { productId: '', variantId: '0' };
    const { productId, variantId } = variant;
    const name = isLinked ? `Article ${productId}/${variantId}` : `Free text ${random.int(1, 9)}`;
    return { productId, variantId, name, price: random.int(1, 99_999), quantity: random.int(1, 9) };
  };
  const aContent = (statuses: readonly (string | undefined)[]): Content => ({
    number: (contents += 1),
    // The first line is always a variant, so that an order which takes stock has something to take.
    lines: Array.from({ length: random.int(1, MAX_LINES) }, (_, n) => aLine(n === 0 || random.chance(0.8))),
    deliveryPrice: random.pick([0, 999, 1499, 1199]),
    statusId: random.pick(statuses),
    paid: random.pick([true, false, undefined]),
  });

  const add = async (order: ExpectedOrder, content: Content, namesPrevious: boolean): Promise<void> => {
    const reply = await caller.untilAnswered('OrderAdd', addParameters(order, content, namesPrevious), [order], hasId);
    const id = String(reply['order_id']);
    if (order.id !== undefined && order.id !== id) {
      throw new Violation(`order ${order.baselinkerId} was answered as ${order.id}, and now as ${id}`);
    }
    acknowledgeAdd(order, content);
    order.id = id;
  };

  const addNew = async (): Promise<void> => {
    const content = aContent([undefined, STATUSES.first, ...STATUSES.usual, STATUSES.cancelled]);
    const order: ExpectedOrder = {
      baselinkerId: String(FIRST_BASELINKER_ID + number * IDS_PER_CLIENT + orders.length),
      takesStock: random.chance(0.85),
      id: undefined,
      content,
      statusId: STATUSES.first,
      askedStatus: undefined,
      askedPaid: undefined,
      paid: 0,
      parcels: new Set(),
      restsUntil: 0,
    };
    orders.push(order);
    expectedState.orders.push(order);
    // Now and then the same call comes twice at once, as from an impatient sender.
    const copies = random.chance(0.2) ? 2 : 1;
    await Promise.all(Array.from({ length: copies }, () => add(order, content, false)));
  };
  const addAgain = (order: ExpectedOrder): Promise<void> => add(order, order.content, random.chance(0.5));
  const change = (order: ExpectedOrder): Promise<void> =>
    add(
      order,
      aContent([undefined, order.content.statusId, ...STATUSES.usual, STATUSES.cancelled]),
      random.chance(0.7),
    );

  const update = async (about: readonly ExpectedOrder[], type: string, value: string): Promise<void> => {
    const ids = about.map(({ id }) => id ?? '');
    const parameters = { orders_ids: ids.join(','), update_type: type, update_value: value };
    const all = (reply: Reply): boolean => reply['counter'] === ids.length;
    await caller.untilAnswered('OrderUpdate', parameters, about, all);
  };
  const changeStatus = async (order: ExpectedOrder): Promise<void> => {
    const others = settled(orders).filter((one) => one !== order && one.id !== undefined);
    const about = others.length > 0 && random.chance(0.3) ? [order, random.pick(others)] : [order];
    const statusId = random.chance(0.35) ? STATUSES.cancelled : random.pick(STATUSES.usual);
    await update(about, 'status', statusId);
    for (const one of about) one.statusId = statusId;
  };
  const changePayment = async (order: ExpectedOrder): Promise<void> => {
    const isPaid = random.chance(0.6);
    await update([order], 'paid', isPaid ? '1' : '0');
    acknowledgePayment(order, isPaid);
  };
  const send = async (order: ExpectedOrder): Promise<void> => {
    const parcel = `P${order.baselinkerId}-${random.int(1, 3)}`;
    await update([order], 'delivery_number', parcel);
    order.parcels.add(parcel);
  };

  const setStock = async (): Promise<void> => {
    const variants = settled(own);
    if (variants.length === 0) return;
    const variant = random.pick(variants);
    const quantity = random.int(0, 100_000);
    const products = quantityItems([variant], 'set', quantity);
    await caller.untilAnswered('ProductsQuantityUpdate', { products }, [variant], (reply) => reply['counter'] === 1);
    variant.quantity = quantity;
  };
  const changeStock = async (): Promise<void> => {
    const first = random.pick(expectedState.shared);
    const second = random.pick(expectedState.shared);
    const variants = first === second ? [first] : [first, second];
    const index = expectedState.changes.length + 1;
    const attempt: ChangeAttempt = { pieces: index % 2 === 0 ? index : -index, variants, outcome: 'lost' };
    expectedState.changes.push(attempt);
    const products = quantityItems(variants, 'change', attempt.pieces);
    const reply = await caller.once('ProductsQuantityUpdate', { products });
    if (typeof reply === 'string') attempt.outcome = reply;
    else if (reply['counter'] === variants.length) attempt.outcome = 'acknowledged';
    else throw new Violation(`a change of ${variants.length} articles was answered ${JSON.stringify(reply)}`);
  };

  /** What can be done to an order that is there, and how often it is. */
  const toAnOrder: readonly ((order: ExpectedOrder) => Promise<void>)[] = [
    ...[addAgain, addAgain],
    ...[change, change, change, change],
    ...[changeStatus, changeStatus, changeStatus, changeStatus],
    changePayment,
    ...[send, send],
  ];
  return {
    async makeOneCall(): Promise<void> {
      const known = settled(orders);
      const kind = random.next();
      if (kind < 0.1) await setStock();
      else if (kind < 0.25) await changeStock();
      else if (kind < 0.45 || known.length === 0) await addNew();
      // Mostly a recent order: two calls about one order soon after one another are the harder case.
      else await random.pick(toAnOrder)(random.pick(random.chance(0.6) ? known.slice(-5) : known));
    },
  };
}

const hasId = (reply: Reply): boolean => typeof reply['order_id'] === 'number' && reply['order_id'] > 0;

function addParameters({ baselinkerId, takesStock, id }: ExpectedOrder, content: Content, namesPrevious: boolean) {
  const { statusId, paid, lines } = content;
  const parameters: Record<string, string | number> = {
    baselinker_id: baselinkerId,
    previous_order_id: namesPrevious ? (id ?? '') : '',
    delivery_fullname: 'Kim Doe',
    delivery_country_code: 'PL',
    email: 'kim@example.test',
    currency: 'PLN',
    delivery_price: amount(content.deliveryPrice),
    user_comments: `Content ${content.number}`,
    change_products_quantity: takesStock ? 1 : 0,
    products: JSON.stringify(
      lines.map(({ productId, variantId, name, price, quantity }) => ({
        ...{ id: productId, variant_id: variantId, name, price: amount(price), quantity: String(quantity) },
      })),
    ),
  };
  if (statusId !== undefined) parameters['status_id'] = statusId;
  if (paid !== undefined) parameters['paid'] = paid ? 1 : 0;
  return parameters satisfies Parameters;
}

function quantityItems(
  variants: readonly { readonly productId: string; readonly variantId: string }[],
  operation: 'set' | 'change',
  quantity: number,
): string {
  return JSON.stringify(
    variants.map(({ productId, variantId }) => ({ product_id: productId, variant_id: variantId, operation, quantity })),
  );
}

function amount(hundredths: number): string {
  return (hundredths / 100).toFixed(2);
}
