import type { Knex } from 'knex';
import { enqueue } from '../../connector/storage/outbox.ts';
import { listOutbox } from '../../connector/storage/outbox-admin.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import { createLog } from '../../connector/lib/log.ts';
import type { Delivery, Outcome, RelayedOrder, Target } from '../../connector/contracts/target.ts';
import { startRelay, type DeliveryRecord, type Relay, type RelayDeps } from '../../connector/relay/worker.ts';
import { testDatabase } from '../support/database.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { aRelayedOrder } from './an-order.ts';

export const NOW = new Date('2027-01-04T09:00:00Z');

/** A clock that is moved by hand, and shared by all who are to see the same time. */
export function aClock() {
  let now = NOW;
  return {
    now: () => now,
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
  };
}

/** The orders of a shop, by their id. */
export function aShop(...ids: readonly string[]) {
  const orders = new Map<string, RelayedOrder>();
  const put = (id: string, statusId = '1'): unknown => orders.set(id, aRelayedOrder({ id, statusId }));
  for (const id of ids) put(id);
  return {
    put,
    remove: (id: string) => orders.delete(id),
    read: (wanted: readonly string[]) => Promise.resolve(wanted.flatMap((id) => orders.get(id) ?? [])),
  };
}

/** What one remote system was told: an order's id and status. */
export type Told = readonly [orderId: string, statusId: string];

/** A remote system in this process that does as it is told to, and says yes otherwise. */
export function aTarget(
  changes: Partial<Target> & {
    readonly answer?: (delivery: Delivery, signal: AbortSignal) => Promise<Outcome> | Outcome;
  } = {},
): Target & { readonly told: Told[]; readonly deliveries: Delivery[] } {
  const told: Told[] = [];
  const deliveries: Delivery[] = [];
  const { answer = yes, ...rest } = changes;
  return {
    name: 'little',
    batchSize: 1,
    concurrency: 4,
    wants: () => true,
    digest: ({ order }) => `status ${order.statusId}`,
    async deliver(batch, signal) {
      for (const delivery of batch) {
        told.push([delivery.order.id, delivery.order.statusId]);
        deliveries.push(delivery);
      }
      return Promise.all(batch.map(async (delivery) => answer(delivery, signal)));
    },
    ...rest,
    told,
    deliveries,
  };
}

export const yes = ({ order }: RelayedOrder): Outcome => ({
  kind: 'delivered',
  reference: `R-${order.id}`,
  memo: `status ${order.statusId}`,
});

/** Something that is opened once, and that others wait for. */
export function aGate(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

export interface TestRelay extends Relay {
  readonly records: DeliveryRecord[];
  readonly failedRounds: string[];
  log(): string;
}

const started: Relay[] = [];
let runs = 0;

/** A relay that looks often, with a clock that stands still unless one is given. */
export function aRelay(targets: readonly Target[], changes: Partial<RelayDeps> = {}): TestRelay {
  const records: DeliveryRecord[] = [];
  const failedRounds: string[] = [];
  const stream = memoryStream();
  runs += 1;
  const relay = startRelay({
    db: testDatabase().db,
    targets,
    readOrders: aShop().read,
    owner: `run-${runs}`,
    now: () => NOW,
    random: () => 0.5,
    log: createLog('debug', stream),
    giveUpDays: 14,
    onDelivery: (record) => records.push(record),
    onRoundFailed: (target) => failedRounds.push(target),
    ...changes,
    timing: { timeoutMs: 5000, pollMs: 10, stopMs: 3000, ...changes.timing },
  });
  started.push(relay);
  return { ...relay, records, failedRounds, log: () => stream.text() };
}

/** For `afterEach`. */
export async function stopRelays(): Promise<void> {
  await Promise.all(started.splice(0).map((relay) => relay.stop()));
}

export async function makeDue(
  ids: readonly string[],
  at = NOW,
  targets: readonly string[] = ['little'],
): Promise<void> {
  await inTransaction(testDatabase().db, async (unit) => {
    for (const id of ids) await enqueue(unit, targets, id, at);
  });
}

export async function rowsOf(target: string, db: Knex = testDatabase().db) {
  return listOutbox(db, { target, limit: 10_000 });
}

/** Whether all rows of the target are in this state. */
export const allAre =
  (state: string, target = 'little') =>
  async (): Promise<boolean> => {
    const others = testDatabase().db('bl_outbox').where({ target }).whereNot({ state });
    return (await others.first('id')) === undefined;
  };

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
