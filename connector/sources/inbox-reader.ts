import { dueMessages, settleMessage, type Message } from '../db/inbox.ts';
import { changePart, findPart } from '../db/supply-parts.ts';
import type { SupplyPart } from '../domain/supply-part.ts';
import { isOrdered } from '../domain/supply.ts';
import { every } from '../lib/every.ts';
import { tell, type PollerParts } from './poller.ts';

const LOOK_MS = 1000;
const AT_ONCE = 50;

/** A notification can overtake the answer to the order itself; so long it is looked again whose it is. */
const MATCHED_WITHIN_MS = 24 * 3_600_000;
const AGAIN_MS = 60_000;

export type InboxParts = Omit<PollerParts, 'account'>;

export function startInboxReader(parts: InboxParts, lookMs = LOOK_MS) {
  return every(lookMs, async (signal) => {
    try {
      while ((await readInbox(parts)) === AT_ONCE && !signal.aborted);
    } catch (error) {
      parts.log.error('notifications could not be read', { source: parts.source.name, err: error });
    }
  });
}

/** Gives every message that is due to the part that it speaks of. How many it looked at. */
export async function readInbox(parts: InboxParts): Promise<number> {
  const { db, source, now } = parts;
  const messages = await dueMessages(db, source.name, now(), AT_ONCE);
  for (const message of messages) await readOne(parts, message);
  return messages.length;
}

async function readOne(parts: InboxParts, message: Message): Promise<void> {
  const { db, source, now, log } = parts;
  const notice = source.webhook.read(message);
  if (!notice) {
    await settleMessage(db, message, { state: 'unreadable', note: 'nothing can be read from it' });
    return;
  }
  const part = await findPart(db, source.wholesaler, notice);
  if (part && isOrdered(part.state)) {
    await act(parts, message, part);
    await settleMessage(db, message, { state: 'done', note: `order ${part.orderId}` });
    return;
  }
  if (part?.state === 'given_up') {
    await cameAfterAll(parts, part);
    await settleMessage(db, message, { state: 'done', note: `order ${part.orderId}, which was given up` });
    return;
  }
  const isLate = now().getTime() - message.receivedAt.getTime() >= MATCHED_WITHIN_MS;
  if (message.tries === 0) log.warn('a notification is of an order that is not known yet', { source: source.name });
  await settleMessage(db, message, {
    ...{ state: 'unmatched', note: 'of an order that is not known here' },
    ...(!isLate && { dueAt: new Date(now().getTime() + AGAIN_MS) }),
  });
}

/** A person had it sent anew: now there may be two. */
async function cameAfterAll({ db, source, now, log }: InboxParts, part: SupplyPart): Promise<void> {
  const { orderId, reference } = part;
  const note = `${source.wholesaler} has ${reference} after all, which was given up and sent anew: settle it with them`;
  await changePart(db, part, { note, alert: true }, now());
  log.warn('a wholesaler’s order needs a person', { source: source.name, orderId, note });
}

/** Anybody who knows the address can say anything: usually a notification only makes us ask (6.2). */
async function act(parts: InboxParts, message: Message, part: SupplyPart): Promise<void> {
  const { db, source, now, onNews } = parts;
  const believed = source.webhook.believe(message, part, now());
  if (believed) await tell(parts, part, believed);
  else await changePart(db, part, { askAt: now() }, now());
  onNews();
}
