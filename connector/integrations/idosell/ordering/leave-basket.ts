import { canEmpty } from './can-empty.ts';
import { lieThere, released } from './basket-owner.ts';
import type { OrderingContext } from './context.ts';

/** Takes back what was put into the basket in vain, where the wholesaler can do that. */
export async function leaveBasket(
  { repository, profile, client, signal }: OrderingContext,
  orderId: string,
): Promise<void> {
  const part = await repository.find(orderId);
  if (part?.basketAt === undefined || !canEmpty(profile)) return;
  if (profile.basketScope === 'session') client.dropSession();
  else if (profile.operations.clearBasket !== null && (await client.clearBasket(signal)).kind === 'error') return;
  await repository.change(part, released(part));
}

/** The order is not wanted any more: what lies in the basket may be used by others, or a person takes it out. */
export async function abandonBasket(context: OrderingContext, orderId: string): Promise<void> {
  await leaveBasket(context, orderId);
  const part = await context.repository.find(orderId);
  // An import that may still be under way is not spoken of as if it were known.
  if (part?.basketAt === undefined || part.state !== 'basketed') return;
  const note = `the order is not to be ordered any more${lieThere(context.profile)}`;
  await context.repository.change(part, { state: 'draft', note, alert: true });
}
