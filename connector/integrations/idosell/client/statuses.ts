import type { Profile, SupplyState } from './profile.ts';

/** What a poll or a notification says of an order. */
export interface StatusWord {
  readonly symbol: string;
  readonly coarse: string;
  readonly hasParcel: boolean;
  readonly dispatchedAt: Date | undefined;
}

export interface StatusMeaning {
  /** Undefined: nothing that changes where the order stands; the last known state holds. */
  readonly state: SupplyState | undefined;
  /** True for what the operator is told of. */
  readonly alerts: boolean;
  /** False for a symbol that the profile does not have: the operator is warned once (docs/protocol/idosell.md 7). */
  readonly isKnown: boolean;
  /** True when goods were lost: the one way from shipped to cancelled. */
  readonly isLost: boolean;
}

/** A status that is told by number, by the profile's list; everything else is a symbol, `false` among them. */
export function symbolOf(told: string, { statusIds }: Profile): string {
  return (Object.hasOwn(statusIds, told) ? statusIds[told] : undefined) ?? told;
}

export function meaningOf(word: StatusWord, profile: Profile): StatusMeaning {
  const { statusMap, coarseStatusMap, alertStatuses, lostStatuses } = profile;
  const { symbol, coarse } = word;
  const fine = lookUp(statusMap, symbol);
  // A notification may tell the coarse word in the place of the symbol.
  const rough = lookUp(coarseStatusMap, coarse) ?? (fine === undefined ? lookUp(coarseStatusMap, symbol) : undefined);
  const roughState = rough === 'keep' ? undefined : rough;
  return {
    // The symbol says more than the coarse word.
    state: fine === undefined ? roughState : fine === 'shipped-if-sent' ? shippedIfSent(word) : fine,
    alerts: [symbol, coarse].some((one) => one !== '' && alertStatuses.includes(one)),
    isKnown: symbol === '' || fine !== undefined || rough !== undefined,
    isLost: lostStatuses.includes(symbol),
  };
}

function shippedIfSent({ hasParcel, dispatchedAt }: StatusWord): SupplyState {
  return hasParcel || dispatchedAt !== undefined ? 'shipped' : 'processing';
}

function lookUp<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Where an order stands, and since when by the wholesaler's own word. */
export interface KnownStatus {
  readonly state: SupplyState;
  readonly changedAt: Date | undefined;
}

/** How far on its way an order is; what is a side exit or an end has no place among them. */
const WAY: readonly (readonly SupplyState[])[] = [
  ['submitted'],
  ['awaiting_supplier_payment', 'backordered', 'scheduled'],
  ['processing', 'on_hold'],
  ['packed'],
  ['ready_to_ship'],
  ['shipped'],
];

/**
 * Whether what is told replaces what is known. By the wholesaler's dates the newer wins; without them an order only moves
 * forward (5.5), and from shipped only to returned, or to cancelled when it was lost.
 */
export function replaces(last: KnownStatus | undefined, told: KnownStatus & { readonly isLost: boolean }): boolean {
  if (!last) return true;
  if (last.state === told.state) return true;
  const newerByMs = last.changedAt && told.changedAt ? told.changedAt.getTime() - last.changedAt.getTime() : 0;
  return newerByMs === 0 ? isForward(last.state, told) : newerByMs > 0;
}

function isForward(last: SupplyState, { state, isLost }: { state: SupplyState; isLost: boolean }): boolean {
  if (last === 'cancelled' || last === 'returned') return false;
  if (state === 'returned') return true;
  if (last === 'shipped') return state === 'cancelled' && isLost;
  if (state === 'cancelled' || state === 'on_hold') return true;
  return placeOf(state) >= placeOf(last);
}

const placeOf = (state: SupplyState): number => WAY.findIndex((states) => states.includes(state));
