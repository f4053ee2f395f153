/** The four words for an order's status that the platform knows; `canceled` is written as the settings say. */
export type PlatformStatus = 'placed' | 'paid' | 'completed' | 'canceled';

/** What may be sent as an attribute of an order. */
export type OrderField =
  | 'delivery_method'
  | 'delivery_price'
  | 'payment_method'
  | 'cash_on_delivery'
  | 'source'
  | 'status'
  | 'number'
  | 'country'
  | 'pickup_point'
  | 'carrier'
  | 'wants_invoice'
  | 'discount'
  | 'extra_field_1'
  | 'extra_field_2';

/** What may be sent as an attribute of a product; `attribute:Colour` is the line's own attribute of that name. */
export type ProductField = 'product_id' | 'variant_id' | 'sku' | 'ean' | 'vat' | 'weight' | `attribute:${string}`;

/** How orders are told to one business unit. What each of them means stands in `config/example.env`. */
export interface ExpertSenderSettings {
  readonly url: string;
  readonly apiKey: string;
  readonly mode: 'Add' | 'AddOrReplace' | 'Replace';
  readonly batchSize: number;
  readonly callsPerSecond: number;
  readonly timeoutMs: number;
  readonly matchField: 'email' | 'phone' | 'crmId';
  readonly ensureCustomer: boolean;
  readonly websiteId: number | undefined;
  /** A name of the IANA list or of the Windows list. */
  readonly timeZone: string;
  readonly orderIdPrefix: string;
  readonly customerIdPrefix: string;
  readonly productId: 'product' | 'variant' | 'product-variant' | 'sku' | 'ean';
  /** By the shop's status id. */
  readonly statuses: ReadonlyMap<string, PlatformStatus>;
  readonly canceledAs: string;
  readonly returnedAs: 'completed' | 'canceled';
  readonly sendsZeroReturned: boolean;
  readonly sendsAliases: boolean;
  readonly aliasDomains: readonly string[];
  /** The platform's name of an attribute, and what is sent as its value. */
  readonly orderAttributes: ReadonlyMap<string, OrderField>;
  readonly productAttributes: ReadonlyMap<string, ProductField>;
}
