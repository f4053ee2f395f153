import type { Profile } from '../client/profile.ts';

/** Whether what lies in the basket can be taken out of it without a person. */
export function canEmpty({ basketScope, basketReplaceSupported, operations }: Profile): boolean {
  return basketScope === 'session' || basketReplaceSupported || operations.clearBasket !== null;
}
