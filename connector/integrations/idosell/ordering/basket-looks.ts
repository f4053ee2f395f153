/** So soon an order comes back that waits for another one, and so soon the basket is looked at again for all that wait. */
export const NEXT_TURN_MS = 60_000;

/** Remembers whose lines the basket was seen to hold, so that not each order that waits for it asks the wholesaler. */
export interface BasketLooks {
  remember(ownerId: string): void;
  /** Whether they were seen there a moment ago. */
  hasJustSeen(ownerId: string): boolean;
}

export function openBasketLooks(now: () => Date): BasketLooks {
  let last: { readonly ownerId: string; readonly atMs: number } | undefined;
  return {
    remember: (ownerId) => {
      last = { ownerId, atMs: now().getTime() };
    },
    // A clock that was set back must not keep it for ever.
    hasJustSeen: (ownerId) => last?.ownerId === ownerId && Math.abs(now().getTime() - last.atMs) < NEXT_TURN_MS,
  };
}
