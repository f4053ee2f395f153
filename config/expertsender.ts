import { z } from 'zod';
import { bare, choice, isPlaceholder, list, oneOf, optional, pairs, integer, boolean } from './kinds.ts';

/** What may be sent as an attribute; never renamed. */
const ORDER_FIELDS = [
  ...([
    'delivery_method',
    'delivery_price',
    'payment_method',
    'cash_on_delivery',
    'source',
    'status',
    'number',
  ] as const),
  ...(['country', 'pickup_point', 'carrier', 'wants_invoice', 'discount', 'extra_field_1', 'extra_field_2'] as const),
] as const;
const PRODUCT_FIELDS = ['product_id', 'variant_id', 'sku', 'ean', 'vat', 'weight'] as const;

/** The platform has at most so many attributes of a kind, with names of so many characters. */
const MAX_ATTRIBUTES = 10;
const MAX_NAME = 256;

const STATUSES = ['placed', 'paid', 'completed', 'canceled'] as const;

const isProductField = (text: string): text is (typeof PRODUCT_FIELDS)[number] | `attribute:${string}` =>
  oneOf(PRODUCT_FIELDS)(text) || /^attribute:./.test(text);

const attributes = <V extends string>(setting: string, isField: (text: string) => text is V, fields: string) =>
  pairs(isField, `${setting} must look like Name=field,Name=field with fields out of ${fields}`).refine(
    (map) => map.size <= MAX_ATTRIBUTES && [...map.keys()].every((name) => name.length <= MAX_NAME),
    `${setting}: at most ${MAX_ATTRIBUTES} attributes, with names of at most ${MAX_NAME} characters`,
  );

/** Domains from which the marketplaces lend addresses to buyers. */
const ALIAS_DOMAINS = [
  ...['allegromail.pl', 'allegromail.cz', 'allegromail.sk', 'allegromail.hu', 'marketplace.amazon.*', 'members.ebay.*'],
  ...['empik.com', 'empikplace.com', 'mirakl.net', 'scs.tiktokw.us', 'verkopen.bol.com', 'relay.walmart.com'],
];

export const EXPERTSENDER = {
  EXPERTSENDER_API_KEY: optional(
    z
      .string()
      .pipe(bare('EXPERTSENDER_API_KEY'))
      .pipe(z.string().regex(/^[\x21-\x7e]+$/, 'EXPERTSENDER_API_KEY holds characters that no key has'))
      .refine(
        (value) => !isPlaceholder(value),
        'EXPERTSENDER_API_KEY still is a placeholder: paste the key that the panel of ExpertSender shows, or leave it empty',
      )
      .optional(),
  ),
  EXPERTSENDER_URL: optional(
    z
      .string()
      .default('https://api.ecdp.app')
      .refine(isAddress, 'EXPERTSENDER_URL must be an https:// address without user, query and fragment')
      .transform((url) => url.replace(/\/+$/, '')),
  ),
  EXPERTSENDER_MODE: choice(['AddOrReplace', 'Add', 'Replace'], 'AddOrReplace'),
  EXPERTSENDER_BATCH: integer('EXPERTSENDER_BATCH', 1, 1000, 50),
  EXPERTSENDER_CALLS_PER_SECOND: integer('EXPERTSENDER_CALLS_PER_SECOND', 1, 1000, 5),
  EXPERTSENDER_PATIENCE_SECONDS: integer('EXPERTSENDER_PATIENCE_SECONDS', 1, 300, 30),
  EXPERTSENDER_MATCH_FIELD: choice(['email', 'phone', 'crmId'], 'email'),
  EXPERTSENDER_ENSURE_CUSTOMER: boolean(false),
  EXPERTSENDER_WEBSITE_ID: optional(
    z
      .string()
      .regex(/^\d{1,10}$/, 'EXPERTSENDER_WEBSITE_ID must be a whole number')
      .transform(Number)
      .pipe(z.number().max(2_147_483_647))
      .optional(),
  ),
  EXPERTSENDER_TIME_ZONE: optional(z.string().trim().default('UTC')),
  EXPERTSENDER_ORDER_ID_PREFIX: optional(
    z.string().max(64, 'EXPERTSENDER_ORDER_ID_PREFIX has at most 64 characters').default(''),
  ),
  EXPERTSENDER_CUSTOMER_ID_PREFIX: optional(
    z.string().max(64, 'EXPERTSENDER_CUSTOMER_ID_PREFIX has at most 64 characters').default(''),
  ),
  EXPERTSENDER_PRODUCT_ID: choice(['product', 'variant', 'product-variant', 'sku', 'ean'], 'product'),
  EXPERTSENDER_STATUSES: pairs(
    oneOf(STATUSES),
    `EXPERTSENDER_STATUSES must look like 5=canceled,7=completed with words out of ${STATUSES.join(', ')}`,
  ),
  EXPERTSENDER_CANCELED_AS: optional(
    z
      .string()
      .regex(/^cancell?ed$/i, 'EXPERTSENDER_CANCELED_AS must be a spelling of canceled or cancelled')
      .default('canceled'),
  ),
  EXPERTSENDER_RETURNED_AS: choice(['completed', 'canceled'], 'completed'),
  EXPERTSENDER_SEND_ZERO_RETURNED: boolean(false),
  EXPERTSENDER_SEND_ALIASES: boolean(false),
  EXPERTSENDER_ALIAS_DOMAINS: list('EXPERTSENDER_ALIAS_DOMAINS', ALIAS_DOMAINS)
    .transform((domains) => domains.map((domain) => domain.toLowerCase().replace(/^@/, '')))
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*(\.\*)?$/, 'EXPERTSENDER_ALIAS_DOMAINS must hold domains, comma-separated'),
      ),
    ),
  EXPERTSENDER_ORDER_ATTRIBUTES: attributes(
    'EXPERTSENDER_ORDER_ATTRIBUTES',
    oneOf(ORDER_FIELDS),
    ORDER_FIELDS.join(', '),
  ),
  EXPERTSENDER_PRODUCT_ATTRIBUTES: attributes(
    'EXPERTSENDER_PRODUCT_ATTRIBUTES',
    isProductField,
    `${PRODUCT_FIELDS.join(', ')}, attribute:<name>`,
  ),
};

