import assert from 'node:assert/strict';
import { variantKey } from '../../../../connector/domain/variant-ref.ts';
import type { Order } from '../../../../connector/domain/order.ts';
import type { Supply } from '../../../../connector/domain/supply.ts';
import { writeAmount } from '../../../../simulators/idosell/amount.ts';
import { emptyTables, testDatabase } from '../../../support/database.ts';
import { aRelay, makeDue, rowsOf, stopRelays, until } from '../../../relay/a-relay.ts';
import { anOrder } from '../../../relay/an-order.ts';
import { aSupplied, aWholesaler, type TestWholesaler } from './a-wholesaler.ts';

const TARGET = 'idosell-hurt';

/** A tenth of so many orders can be delivered by nobody. MANY_ORDERS=200 takes a minute or two. */
const COUNT = Number(process.env['MANY_ORDERS'] ?? 30);

const [LINE] = anOrder().lines;
if (!LINE) throw new Error('an order of one mug is wanted');
const mug = (quantity: number) => ({ ...LINE, quantity });
const book = { ...LINE, productId: '502', sku: 'KSI', name: 'Książka' };
const anvil = { ...LINE, productId: '503', sku: 'KOW', name: 'Kowadło' };
const CODES: Readonly<Record<string, string>> = { '501': '501-uniw', '502': '502-uniw', '503': '503-uniw' };
const SUPPLIES: ReadonlyMap<string, Supply> = new Map(
  Object.entries(CODES).map(([productId, code]) => [
    variantKey({ productId, variantId: '0' }),
    { wholesaler: 'hurt', code, codeType: 'internal' },
  ]),
);

const unknownPoint = { ...anOrder().pickupPoint, id: 'XXX99' };
const method = (id: string) => ({ id, name: `Metoda ${id}`, price: '11.99' });
const england = { ...anOrder().delivery, address: '7 Long Lane', postcode: 'SW1A 1AA', country: '', countryCode: 'GB' };

/** What no courier takes: known once it is to be ordered, by the basket alone, or before the basket is filled. */
const NOBODYS: Readonly<Record<string, Partial<Order>>> = {
  'a locker that the courier does not know': { pickupPoint: unknownPoint },
  'a parcel that is too heavy': { lines: [anvil] },
  'a method of delivery for which the wholesaler has no courier': { deliveryMethod: method('9') },
  'a locker where only couriers to the door are listed': { pickupPoint: unknownPoint, deliveryMethod: method('8') },
  'a country to which nobody goes': { delivery: england, phone: '+447911123456' },
};
const kinds = Object.keys(NOBODYS);

const MINUTE = 60;
/** Longer than whatever lies in the basket may keep others waiting. */
const MAX_MINUTES = 20;

