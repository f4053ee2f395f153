import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { retryNow } from '../../connector/storage/outbox-admin.ts';
import { connect } from '../../connector/db/connect.ts';
import { newestPart } from '../../connector/storage/supply-parts.ts';
import type { SupplyPart } from '../../connector/domain/supply-part.ts';
import { isOrdered } from '../../connector/domain/supply.ts';
import { decidePart } from '../../connector/operator/decide-part.ts';
import { writeAmount } from '../../simulators/idosell/amount.ts';
import { waitsEnd, withConnection } from './fast-forward.ts';
import { callsHaveLanded, timePasses, WHOLESALER, type SuppliedOrder, type SupplyHarness } from './supply-harness.ts';
import { Violation } from './violation.ts';

const TARGET = `idosell-${WHOLESALER}`;
const SETTLED_WITHIN_MS = 60_000; // usually some seconds after the repair

/** A remote system that was asked nothing for so long is worked with by nobody: what is leased is leased in vain. */
const ORPHANED_MS = 3000;

/** What people had to do, by how they were asked. */
export interface PeopleDid {
  placed: number;
  resent: number;
  emptied: number;
}

/** Whoever goes on with the basket of a process that has died has a session of its own. */
const IS_NO_WONDER = /the basket of \S+ is in use by another session$/;

/**
 * Waits until every order is placed or a person is asked; has the person do as the sentence says; and in the end finds
 * every order at the wholesaler once, with its own lines.
 */
export async function verifySupply(harness: SupplyHarness): Promise<PeopleDid> {
  const did: PeopleDid = { placed: 0, resent: 0, emptied: 0 };
  const db = connect(harness.databaseUrl);
  try {
    for (;;) {
      const asking = await settled(harness, db);
      const doubles = harness.orders.flatMap((order) => (at(harness, order).length > 1 ? [order.id] : []));
      if (doubles.length > 0) throw new Violation(`placed twice: ${doubles.join()}\n${await harness.lastLog(20)}`);
      if (asking.length === 0) break;
      await decide(harness, db, asking, did);
    }
  } finally {
    await db.destroy();
  }
  const wrong = harness.orders.flatMap((order) => {
    const found = at(harness, order).map(({ lines }) => lines.map(({ quantity }) => writeAmount(quantity)).join('+'));
    return found.join() === String(order.quantity)
      ? []
      : [`order ${order.id} of ${order.quantity} is there ${found.length} times: ${found.join()}`];
  });
  const { all } = harness.simulator.shop.orders;
  if (all.length !== harness.orders.length) wrong.push(`${all.length} orders there, ${harness.orders.length} here`);
  wrong.push(...harness.simulator.complaints.filter((complaint) => !IS_NO_WONDER.test(complaint)));
  if (wrong.length > 0) throw new Violation(`${wrong.join('\n')}\n${await harness.lastLog(20)}`);
  return did;
}

const at = ({ simulator }: SupplyHarness, { id }: SuppliedOrder) =>
  simulator.shop.orders.all.filter(({ reference }) => reference === `${id}/A` || reference.startsWith(`${id}/A-`));

/** The parts with which nothing goes on without a person; none when every order is placed. */
async function settled(harness: SupplyHarness, db: Knex): Promise<readonly SupplyPart[]> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  let idle = { requests: -1, since: performance.now() };
  for (;;) {
    const { length: requests } = harness.simulator.requests;
    if (requests !== idle.requests) idle = { requests, since: performance.now() };
    const isIdle = performance.now() - idle.since >= ORPHANED_MS;
    const state = await look(harness, db).catch((error: unknown) => String(error));
    if (typeof state !== 'string' && state.open.length === 0) return state.asking;
    if (performance.now() > deadline) {
      throw new Violation(`not settled: ${JSON.stringify(state)}\n${await harness.lastLog(30)}`);
    }
    if (typeof state !== 'string') await hurry(harness.databaseUrl, db, isIdle).catch(() => undefined);
    if (isIdle) idle = { requests, since: performance.now() };
    await sleep(100);
  }
}

async function hurry(databaseUrl: string, db: Knex, isIdle: boolean): Promise<void> {
  await withConnection(databaseUrl, waitsEnd);
  const waiting = db('bl_outbox').where({ state: 'due' }).andWhere('reason', 'like', '%may still be under way');
  if ((await waiting.first('id')) !== undefined) await callsHaveLanded(db);
  if (isIdle) await timePasses(databaseUrl);
}

interface Look {
  readonly open: readonly string[];
  readonly asking: readonly SupplyPart[];
}

async function look({ orders }: SupplyHarness, db: Knex): Promise<Look> {
  const open: string[] = [];
  const asking: SupplyPart[] = [];
  for (const { id } of orders) {
    const row: { state: string; reason: string } | undefined = await db('bl_outbox')
      .where({ target: TARGET, order_id: id })
      .first('state', 'reason');
    const part = await newestPart(db, WHOLESALER, id);
    const isWaiting = row?.state === 'parked' || (row?.state === 'due' && part?.state === 'basket_blocked');
    if (part && isWaiting && part.alert) asking.push(part);
    else if (!part || row?.state !== 'done' || !isOrdered(part.state)) {
      open.push(`${id}: ${row?.state ?? 'no row'} ${part?.state ?? 'no part'} ${row?.reason ?? ''}`);
    }
  }
  return { open, asking };
}

/** Undecided orders first: what lies in the basket may be theirs. */
async function decide(harness: SupplyHarness, db: Knex, asking: readonly SupplyPart[], did: PeopleDid): Promise<void> {
  const now = (): Date => new Date();
  const unknown = asking.filter(({ state }) => state === 'unknown');
  for (const { orderId, reference, note } of unknown) {
    if (!/connector idosell placed .* connector idosell resend /.test(note)) throw new Violation(`not asked: ${note}`);
    const [there] = harness.simulator.ordersFor(reference);
    const decision = there
      ? ({ kind: 'placed', orderId, number: there.orderId } as const)
      : ({ kind: 'resend', orderId } as const);
    const { isDone, sentence } = await decidePart({ db, now }, WHOLESALER, TARGET, decision);
    if (!isDone) throw new Violation(`cannot be decided: ${sentence}`);
    did[there ? 'placed' : 'resent'] += 1;
  }
  if (unknown.length > 0) return;
  const odd = asking.filter(({ note }) => !note.includes('empty it in the storefront'));
  if (odd.length > 0) throw new Violation(`a person is asked for no reason: ${odd.map(({ note }) => note).join('; ')}`);
  for (const basket of harness.simulator.shop.baskets.all.values()) basket.lines = [];
  did.emptied += 1;
  await retryNow(db, { target: TARGET }, now());
  for (const { id } of asking) await db('bl_supply_parts').where({ id }).update({ alert: 0 });
}
