import { setTimeout as sleep } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import type { RelayHarness } from './relay-harness.ts';
import type { KnownOrder } from './relay-orders.ts';
import { waitsEnd, withConnection } from './fast-forward.ts';
import { Violation } from './violation.ts';

const SETTLED_WITHIN_MS = 30_000; // usually about a second after the repair

/** A lease that nobody works on any more, although its process lives: the answer to its claim was lost. */
const ORPHANED_MS = 3000;

interface Row {
  readonly id: number;
  readonly order_id: string;
  readonly state: string;
  readonly reason: string;
  readonly leased_until: Date | null;
}

/**
 * Waits until the remote system has every order as the shop has it and nothing is left to do; then looks how it came
 * there.
 */
export async function verifyRelay(harness: RelayHarness, orders: readonly KnownOrder[]): Promise<void> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  const leased = new Map<string, number>();
  for (;;) {
    const rows = await openRows(harness.databaseUrl, leased).catch((error: unknown) => String(error));
    const missing = orders.flatMap((order) => differenceOf(harness, order));
    if (rows.length === 0 && missing.length === 0) break;
    if (performance.now() > deadline) {
      throw new Violation(
        `not settled: ${missing.join('; ')}\noutbox: ${JSON.stringify(rows)}\n${await harness.lastLog(15)}`,
      );
    }
    await sleep(50);
  }
  const complaints = [
    ...harness.simulator.complaints,
    ...orders.flatMap((order) => backwards(harness, order)),
    ...needlessDoubles(harness),
    ...[...harness.simulator.unknownFields].map((place) => `the party does not know the field ${place}`),
    ...refusals(harness),
  ];
  if (complaints.length > 0) throw new Violation(`${complaints.join('\n')}\n${await harness.lastLog(15)}`);
}

/** Waits for something to come true at the remote system. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Violation(`waited in vain: ${what}`);
    await sleep(20);
  }
}

/** What is not done yet. Long waits are cut short on the way, and leases that nobody holds run out. */
function openRows(databaseUrl: string, leased: Map<string, number>): Promise<readonly Row[]> {
  return withConnection(databaseUrl, async (connection) => {
    const [rows] = await connection.query<(Row & RowDataPacket)[]>(
      `SELECT id, order_id, state, reason, leased_until FROM bl_outbox WHERE state <> 'done'`,
    );
    const now = performance.now();
    for (const { id, state, leased_until } of rows) {
      if (state !== 'leased') continue;
      const key = `${id} ${leased_until?.toISOString() ?? ''}`;
      const since = leased.get(key) ?? now;
      leased.set(key, since);
      if (now - since < ORPHANED_MS) continue;
      await connection.query(`UPDATE bl_outbox SET leased_until = UTC_TIMESTAMP(3) WHERE id = ?`, [id]);
    }
    await waitsEnd(connection);
    return rows;
  });
}

function differenceOf({ simulator }: RelayHarness, order: KnownOrder): string[] {
  const must = order.states.at(-1);
  const is = partyStates({ simulator }, order.id).at(-1);
  return is === must ? [] : [`order ${order.id}: the party has ${is ?? 'nothing'}, the shop ${must ?? 'nothing'}`];
}

function partyStates({ simulator }: Pick<RelayHarness, 'simulator'>, orderId: string): string[] {
  return simulator.store
    .history(orderId)
    .filter(({ isDouble }) => !isDouble)
    .map(({ order, status }) => `${order.totalValue.toFixed(2)} ${status ?? 'no status'}`);
}

/** States may be left out on the way, but their order is the shop's, and none was made up. */
function backwards(harness: RelayHarness, order: KnownOrder): string[] {
  const seen = partyStates(harness, order.id);
  let from = 0;
  for (const state of seen) {
    const at = order.states.indexOf(state, from);
    if (at < 0) return [`order ${order.id}: the party had ${seen.join(', ')}; the shop had ${order.states.join(', ')}`];
    from = at + 1;
  }
  return [];
}

/** The same twice is right only when the first answer was lost, or something broke in between: then nobody could know. */
function needlessDoubles({ simulator, faults }: RelayHarness): string[] {
  return simulator.store.doubles.flatMap(({ orderId, request }) => {
    const before = simulator.store.history(orderId).findLast((state) => state.request < request)?.request ?? 0;
    const isLost = simulator.requests.some(({ number, isAnswered }) => number === before && !isAnswered);
    const isExcused = isLost || faults.some((fault) => fault >= before && fault <= request);
    return isExcused ? [] : [`order ${orderId}: request ${request} told nothing new after request ${before}`];
  });
}

/** The remote system refuses only what is wrong, and here nothing is. */
function refusals({ simulator }: RelayHarness): string[] {
  return simulator.requests
    .filter(({ status = 0 }) => status >= 400 && status < 500 && status !== 429)
    .map(({ number, method, path, status, body }) => `request ${number} ${method} ${path}: ${status}: ${body}`);
}
