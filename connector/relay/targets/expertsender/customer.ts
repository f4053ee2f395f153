import { e164 } from '../../../domain/phone.ts';
import type { Order } from '../../../domain/order.ts';
import type { ExpertSenderSettings } from './settings.ts';

/** Who bought, by whatever the platform may know them; what is not known is left out. */
export interface WireCustomer {
  readonly email?: string;
  readonly phone?: string;
  readonly crmId?: string;
}

const MOST = { email: 320, phone: 20, crmId: 128 };

/**
 * What is too long is left out and not cut: a cut address is somebody else's. Guests have no crmId: with "0" all of them
 * would be one person.
 */
export function wireCustomer(
  order: Order,
  { customerIdPrefix }: Pick<ExpertSenderSettings, 'customerIdPrefix'>,
): WireCustomer {
  const email = order.email.trim().toLowerCase();
  const phone = e164(order.phone, order.delivery.countryCode || order.invoice.countryCode);
  const isGuest = order.customerId === undefined || order.customerId === '' || order.customerId === '0';
  const crmId = isGuest ? '' : `${customerIdPrefix}${order.customerId}`;
  return {
    ...(isAddress(email) && { email }),
    ...(phone !== '' && phone.length <= MOST.phone && { phone }),
    ...(crmId !== '' && crmId.length <= MOST.crmId && { crmId }),
  };
}

function isAddress(email: string): boolean {
  return email.length <= MOST.email && /^[^\s@]+@[^\s@]+$/.test(email);
}

/**
 * Whether the address is one that a marketplace lends to a buyer: sending it to a platform for marketing breaks the rules
 * of most of them. `members.ebay.*` fits any ending; every domain includes what lies below it.
 */
export function isAlias(email: string, domains: readonly string[]): boolean {
  const domain = email.trim().toLowerCase().split('@').at(-1) ?? '';
  return domains.some((pattern) => {
    const dotted = `.${pattern.toLowerCase()}`;
    return dotted.endsWith('.*') ? `.${domain}`.includes(dotted.slice(0, -1)) : `.${domain}`.endsWith(dotted);
  });
}
