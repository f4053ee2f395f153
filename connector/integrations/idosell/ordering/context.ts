import type { IdoSell, CallError } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';
import { mayBeOrdered, type PartState } from '../../../domain/supply.ts';
import type { Outcome } from '../../../contracts/target.ts';
import type { SupplyPart } from '../../../domain/supply-part.ts';
import type { BasketLooks } from './basket-looks.ts';
import { lieThere } from './basket-owner.ts';
import type { SupplyPartRepository } from './supply-part-repository.ts';
import { canEmpty } from './can-empty.ts';
import type { CourierList } from './courier-list.ts';

/** What one delivery works with while the account is its own. */
export interface OrderingContext {
  readonly profile: Profile;
  readonly client: IdoSell;
  readonly repository: SupplyPartRepository;
  readonly couriers: CourierList;
  readonly looks: BasketLooks;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** What a delivery of the order as it stands leaves behind. */
  readonly digest: string;
  /** False once the account may have gone to somebody else. */
  readonly renew: () => Promise<boolean>;
}

/** The way on, or why there is none. */
export type Step<Value> = { readonly kind: 'proceed'; readonly value: Value } | Outcome;

export const proceed = <Value>(value: Value): Step<Value> => ({ kind: 'proceed', value });

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
export async function refuse(
  context: OrderingContext,
  part: SupplyPart,
  state: PartState,
  said: string,
): Promise<Outcome> {
  const isLeft = part.basketAt !== undefined && !canEmpty(context.profile) && !mayBeOrdered(state);
  const note = isLeft ? `${said}${lieThere(context.profile)}` : said;
  await context.repository.change(part, { state, note, alert: true });
  return { kind: 'refused', reason: note };
}

/** The same, where no order of this wholesaler would get any further. */
export async function halt(
  context: OrderingContext,
  part: SupplyPart,
  state: PartState,
  note: string,
): Promise<Outcome> {
  await context.repository.change(part, { state, note, alert: true });
  return { kind: 'halted', reason: note };
}

/**
 * What trouble means before anything was ordered, or after a plain no to the order. `doing` begins the sentence: "the
 * availability check".
 */
export async function stopAt(
  context: OrderingContext,
  part: SupplyPart,
  error: CallError,
  doing: string,
): Promise<Outcome> {
  const { login, name } = context.profile;
  const said = `${doing}: ${error.reason}`;
  switch (error.class) {
    case 'lost':
    case 'busy':
    case 'server':
      await context.repository.change(part, { note: said });
      return retry(said, error.retryAfterMs);
    case 'basket-empty':
      await context.repository.change(part, { state: 'draft', basketAt: null, note: said });
      return wait(`${said} (somebody else has emptied the basket)`);
    case 'auth':
      return halt(
        context,
        part,
        'rejected',
        `${name} refused the login of ${login}: check login and password. ${said}`,
      );
    case 'dropshipping-disabled':
      return halt(
        context,
        part,
        'rejected',
        `${name} refused the dropshipping key, or has not switched dropshipping on for ${login}. ${said}`,
      );
    case 'supplier-unavailable':
      return halt(context, part, 'rejected', `the shop of ${name} is blocked. ${said}`);
    case 'customer-blocked':
      return halt(
        context,
        part,
        'rejected',
        `${name} has blocked the account ${login}, or its credit is used up. ${said}`,
      );
    case 'product-unknown':
    case 'out-of-stock':
    case 'not-sold':
    case 'stock-changed':
      return refuse(context, part, 'out_of_stock', withLines(`${name} cannot supply everything. ${said}`, error.lines));
    case 'courier-unavailable':
      return refuse(context, part, 'no_courier', said);
    case 'address-invalid':
    case 'minimum-order':
    case 'rejected':
    case 'too-large':
    case 'protocol':
    case 'not-supported':
      return refuse(context, part, 'rejected', said);
  }
}

/** "1454-03: out-of-stock, 0 of them to be had". */
export function withLines(sentence: string, lines: CallError['lines'] = []): string {
  const missing = lines
    .filter(({ fault, available }) => fault !== 'done' || available === false)
    .map(({ code, fault, faultString, quantity }) => {
      const why = faultString || (fault === 'done' ? 'not available' : fault);
      return `${code}: ${why}${quantity === undefined ? '' : ` (${quantity} to be had)`}`;
    });
  return missing.length === 0 ? sentence : `${sentence}: ${missing.join('; ')}`;
}
