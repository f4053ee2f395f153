import type { Knex } from 'knex';

/** Pieces of one article that were taken for an order and not put back. */
export interface Booking {
  readonly productId: string;
  readonly variantId: string;
  readonly quantity: number;
}

/** Every article that was ever booked for the order, those with nothing left included. The order must be locked. */
export async function bookedStock(unit: Knex.Transaction, orderId: string): Promise<readonly Booking[]> {
  return unit('bl_booked_stock')
    .where({ order_id: orderId })
    .select<Booking[]>({ productId: 'product_id', variantId: 'variant_id', quantity: 'quantity' });
}

export async function saveBookings(
  unit: Knex.Transaction,
  orderId: string,
  bookings: readonly Booking[],
): Promise<void> {
  if (bookings.length === 0) return;
  await unit('bl_booked_stock')
    .insert(
      bookings.map(({ productId, variantId, quantity }) => ({
        order_id: orderId,
        product_id: productId,
        variant_id: variantId,
        quantity,
      })),
    )
    .onConflict()
    .merge(['quantity']);
}
