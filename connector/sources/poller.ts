import type { AccountLock } from '../db/account-lock.ts';
import { changePart, partsToAsk } from '../db/supply-parts.ts';
import type { PartNews, SupplyPart } from '../domain/supply-part.ts';
import { every } from '../lib/every.ts';
import type { Log } from '../lib/log.ts';
import { recordSupply, type SupplyParts } from '../orders/record-supply.ts';
import type { Source } from './source.ts';

export interface PollerParts extends SupplyParts {
  readonly source: Source;
  readonly account: AccountLock;
  readonly log: Log;
  /** Something was written down that others may wait for. */
  readonly onNews: () => void;
}

/** How often it is looked whether a part is to be asked about; a question itself is seldom due. */
const LOOK_MS = 5000;

export function startPoller(parts: PollerParts, lookMs = LOOK_MS) {
  return every(lookMs, async (signal) => {
    try {
      await askRound(parts, signal);
    } catch (error) {
      parts.log.error('the status of orders could not be asked', { source: parts.source.name, err: error });
    }
  });
}

/** Asks about the parts that are due, in one call, and writes down what was said. How many it asked about. */
export async function askRound(parts: PollerParts, signal: AbortSignal): Promise<number> {
  const { db, source, account, now, log } = parts;
  const due = await partsToAsk(db, source.wholesaler, now(), source.batchSize);
  if (due.length === 0) return 0;
  const asked = await account.hold(signal, () => source.ask(due, signal));
  if (!asked) return 0;
  if (asked.kind === 'trouble') {
    log.warn('a wholesaler did not tell how orders stand', { source: source.name, reason: asked.reason });
    const later = new Date(now().getTime() + asked.afterMs);
    for (const part of due) await changePart(db, part, { askedAt: now(), askAt: later }, now());
    return due.length;
  }
  const byId = new Map(due.map((part) => [part.id, part]));
  for (const news of asked.news) {
    const part = byId.get(news.partId);
    if (part) await tell(parts, part, news);
  }
  return due.length;
}

/** Each on its own: one that cannot be written down holds up no other. */
export async function tell(parts: Omit<PollerParts, 'account'>, part: SupplyPart, news: PartNews): Promise<void> {
  const { source, log, onNews } = parts;
  const fields = { source: source.name, orderId: part.orderId, state: news.state ?? part.state, symbol: news.symbol };
  await recordSupply(parts, { ...news, orderId: part.orderId, shippedStatus: source.shippedStatus });
  if (news.state !== undefined && news.state !== part.state) {
    log.info('a wholesaler’s order has moved', { ...fields, before: part.state });
    onNews();
  }
  if (news.alert && !part.alert) log.warn('a wholesaler’s order needs a person', { ...fields, note: news.note });
}
