import type { Knex } from 'knex';
import { retryNow } from '../storage/outbox-admin.ts';
import { changePart, newestPart, openPart } from '../storage/supply-parts.ts';
import { changeHealth } from '../storage/target-health.ts';
import type { PartChange, SupplyPart } from '../domain/supply-part.ts';
import { inTransaction } from '../db/transaction.ts';
import { isOrdered } from '../domain/supply.ts';

/** What a person says of an order at a wholesaler that nobody else can know (docs/protocol/idosell.md 5.4). */
export type Decision =
  /** The wholesaler has it, under this number or serial number. */
  | { readonly kind: 'placed'; readonly orderId: string; readonly number: string }
  /** The wholesaler does not have it: it is to be sent again. */
  | { readonly kind: 'resend'; readonly orderId: string }
  /** What changed in the shop since is settled there: this is the content that the wholesaler goes by. */
  | { readonly kind: 'settled'; readonly orderId: string; readonly content: string };

export interface DecisionResult {
  readonly isDone: boolean;
  /** For whoever decided. */
  readonly sentence: string;
}

/** Writes the decision down, and has the order looked at again as soon as the relay gets to it. */
export async function decidePart(
  parts: { readonly db: Knex; readonly now: () => Date },
  wholesaler: string,
  target: string,
  decision: Decision,
): Promise<DecisionResult> {
  const { db, now } = parts;
  const { orderId } = decision;
  const part = await newestPart(db, wholesaler, orderId);
  if (!part) return no(`Order ${orderId} was never sent to ${wholesaler}.`);
  const plan = planOf(part, decision, now());
  if (!plan) return no(`Order ${orderId} is ${part.state} at ${wholesaler}: that is nothing to decide.`);
  const hasMoved = await inTransaction(db, async (unit) => {
    if (!(await changePart(unit, part, plan.change, now()))) return false;
    if (plan.next) await openPart(unit, plan.next, now());
    return true;
  });
  if (!hasMoved) return no(`Order ${orderId} has moved on meanwhile: look at it again.`);
  await retryNow(db, { target, orderId }, now());
  // Whoever decides does not want to wait for the end of a rest.
  await changeHealth(db, target, now(), () => ({ failures: 0, openUntil: undefined, reason: '' }));
  return { isDone: true, sentence: plan.sentence };
}

/** No relay is at work with an order that it was about to send so long ago. */
const LEFT_MS = 24 * 3_600_000;

/** It may be there, and nobody looks for it any more. */
function isUndecided({ state, sentAt }: SupplyPart, at: Date): boolean {
  if (state === 'unknown') return true;
  return state === 'sending' && sentAt !== undefined && at.getTime() - sentAt.getTime() >= LEFT_MS;
}

/** A person named its number, and the wholesaler has not been heard of it since: a slip of the pen can be put right. */
function isByHand({ state, supplierOrderId, supplierSerial }: SupplyPart): boolean {
  return state === 'submitted' && (supplierOrderId === '' || supplierSerial === '');
}

function planOf(
  part: SupplyPart,
  decision: Decision,
  at: Date,
): { readonly change: PartChange; readonly next?: SupplyPart; readonly sentence: string } | undefined {
  const { orderId, wholesaler, state } = part;
  switch (decision.kind) {
    case 'placed': {
      if (!isUndecided(part, at) && !isByHand(part)) return undefined;
      const { number } = decision;
      const ids = /^\d+$/.test(number)
        ? { supplierSerial: number, supplierOrderId: '' }
        : { supplierOrderId: number, supplierSerial: '' };
      const placedAt = part.sentAt ?? at;
      const change = {
        ...ids,
        state: 'submitted',
        placedAt,
        basketAt: null,
        note: '',
        alert: false,
        pollAt: at,
      } as const;
      return { change, sentence: `Order ${orderId} is ${number} at ${wholesaler}: its status is asked now.` };
    }
    case 'resend': {
      if (!isUndecided(part, at)) return undefined;
      // The new reference lets a double be seen, should the first one be there after all.
      const attempt = part.attempt + 1;
      const first = part.attempt > 1 ? part.reference.replace(/-\d+$/, '') : part.reference;
      const reference = `${first}-${attempt}`;
      return {
        change: { state: 'given_up', alert: false, basketAt: null, note: `sent again, as ${reference}` },
        // Its lines may still lie in the basket.
        next: { ...part, attempt, reference },
        sentence: `Order ${orderId} is sent to ${wholesaler} again, as ${reference}.`,
      };
    }
    case 'settled':
      if (!isOrdered(state)) return undefined;
      return {
        change: { content: decision.content, note: '', alert: false, dispute: '' },
        sentence: `Order ${orderId} counts as settled with ${wholesaler}.`,
      };
  }
}

function no(sentence: string): DecisionResult {
  return { isDone: false, sentence };
}