describe(`${COUNT} orders, a tenth of which nobody can deliver`, function () {
  this.timeout(COUNT * 3000);
  let hurt: TestWholesaler;
  beforeEach(emptyTables);
  afterEach(async () => {
    await stopRelays();
    await hurt.close();
  });

  const idOf = (n: number) => String(1000 + n);
  const isNobodys = (n: number) => n % 10 === 3;
  const linesOf = (n: number) => (n % 7 === 6 ? [book] : n % 3 === 0 ? [mug(1 + (n % 2)), book] : [mug(1 + (n % 4))]);
  const orderOf = (n: number, which: readonly string[]) => {
    const kind = which[Math.floor(n / 10) % which.length] ?? '';
    const changes = isNobodys(n) ? { lines: [mug(1)], ...NOBODYS[kind] } : { lines: linesOf(n) };
    return aSupplied({ id: idOf(n), ...changes }, SUPPLIES);
  };

  /** How many minutes went by until nothing was due any more. */
  async function relayAll(which: readonly string[]): Promise<number> {
    const numbers = Array.from({ length: COUNT }, (_, n) => n);
    const orders = new Map(numbers.map((n) => [idOf(n), orderOf(n, which)]));
    await makeDue([...orders.keys()], hurt.clock.now(), [TARGET]);
    aRelay([hurt.target], {
      now: hurt.clock.now,
      readOrders: (wanted) => Promise.resolve(wanted.flatMap((id) => orders.get(id) ?? [])),
      timing: { timeoutMs: 30_000 },
    });
    for (let minutes = 0; ; minutes += 1) {
      await until(isIdle, 'nothing is due now', COUNT * 2000);
      const left = (await rowsOf(TARGET)).filter(({ state }) => state === 'due').length;
      if (left === 0 || minutes === MAX_MINUTES) return minutes;
      hurt.clock.pass(MINUTE);
    }
  }

  async function isIdle(): Promise<boolean> {
    const rows = await rowsOf(TARGET);
    const isResting = await testDatabase()
      .db('bl_targets')
      .where({ target: TARGET })
      .andWhere('open_until', '>', hurt.clock.now())
      .first();
    if (rows.some(({ state }) => state === 'leased')) return false;
    return isResting !== undefined || rows.every(({ state, dueAt }) => state !== 'due' || dueAt > hurt.clock.now());
  }

  /** By the wholesaler's books: every order that can be delivered once, with its own lines, and no other. */
  function verifyOrders(): void {
    for (let n = 0; n < COUNT; n += 1) {
      const placed = hurt.simulator
        .ordersFor(`${idOf(n)}/A`)
        .map(({ lines }) => lines.map(({ code, quantity }) => `${writeAmount(quantity)} ${code}`).toSorted());
      const own = linesOf(n).map(({ productId, quantity }) => `${quantity} ${CODES[productId ?? ''] ?? ''}`);
      assert.deepEqual(placed, isNobodys(n) ? [] : [own.toSorted()], `order ${idOf(n)}`);
    }
    assert.deepEqual(hurt.simulator.complaints, []);
  }

  const accounts: readonly [string, object, readonly string[], number][] = [
    // What only the basket can tell and nobody else wants waits for a person, so it is not among these.
    ['whose basket nobody can empty', {}, kinds.filter((kind) => !kind.includes('too heavy')), 6],
    [
      'that empties a basket',
      { operations: { clearBasket: { gate: 'Dropshipping', method: 'basketClear' } } },
      kinds,
      0,
    ],
    ['that replaces what lies in a basket', { basketReplaceSupported: true }, kinds, 0],
    ['whose basket ends with its session', { basketScope: 'session' }, kinds, 0],
  ];
  for (const [what, changes, which, minutes] of accounts) {
    it(`are ordered but for that tenth, in the usual time, at a wholesaler ${what}`, async () => {
      hurt = await aWholesaler(
        { couriers: { '*': ['100149', '100150'], '8': ['100149'], '9': ['7'] }, ...changes },
        {
          products: [
            { codes: { internal: '501-uniw' }, name: 'Kubek', stock: '5000', price: '10', weight: '0.3' },
            { codes: { internal: '502-uniw' }, name: 'Książka', stock: '5000', price: '20', weight: '0.5' },
            { codes: { internal: '503-uniw' }, name: 'Kowadło', stock: '5000', price: '90', weight: '80' },
          ],
        },
      );
      const taken = await relayAll(which);
      verifyOrders();
      assert.ok(taken <= minutes, `${taken} minutes`);
      const states = (await rowsOf(TARGET)).map(({ state }) => state);
      const tenth = Array.from({ length: COUNT }, (_, n) => n).filter(isNobodys).length;
      assert.equal(
        states.filter((state) => state === 'parked').length,
        tenth,
        'each of that tenth is told to a person',
      );
      assert.equal(states.filter((state) => state === 'done').length, COUNT - tenth);
      // Availability, the look at the basket, the import, the couriers and the order, and some logins and lists.
      const requests = hurt.simulator.requests.length;
      assert.ok(requests <= 6 * COUNT + 20, `${requests} requests`);
    });
  }
});
