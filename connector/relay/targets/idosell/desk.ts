import type { IdoSell, Trouble } from '../../../idosell/client.ts';
import type { Profile } from '../../../idosell/profile.ts';
import { mayBeOrdered, type PartState } from '../../../domain/supply.ts';
import type { Outcome } from '../../target.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import type { BasketLooks } from './basket-looks.ts';
import { lieThere } from './basket-owner.ts';
import type { SupplyBook } from './book.ts';
import { canEmpty } from './can-empty.ts';
import type { CourierList } from './courier-list.ts';

/** What one delivery works with while the account is its own. */
export interface Desk {
  readonly profile: Profile;
  readonly client: IdoSell;
  readonly book: SupplyBook;
  readonly couriers: CourierList;
  readonly looks: BasketLooks;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** What a delivery of the order as it stands leaves behind. */
  readonly memo: string;
  /** False once the account may have gone to somebody else. */
  readonly renew: () => Promise<boolean>;
}

/** The way on, or why there is none. */
export type Step<Value> = { readonly kind: 'on'; readonly value: Value } | Outcome;

export const on = <Value>(value: Value): Step<Value> => ({ kind: 'on', value });

export const retry = (reason: string, afterMs?: number): Outcome => ({
  kind: 'retry',
  reason,
  ...(afterMs !== undefined && { afterMs }),
});

/** Only this order must wait: the wholesaler has answered, and other orders may go through. */
export const wait = (reason: string, afterMs?: number): Outcome => ({ ...retry(reason, afterMs), remote: 'well' });

/** Said without a request to the wholesaler: it shows nothing of how the wholesaler is. */
export const unheard = (outcome: Outcome): Outcome => ({ ...outcome, remote: 'unheard' });

/** Ends in a state that a person must look at; the outbox parks the order with the same sentence. */
export async function refuse(desk: Desk, part: SupplyPart, state: PartState, said: string): Promise<Outcome> {
  const isLeft = part.basketAt !== undefined && !canEmpty(desk.profile) && !mayBeOrdered(state);
  const note = isLeft ? `${said}${lieThere(desk.profile)}` : said;
  await desk.book.change(part, { state, note, alert: true });
  return { kind: 'refused', reason: note };
}

/** The same, where no order of this wholesaler would get any further. */
export async function halt(desk: Desk, part: SupplyPart, state: PartState, note: string): Promise<Outcome> {
  await desk.book.change(part, { state, note, alert: true });
  return { kind: 'halted', reason: note };
}

/**
 * What trouble means before anything was ordered, or after a plain no to the order. `doing` begins the sentence: "the
 * availability check".
 */
export async function stopAt(desk: Desk, part: SupplyPart, trouble: Trouble, doing: string): Promise<Outcome> {
  const { login, name } = desk.profile;
  const said = `${doing}: ${trouble.reason}`;
  switch (trouble.class) {
    case 'lost':
    case 'busy':
    case 'server':
      await desk.book.change(part, { note: said });
      return retry(said, trouble.retryAfterMs);
    case 'basket-empty':
      await desk.book.change(part, { state: 'draft', basketAt: null, note: said });
      return wait(`${said} (somebody else has emptied the basket)`);
    case 'auth':
      return halt(desk, part, 'rejected', `${name} refused the login of ${login}: check login and password. ${said}`);
    case 'dropshipping-disabled':
      return halt(
        desk,
        part,
        'rejected',
        `${name} refused the dropshipping key, or has not switched dropshipping on for ${login}. ${said}`,
      );
    case 'supplier-unavailable':
      return halt(desk, part, 'rejected', `the shop of ${name} is blocked. ${said}`);
    case 'customer-blocked':
      return halt(
        desk,
        part,
        'rejected',
        `${name} has blocked the account ${login}, or its credit is used up. ${said}`,
      );
    case 'product-unknown':
    case 'out-of-stock':
    case 'not-sold':
    case 'stock-changed':
      return refuse(desk, part, 'out_of_stock', withLines(`${name} cannot supply everything. ${said}`, trouble.lines));
    case 'courier-unavailable':
      return refuse(desk, part, 'no_courier', said);
    case 'address-invalid':
    case 'minimum-order':
    case 'rejected':
    case 'too-large':
    case 'protocol':
    case 'not-supported':
      return refuse(desk, part, 'rejected', said);
  }
}

/** "1454-03: out-of-stock, 0 of them to be had". */
export function withLines(sentence: string, lines: Trouble['lines'] = []): string {
  const missing = lines
    .filter(({ fault, available }) => fault !== 'done' || available === false)
    .map(({ code, fault, faultString, quantity }) => {
      const why = faultString || (fault === 'done' ? 'not available' : fault);
      return `${code}: ${why}${quantity === undefined ? '' : ` (${quantity} to be had)`}`;
    });
  return missing.length === 0 ? sentence : `${sentence}: ${missing.join('; ')}`;
}
