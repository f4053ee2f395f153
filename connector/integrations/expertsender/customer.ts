import { countryOf } from '../../domain/country.ts';
import { e164 } from '../../domain/phone.ts';
import type { Order } from '../../domain/order.ts';
import type { ExpertSenderSettings } from './settings.ts';

/** Who bought, by whatever the platform may know them; what is not known is left out. */
export interface WireCustomer {
  readonly email?: string;
  readonly phone?: string;
  readonly crmId?: string;
}

const MAX_LENGTH = { email: 320, phone: 20, crmId: 128 };

type CustomerIdentity = Pick<ExpertSenderSettings, 'customerIdPrefix'>;

/** What the platform may know a buyer by; what is not known is undefined. */
const FIELDS: Readonly<Record<keyof WireCustomer, (order: Order, identity: CustomerIdentity) => string | undefined>> = {
  email({ email }) {
    const address = email.trim().toLowerCase();
    return isAddress(address) ? address : undefined;
  },
  phone({ phone, delivery, invoice }) {
    const number = e164(phone, countryOf(delivery, invoice));
    return number !== '' && number.length <= MAX_LENGTH.phone ? number : undefined;
  },
  crmId({ customerId = '' }, { customerIdPrefix }) {
    const crmId = `${customerIdPrefix}${customerId}`;
    // Guests have none: with "0" all of them would be one person.
    return customerId !== '' && customerId !== '0' && crmId.length <= MAX_LENGTH.crmId ? crmId : undefined;
  },
};

/** One of them alone: reading a phone number takes longer than the rest of an order. */
export function customerField(order: Order, field: keyof WireCustomer, identity: CustomerIdentity): string | undefined {
  return FIELDS[field](order, identity);
}

/** What is too long is left out and not cut: a cut address is somebody else's. */
export function wireCustomer(order: Order, identity: CustomerIdentity): WireCustomer {
  const email = FIELDS.email(order, identity);
  const phone = FIELDS.phone(order, identity);
  const crmId = FIELDS.crmId(order, identity);
  return {
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(crmId !== undefined && { crmId }),
  };
}

function isAddress(email: string): boolean {
  return email.length <= MAX_LENGTH.email && /^[^\s@]+@[^\s@]+$/.test(email);
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
