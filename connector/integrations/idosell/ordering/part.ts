import { createHash } from 'node:crypto';
import { variantKey, quantitiesByVariant } from '../../../domain/variant-ref.ts';
import { isPaid } from '../../../domain/order-totals.ts';
import type { PartLine } from '../../../domain/supply.ts';
import type { PaymentType } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';
import type { RelayedOrder } from '../../../contracts/target.ts';

/** What of an order one wholesaler is to supply, and how it is paid for. */
export interface Part {
  readonly lines: readonly PartLine[];
  /** Whether the wholesaler supplies every line of the order. */
  readonly isComplete: boolean;
  readonly paymentType: PaymentType;
  /** Hash of what is ordered for whom: another one is another order. */
  readonly content: string;
}

/** Undefined when nothing of the order comes from this wholesaler. */
export function partOf({ order, supplies }: RelayedOrder, profile: Profile): Part | undefined {
  const lines = [...quantitiesByVariant(order.lines).values()].flatMap(
    ({ productId, variantId, quantity }): PartLine[] => {
      const supply = supplies.get(variantKey({ productId, variantId }));
      if (supply?.wholesaler !== profile.name || quantity <= 0) return [];
      return [{ productId, variantId, code: supply.code, codeType: supply.codeType, quantity }];
    },
  );
  if (lines.length === 0) return undefined;
  const ours = new Set(lines.map(variantKey));
  const isComplete = order.lines.every(
    ({ productId, variantId }) => productId !== undefined && ours.has(variantKey({ productId, variantId })),
  );
  const collects = order.payment.cashOnDelivery && !isPaid(order);
  const paymentType = collects ? 'cashOnDelivery' : profile.paymentType;
  const { delivery, phone, email, pickupPoint, deliveryMethod } = order;
  const recorded = [lines, delivery, phone, email, pickupPoint.id, deliveryMethod.id, collects ? order.total : ''];
  const content = createHash('sha256').update(JSON.stringify(recorded)).digest('hex');
  return { lines, isComplete, paymentType, content };
}

export function isCancelled({ status }: RelayedOrder): boolean {
  return status.meaning === 'cancelled';
}

/** Whether it is time to order: paid, or what else the profile says. What was sent, or came back, is past that. */
export function isToBeOrdered({ order, status }: RelayedOrder, { sendWhen }: Profile): boolean {
  const isUnderWay = status.meaning === undefined || status.meaning === 'new' || status.meaning === 'paid';
  if (!isUnderWay) return false;
  switch (sendWhen) {
    case 'placed':
      return true;
    case 'paid':
      return isPaid(order);
    case 'paid-or-cod':
      return isPaid(order) || order.payment.cashOnDelivery;
  }
}
