import { dueMessages, settleMessage, type Message } from '../storage/inbox.ts';
import { changePart, findPart } from '../storage/supply-parts.ts';
import type { SupplyPart } from '../domain/supply-part.ts';
import { isOrdered } from '../domain/supply.ts';
import { startInterval } from '../lib/interval.ts';
import { applyUpdate, type PollerDeps } from './poller.ts';

const CHECK_MS = 1000;
const AT_ONCE = 50;

/** A notification can overtake the answer to the order itself; so long it is looked again whose it is. */
const MATCHED_WITHIN_MS = 24 * 3_600_000;
const AGAIN_MS = 60_000;

export type InboxDeps = Omit<PollerDeps, 'account'>;

export function startInboxReader(deps: InboxDeps, checkMs = CHECK_MS) {
  return startInterval(checkMs, async (signal) => {
    try {
      while ((await readInbox(deps)) === AT_ONCE && !signal.aborted);
    } catch (error) {
      deps.log.error('notifications could not be read', { source: deps.tracker.name, err: error });
    }
  });
}

/** Applies every unprocessed message to the part that it is about. Returns how many it read. */
export async function readInbox(deps: InboxDeps): Promise<number> {
  const { db, tracker, now } = deps;
  const messages = await dueMessages(db, tracker.name, now(), AT_ONCE);
  for (const message of messages) await readOne(deps, message);
  return messages.length;
}

async function readOne(deps: InboxDeps, message: Message): Promise<void> {
  const { db, tracker, now, log } = deps;
  const notice = tracker.webhook.read(message);
  if (!notice) {
    await settleMessage(db, message, { state: 'unreadable', note: 'nothing can be read from it' });
    return;
  }
  const part = await findPart(db, tracker.wholesaler, notice);
  if (part && isOrdered(part.state)) {
    await act(deps, message, part);
    await settleMessage(db, message, { state: 'done', note: `order ${part.orderId}` });
    return;
  }
  if (part?.state === 'given_up') {
    await reappeared(deps, part);
    await settleMessage(db, message, { state: 'done', note: `order ${part.orderId}, which was given up` });
    return;
  }
  const isLate = now().getTime() - message.receivedAt.getTime() >= MATCHED_WITHIN_MS;
  if (message.attempts === 0) log.warn('a notification is of an order that is not known yet', { source: tracker.name });
  await settleMessage(db, message, {
    ...{ state: 'unmatched', note: 'of an order that is not known here' },
    ...(!isLate && { dueAt: new Date(now().getTime() + AGAIN_MS) }),
  });
}

/** A person had it sent anew: now there may be two. */
async function reappeared({ db, tracker, now, log }: InboxDeps, part: SupplyPart): Promise<void> {
  const { orderId, reference } = part;
  const note = `${tracker.wholesaler} has ${reference} after all, which was given up and sent anew: settle it with them`;
  await changePart(db, part, { note, alert: true }, now());
  log.warn('a wholesaler’s order needs a person', { source: tracker.name, orderId, note });
}

/** Anybody who knows the address can send anything: usually a notification only triggers a poll (6.2). */
async function act(deps: InboxDeps, message: Message, part: SupplyPart): Promise<void> {
  const { db, tracker, now, onUpdate } = deps;
  const trusted = tracker.webhook.trustedUpdate(message, part, now());
  if (trusted) await applyUpdate(deps, part, trusted);
  else await changePart(db, part, { pollAt: now() }, now());
  onUpdate();
}
