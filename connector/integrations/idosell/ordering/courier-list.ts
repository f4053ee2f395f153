import type { Courier, IdoSell, Result, CallErrorClass } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';

/** Everything that a wholesaler offers (4.4), kept: it tells before the basket is filled that no courier will do. */
export interface CourierList {
  /**
   * The couriers to a country, as they were at most so long ago. Undefined when the list says nothing for certain: then
   * only the basket can tell.
   */
  to(countryId: string, maxAgeMs: number, signal: AbortSignal): Promise<Result<readonly Courier[] | undefined>>;
}

/** A list that could not be had is not asked for with every order. */
const ASK_AGAIN_MS = 600_000;

/** With these the next request would fare no better. Any other answer only means that this list cannot be had. */
const OF_ALL: ReadonlySet<CallErrorClass> = new Set<CallErrorClass>([
  ...(['lost', 'busy', 'auth', 'dropshipping-disabled', 'supplier-unavailable', 'customer-blocked'] as const),
]);

export function openCourierList(
  { payer, maxElements }: Profile,
  client: Pick<IdoSell, 'listCouriers'>,
  now: () => Date,
): CourierList {
  const lists = new Map<string, { readonly couriers: readonly Courier[] | undefined; readonly atMs: number }>();

  const to: CourierList['to'] = async (countryId, maxAgeMs, signal) => {
    const known = lists.get(countryId);
    const ageMs = known ? Math.abs(now().getTime() - known.atMs) : Infinity;
    if (known && ageMs < (known.couriers ? maxAgeMs : ASK_AGAIN_MS)) return { kind: 'done', value: known.couriers };
    const result = await client.listCouriers(countryId, signal);
    if (result.kind === 'error' && OF_ALL.has(result.class)) return result;
    const found = result.kind === 'done' ? result.value : undefined;
    const isCertain =
      found && found.length < maxElements && (found.length > 0 || (await isUnderstood(countryId, signal)));
    const couriers = isCertain ? found : undefined;
    lists.set(countryId, { couriers, atMs: now().getTime() });
    return { kind: 'done', value: couriers };
  };

  /** Nobody for one country is an answer only from somebody who names couriers for our own: else the word is not known. */
  async function isUnderstood(countryId: string, signal: AbortSignal): Promise<boolean> {
    if (countryId === payer.countryId) return false;
    const home = await to(payer.countryId, ASK_AGAIN_MS, signal);
    return home.kind === 'done' && home.value !== undefined;
  }

  return { to };
}
