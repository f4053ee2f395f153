import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NOW } from '../baselinker/actions/a-connector.ts';
import { openApp, type Answer, type TestApp } from '../support/app.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { addEntry, addProduct, addVariant } from '../support/shop-rows.ts';
import { changeRows, columns, counterIn, linesOf, orderIdIn, type Fields } from './a-shop.ts';
import {
  CANCELLED,
  money,
  NEW,
  SENT,
  ShopModel,
  totalCents,
  type Order,
  type Placed,
  type Restock,
  type Step,
} from './shop-model.ts';

const VARIANTS = ['501/0', '501/9001', '502/0', '503/0'];
const UNKNOWN = '999/0';
const PIECES = 50;
const CENTS = 2490;
const NUMBERS = 4;
const RUNS = 80;

const variant = fc.constantFrom(...VARIANTS);
const cents = fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(0, 1, 99_999_999));
const number = fc.nat(NUMBERS - 1);
const status = fc.constantFrom(NEW, SENT, CANCELLED);

const order: fc.Arbitrary<Order> = fc.record({
  kind: fc.constant('order' as const),
  number,
  lines: fc.array(
    fc.record({
      variant: fc.oneof({ weight: 6, arbitrary: variant }, fc.constant(UNKNOWN)),
      pieces: fc.integer({ min: 1, max: 5 }),
      cents,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  deliveryCents: cents,
  status: fc.oneof({ weight: 2, arbitrary: fc.constant('') }, status),
  paid: fc.constantFrom('', '0', '1'),
  takesStock: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  namesPrevious: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: order },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), number }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('status' as const), number, status }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('paid' as const), number, paid: fc.constantFrom('0', '1') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('stock' as const),
      variant,
      operation: fc.constantFrom('set', 'change'),
      pieces: fc.integer({ min: -9, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('price' as const), variant, cents }) },
);