type Given = z.output<z.ZodObject<typeof EXPERTSENDER>>;

/** Undefined without a key: the key is what switches the target on. */
export function expertSenderOf(data: Given) {
  if (data.EXPERTSENDER_API_KEY === undefined) return undefined;
  return {
    url: data.EXPERTSENDER_URL,
    apiKey: data.EXPERTSENDER_API_KEY,
    mode: data.EXPERTSENDER_MODE,
    batchSize: data.EXPERTSENDER_BATCH,
    callsPerSecond: data.EXPERTSENDER_CALLS_PER_SECOND,
    timeoutMs: data.EXPERTSENDER_PATIENCE_SECONDS * 1000,
    matchField: data.EXPERTSENDER_MATCH_FIELD,
    ensureCustomer: data.EXPERTSENDER_ENSURE_CUSTOMER,
    websiteId: data.EXPERTSENDER_WEBSITE_ID,
    timeZone: data.EXPERTSENDER_TIME_ZONE,
    orderIdPrefix: data.EXPERTSENDER_ORDER_ID_PREFIX,
    customerIdPrefix: data.EXPERTSENDER_CUSTOMER_ID_PREFIX,
    productId: data.EXPERTSENDER_PRODUCT_ID,
    statuses: data.EXPERTSENDER_STATUSES,
    canceledAs: data.EXPERTSENDER_CANCELED_AS,
    returnedAs: data.EXPERTSENDER_RETURNED_AS,
    sendsZeroReturned: data.EXPERTSENDER_SEND_ZERO_RETURNED,
    sendsAliases: data.EXPERTSENDER_SEND_ALIASES,
    aliasDomains: data.EXPERTSENDER_ALIAS_DOMAINS,
    orderAttributes: data.EXPERTSENDER_ORDER_ATTRIBUTES,
    productAttributes: data.EXPERTSENDER_PRODUCT_ATTRIBUTES,
  };
}

/** Orders hold personal data, so they travel encrypted; a remote system on the loopback is a simulator or a tunnel. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  const isInside = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isInside);
  return isSafe && username === '' && password === '' && search === '' && hash === '';
}
