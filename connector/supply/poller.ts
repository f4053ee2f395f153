import type { AccountLease } from '../storage/account-lease.ts';
import { changePart, partsToPoll } from '../storage/supply-parts.ts';
import type { StatusUpdate, SupplyPart } from '../domain/supply-part.ts';
import { startInterval } from '../lib/interval.ts';
import type { Log } from '../lib/log.ts';
import { recordStatus, type RecordStatusDeps } from './record-status.ts';
import type { ShipmentTracker } from '../contracts/shipment-tracker.ts';

export interface PollerDeps extends RecordStatusDeps {
  readonly tracker: ShipmentTracker;
  readonly account: AccountLease;
  readonly log: Log;
  /** Something was written down that others may wait for. */
  readonly onUpdate: () => void;
}

/** How often to check whether a part is due for a poll; a request itself is seldom needed. */
const CHECK_MS = 5000;

export function startPoller(deps: PollerDeps, checkMs = CHECK_MS) {
  return startInterval(checkMs, async (signal) => {
    try {
      await pollOnce(deps, signal);
    } catch (error) {
      deps.log.error('the status of orders could not be asked', { source: deps.tracker.name, err: error });
    }
  });
}

/** Polls the parts that are due, in one request, and records the result. Returns how many parts it polled. */
export async function pollOnce(deps: PollerDeps, signal: AbortSignal): Promise<number> {
  const { db, tracker, account, now, log } = deps;
  const due = await partsToPoll(db, tracker.wholesaler, now(), tracker.batchSize);
  if (due.length === 0) return 0;
  const result = await account.withLease(signal, () => tracker.poll(due, signal));
  if (!result) return 0;
  if (result.kind === 'error') {
    log.warn('a wholesaler did not tell how orders stand', { source: tracker.name, reason: result.reason });
    const later = new Date(now().getTime() + result.afterMs);
    for (const part of due) await changePart(db, part, { polledAt: now(), pollAt: later }, now());
    return due.length;
  }
  const byId = new Map(due.map((part) => [part.id, part]));
  for (const update of result.updates) {
    const part = byId.get(update.partId);
    if (part) await applyUpdate(deps, part, update);
  }
  return due.length;
}

/** Each on its own: one that cannot be written down holds up no other. */
export async function applyUpdate(
  deps: Omit<PollerDeps, 'account'>,
  part: SupplyPart,
  update: StatusUpdate,
): Promise<void> {
  const { tracker, log, onUpdate } = deps;
  const fields = {
    source: tracker.name,
    orderId: part.orderId,
    state: update.state ?? part.state,
    symbol: update.symbol,
  };
  await recordStatus(deps, { ...update, orderId: part.orderId, shippedStatus: tracker.shippedStatus });
  if (update.state !== undefined && update.state !== part.state) {
    log.info('a wholesaler’s order has moved', { ...fields, before: part.state });
    onUpdate();
  }
  if (update.alert && !part.alert) log.warn('a wholesaler’s order needs a person', { ...fields, note: update.note });
}
