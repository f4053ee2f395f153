import { roundMoney } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import type { RelayedOrder } from '../../contracts/target.ts';
import type { ExpertSenderSettings, PlatformStatus } from './settings.ts';

/** The platform's status of an order, and whether its goods came back. */
export interface MappedStatus {
  readonly status: PlatformStatus;
  readonly isReturned: boolean;
}

/** What the shop's status says; undefined where neither settings nor meaning say it: that is never taken for paid. */
export function mapStatus(
  { order, status }: RelayedOrder,
  settings: Pick<ExpertSenderSettings, 'statuses' | 'returnedAs'>,
): MappedStatus | undefined {
  const set = settings.statuses.get(status.id);
  if (set) return { status: set, isReturned: false };
  switch (status.meaning) {
    case 'new':
      return { status: isPaid(order) ? 'paid' : 'placed', isReturned: false };
    // Shipping has no equivalent: the order stands as it stood before it was sent, and that is the word for paid.
    case 'paid':
    case 'shipped':
      return { status: order.payment.cashOnDelivery && !isPaid(order) ? 'placed' : 'paid', isReturned: false };
    case 'completed':
      return { status: 'completed', isReturned: false };
    case 'cancelled':
      return { status: 'canceled', isReturned: false };
    case 'returned':
      return { status: settings.returnedAs, isReturned: settings.returnedAs === 'completed' };
    case undefined:
      return undefined;
  }
}

/** All of it is there; an order that costs nothing has nothing to wait for. */
function isPaid({ total, payment }: Order): boolean {
  const due = roundMoney(total);
  return roundMoney(payment.paidAmount) >= due && (due > 0n || !payment.cashOnDelivery);
}
