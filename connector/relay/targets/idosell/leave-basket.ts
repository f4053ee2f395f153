import { canEmpty } from './can-empty.ts';
import { lieThere, released } from './basket-owner.ts';
import type { Desk } from './desk.ts';

/** Takes back what was put into the basket in vain, where the wholesaler can do that. */
export async function leaveBasket({ book, profile, client, signal }: Desk, orderId: string): Promise<void> {
  const part = await book.find(orderId);
  if (part?.basketAt === undefined || !canEmpty(profile)) return;
  if (profile.basketScope === 'session') client.dropSession();
  else if (profile.operations.clearBasket !== null && (await client.clearBasket(signal)).kind === 'trouble') return;
  await book.change(part, released(part));
}

/** The order is not wanted any more: what lies in the basket may be used by others, or a person takes it out. */
export async function abandonBasket(desk: Desk, orderId: string): Promise<void> {
  await leaveBasket(desk, orderId);
  const part = await desk.book.find(orderId);
  // An import that may still be under way is not spoken of as if it were known.
  if (part?.basketAt === undefined || part.state !== 'basketed') return;
  const note = `the order is not to be ordered any more${lieThere(desk.profile)}`;
  await desk.book.change(part, { state: 'draft', note, alert: true });
}