/** What goes out at the same moment, some of it from several clients. */
const group = fc.array(fc.record({ step, clients: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 4 });

interface Real {
  readonly app: TestApp;
  /** The shop's id of each of BaseLinker's numbers. */
  readonly ids: Map<number, string>;
}

type Call = readonly [action: string, fields: Fields, check: (answer: Answer) => void];

class Group implements fc.AsyncCommand<ShopModel, Real> {
  readonly #wanted: readonly { readonly step: Step; readonly clients: number }[];

  constructor(wanted: readonly { readonly step: Step; readonly clients: number }[]) {
    this.#wanted = wanted;
  }

  check(): boolean {
    return true;
  }

  async run(model: ShopModel, real: Real): Promise<void> {
    const together = independent(this.#wanted);
    const calls = together.flatMap(({ step, clients }) => {
      const call = callOf(step, model, real);
      return call ? Array.from({ length: clients }, () => call) : [];
    });
    for (const { step, clients } of together) for (let n = 0; n < clients; n += 1) model.apply(step);
    await Promise.all(calls.map(async ([action, fields, check]) => check(await real.app.call(action, fields))));
  }

  toString(): string {
    return JSON.stringify(this.#wanted);
  }
}

/**
 * Steps of which any order of arrival gives the same shop: one step an order, and nothing beside a `set` of a variant.
 * A cancelled order may or may not hold its units, so it counts as a change of all variants.
 */
function independent<One extends { readonly step: Step }>(wanted: readonly One[]): One[] {
  const exclusive = new Set<string>();
  const shared = new Set<string>();
  return wanted.filter(({ step }) => {
    const [own, among] = touchedBy(step);
    if (own.some((key) => exclusive.has(key) || shared.has(key)) || among.some((key) => exclusive.has(key)))
      return false;
    for (const key of own) exclusive.add(key);
    for (const key of among) shared.add(key);
    return true;
  });
}

function touchedBy(step: Step): [own: string[], among: string[]] {
  const stock = VARIANTS.map((one) => `stock ${one}`);
  switch (step.kind) {
    case 'order':
    case 'again':
    case 'status':
    case 'paid':
      return [[`order ${step.number}`], stock];
    case 'stock':
      return step.operation === 'set' ? [[`stock ${step.variant}`], []] : [[], [`stock ${step.variant}`]];
    case 'price':
      return [[`price ${step.variant}`], []];
  }
}

/** Undefined where there is nothing to repeat. */
function callOf(step: Step, model: ShopModel, { ids }: Real): Call | undefined {
  switch (step.kind) {
    case 'order':
      return placing(step, ids);
    case 'again': {
      const placed = model.orders.get(step.number);
      return placed && placing(placed.call, ids);
    }
    case 'status':
    case 'paid': {
      const value = step.kind === 'status' ? step.status : step.paid;
      const fields = { orders_ids: ids.get(step.number) ?? '4000000', update_type: step.kind, update_value: value };
      const counted = ids.has(step.number) ? 1 : 0;
      return ['OrderUpdate', fields, (answer) => assert.equal(counterIn(answer), counted)];
    }
    case 'stock':
      return updating('ProductsQuantityUpdate', step.variant, { operation: step.operation, quantity: step.pieces });
    case 'price':
      return updating('ProductsPriceUpdate', step.variant, { price: money(step.cents) });
  }
}

function placing(call: Order, ids: Map<number, string>): Call {
  const fields: Fields = {
    baselinker_id: String(70_001 + call.number),
    previous_order_id: call.namesPrevious ? (ids.get(call.number) ?? '') : '',
    delivery_price: money(call.deliveryCents),
    status_id: call.status,
    paid: call.paid,
    change_products_quantity: call.takesStock ? '1' : '0',
    products: JSON.stringify(
      call.lines.map(({ variant: one, pieces, cents: price }) => {
        const [id, variant] = one.split('/');
        return { id, variant_id: variant, name: 'Kubek', price: money(price), quantity: pieces };
      }),
    ),
  };
  return [
    'OrderAdd',
    fields,
    (answer) => {
      const id = orderIdIn(answer);
      assert.equal(ids.get(call.number) ?? id, id, 'one order of BaseLinker is one order of the shop');
      ids.set(call.number, id);
    },
  ];
}

function updating(action: string, one: string, item: object): Call {
  const [productId, variantId] = one.split('/');
  const products = JSON.stringify([{ product_id: productId, variant_id: variantId, ...item }]);
  return [action, { products }, (answer) => assert.equal(counterIn(answer), 1)];
}

async function isLike(model: ShopModel, { ids }: Real): Promise<void> {
  const { db } = testDatabase();
  const heads: Record<string, unknown>[] = await db('shop_orders').orderBy('source_reference').select();
  assert.deepEqual(
    heads.map((head) => columns(head, 'source_reference', 'status_id', 'total', 'paid_amount')),
    [...model.orders]
      .sort(([a], [b]) => a - b)
      .map(([n, placed]) => [
        String(70_001 + n),
        Number(placed.status),
        money(totalCents(placed.call)),
        money(placed.paidCents),
      ]),
  );
  for (const [n, placed] of model.orders) assert.deepEqual(await storedLines(ids.get(n) ?? ''), linesAsSent(placed));
  assert.deepEqual(await stored('quantity'), Object.fromEntries(model.stock));
  assert.deepEqual(
    await stored('price'),
    Object.fromEntries([...model.prices].map(([one, price]) => [one, money(price)])),
  );
  await isUnbroken('stock', String(PIECES), model.stock, String);
  await isUnbroken('price', money(CENTS), model.prices, money);
}

async function storedLines(orderId: string): Promise<unknown[][]> {
  return (await linesOf(orderId)).map((line) => columns(line, 'product_id', 'variant_id', 'price', 'quantity'));
}

function linesAsSent({ call }: Placed): unknown[][] {
  return call.lines.map(({ variant: one, pieces, cents: price }) => {
    const [id, variant] = one.split('/');
    return [one === UNKNOWN ? null : Number(id), Number(variant), money(price), pieces];
  });
}

async function stored(column: 'quantity' | 'price'): Promise<Record<string, unknown>> {
  const { db } = testDatabase();
  const products: Record<string, unknown>[] = await db('shop_products').select('id', column);
  const variants: Record<string, unknown>[] = await db('shop_variants').select('id', 'product_id', column);
  return Object.fromEntries([
    ...products.map((row) => [`${String(row['id'])}/0`, row[column]]),
    ...variants.map((row) => [`${String(row['product_id'])}/${String(row['id'])}`, row[column]]),
  ]) as Record<string, unknown>;
}

/** Every movement is written down: from the beginning each row begins where the one before it ended, up to the end. */
async function isUnbroken(
  kind: string,
  start: string,
  end: ReadonlyMap<string, number>,
  write: (value: number) => string,
): Promise<void> {
  const at = new Map(VARIANTS.map((one) => [one, start]));
  for (const row of await changeRows()) {
    if (row.kind !== kind) continue;
    const one = `${row.product_id}/${row.variant_id}`;
    assert.equal(row.before_value, at.get(one), `${kind} of ${one}`);
    at.set(one, row.after_value ?? '');
  }
  assert.deepEqual(Object.fromEntries(at), Object.fromEntries([...end].map(([one, value]) => [one, write(value)])));
}

describe('any sequence of calls, in parallel or not,', () => {
  const apps = new Map<Restock, TestApp>();

  before(async () => {
    for (const restock of ['never', 'ours', 'all'] as const)
      apps.set(restock, await openApp({ now: NOW, settings: { RESTOCK_CANCELLED: restock } }));
  });
  after(() => Promise.all([...apps.values()].map((app) => app.close())));

  async function startAnew(): Promise<void> {
    await emptyTables();
    await addEntry('shop_statuses', 'Nowe', { id: NEW, meaning: 'new' });
    await addEntry('shop_statuses', 'Wysłane', { id: SENT, meaning: 'shipped' });
    await addEntry('shop_statuses', 'Anulowane', { id: CANCELLED, meaning: 'cancelled' });
    for (const id of [501, 502, 503]) await addProduct({ id, quantity: PIECES, price: money(CENTS) });
    await addVariant('501', { id: 9001, quantity: PIECES, price: money(CENTS) });
  }

  async function play(restock: Restock, commands: Iterable<fc.AsyncCommand<ShopModel, Real>>): Promise<void> {
    await startAnew();
    const model = new ShopModel(VARIANTS, PIECES, CENTS, restock);
    const real: Real = { app: apps.get(restock)!, ids: new Map() };
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await isLike(model, real);
  }

  it('leaves the shop as a simple model of it', async function () {
    this.timeout(120_000);
    const restocks = fc.constantFrom<Restock>('never', 'ours', 'all');
    const commands = fc.commands([group.map((wanted) => new Group(wanted))], { maxCommands: 14, size: '+1' });
    await fc.assert(fc.asyncProperty(restocks, commands, play), { numRuns: RUNS });
  });

  it('takes no stock for an order that came without any variant of the shop, whatever becomes of it later', async () => {
    const one: Order = {
      ...{ kind: 'order', number: 2, lines: [{ variant: UNKNOWN, pieces: 1, cents: 0 }], deliveryCents: 0 },
      ...{ status: NEW, paid: '', takesStock: true, namesPrevious: false },
    };
    const later: Order = {
      ...one,
      lines: [{ variant: '501/0', pieces: 1, cents: 0 }],
      status: CANCELLED,
      takesStock: false,
    };
    const steps: Step[] = [one, later, { kind: 'status', number: 2, status: NEW }];
    await play(
      'ours',
      steps.map((step) => new Group([{ step, clients: 1 }])),
    );
  });
});
