import { z } from 'zod';
import { SUPPLY_STATES, type SupplyState } from '../../../domain/supply.ts';
export type { SupplyState };

/**
 * What stands between our words and a wholesaler's wire: plain data, so that the first real account corrects a file and no
 * code. Little of IdoSell's CustomerAPI is public; every default that is not documented is an assumption
 * (docs/protocol/idosell.md section 9). `docs/idosell.md` describes each key.
 */

const word = z.string().min(1).max(200);
const seconds = z.number().int().min(1);

const Endpoint = z.strictObject({
  gate: word,
  method: word,
  version: word.optional(),
  endpointTemplate: word.optional(),
  soapNamespace: word.optional(),
  soapAction: word.optional(),
});

const endpoint = (gate: string, method: string) => Endpoint.default({ gate, method });
/** An operation that this wholesaler may not have. */
const optionalEndpoint = (gate: string, method: string) => Endpoint.nullable().default({ gate, method });
const noEndpoint = () => Endpoint.nullable().default(null);

const Operations = z.strictObject({
  authenticate: endpoint('Authenticate', 'authenticate'),
  checkAvailability: endpoint('Dropshipping', 'basketVerification'),
  importBasket: endpoint('Dropshipping', 'basketImport'),
  listCouriers: optionalEndpoint('Dropshipping', 'getCouriers'),
  listCouriersForOrder: endpoint('Dropshipping', 'getCouriersForOrder'),
  placeOrder: endpoint('Dropshipping', 'placeOrder'),
  getOrderStatuses: endpoint('Dropshipping', 'getOrdersStatus'),
  getAddresses: optionalEndpoint('Dropshipping', 'getDeliveryAddresses'),
  updateAddress: optionalEndpoint('Dropshipping', 'setDeliveryAddress'),
  getSupplierData: optionalEndpoint('Dropshipping', 'getSupplierData'),
  /** Not known to exist (4.10). */
  cancelOrder: noEndpoint(),
  /** Not known to exist: without it a basket that was filled in vain is emptied by a person. */
  clearBasket: noEndpoint(),
});

export type OperationName = keyof z.output<typeof Operations>;

/** Wire names by ours: `{ code: 'code' }`. Whatever is renamed at the wholesaler is renamed here. */
function wireNames<const Names extends Readonly<Record<string, string>>>(names: Names) {
  type Wire = { readonly [Name in keyof Names]: string };
  const shape = Object.fromEntries(
    Object.entries(names).map(([ours, wire]) => [ours, z.string().min(1).default(wire)]),
  );
  // The cast: zod's types cannot follow a shape that is made of names one by one.
  return z.strictObject(shape).prefault({}) as unknown as z.ZodPrefault<z.ZodType<Wire, Partial<Wire>>>;
}

const same = <const Names extends readonly string[]>(...names: Names) =>
  Object.fromEntries(names.map((name) => [name, name])) as { readonly [Name in Names[number]]: Name };

const ADDRESS = same('firstName', 'lastName', 'firm', 'street', 'zipCode', 'city', 'countryId', 'phone');

const Names = z
  .strictObject({
    /** What stands around every request and answer (2.2, 4.0). */
    frame: wireNames(same('params', 'response', 'results', 'errors', 'faultCode', 'faultString', 'item')),
    /** A line of a basket (4.2, 4.3). */
    product: wireNames(
      same(
        'products',
        'code',
        'codeType',
        'quantity',
        'comment',
        'attachments',
        'name',
        'file',
        'available',
        'quantityAvailable',
      ),
    ),
    /** The basket as a whole (4.2, 4.3). */
    basket: wireNames(same('status', 'mode')),
    /** A courier (4.4, 4.5). */
    courier: wireNames({
      ...same('couriers', 'courierId', 'courierName', 'companyKey', 'hasPickupPoints', 'paymentTypes', 'countryId'),
      ...same('trackingUrlTemplate', 'deliveryCost', 'currencyId', 'estimatedDeliveryDate'),
    }),
    /** A dropshipping order: what is asked and what is answered (4.6, 4.10). */
    order: wireNames({
      ...same('courierId', 'deliveryDate', 'pickupPointId', 'paymentType', 'cashOnDeliveryAmount', 'currencyId'),
      ...same('deliveryAddress', 'payerAddress', 'clientNoteToCourier', 'clientRequestInvoice'),
      ...same('orderId', 'orderSerialNumber', 'status', 'total', 'deliveryCost', 'resultStatus'),
    }),
    /** The consumer (4.6). */
    address: wireNames({ ...ADDRESS, ...same('provinceId', 'email') }),
    /** The reseller's billing data (4.6). */
    payer: wireNames({ ...ADDRESS, ...same('nip') }),
    /** How an order stands (4.7). */
    status: wireNames({
      ...same(
        'orders',
        'orderId',
        'orderSerialNumber',
        'dateBegin',
        'dateEnd',
        'orderStatus',
        'dropshippingOrderStatus',
      ),
      ...same('orderChangeDate', 'orderDispatchDate', 'packages'),
    }),
    /** A parcel (4.7). */
    package: wireNames({
      ...same('courierId', 'courierName', 'trackingUrl'),
      packageNumber: 'deliveryPackageNumber',
      shippingNumber: 'deliveryShippingNumber',
    }),
    /** A consumer's address as the wholesaler keeps it (4.8). */
    addressRecord: wireNames(same('addresses', 'deliveryAddressIds', 'deliveryAddressId', 'resultStatus')),
    /** The wholesaler itself (4.9). */
    supplier: wireNames({
      ...same('name', 'email', 'phone', 'street', 'zipCode', 'city', 'averageDeliveryTime', 'orderCompletionTime'),
      ...same('value', 'unit', 'workDays', 'day', 'type', 'from', 'to'),
    }),
  })
  .prefault({});

/** Values with a meaning. */
const Words = z
  .strictObject({
    flag: wireNames({ yes: 'y', no: 'n' }),
    /** The answer to an availability check in which everything can be had. */
    basketStatus: wireNames({ ok: 'OK' }),
    basketMode: wireNames(same('replace', 'append')),
    paymentType: wireNames({ prepaid: 'prepaid', cashOnDelivery: 'cash_on_delivery', tradeCredit: 'tradecredit' }),
    invoice: wireNames({ paper: 'y', electronic: 'e', none: 'n' }),
  })
  .prefault({});

/** What a fault number means; never renamed. */
export const FAULT_CLASSES = [
  'done',
  'empty',
  'auth',
  'supplier-unavailable',
  'dropshipping-disabled',
  'too-large',
  'product-unknown',
  'out-of-stock',
  'not-sold',
  'basket-empty',
  'stock-changed',
  'address-invalid',
  'courier-unavailable',
  'customer-blocked',
  'minimum-order',
  'rejected',
  'protocol',
] as const;

export type FaultClass = (typeof FAULT_CLASSES)[number];

const faultTable = z.record(z.string().regex(/^-?\d+$|^default$/, 'a fault number, or default'), z.enum(FAULT_CLASSES));

/** By operation, then for all of them; `default` is for numbers that a table does not have (2.6, P4). */
const Faults = z
  .strictObject({
    common: faultTable.default({
      '0': 'done',
      '1': 'auth',
      '2': 'empty',
      '3': 'supplier-unavailable',
      '4': 'supplier-unavailable',
      '5': 'dropshipping-disabled',
      '6': 'too-large',
    }),
    operations: z
      .strictObject({
        authenticate: faultTable.default({}),
        checkAvailability: faultTable.default({ '10': 'product-unknown', '11': 'out-of-stock', '12': 'not-sold' }),
        importBasket: faultTable.default({
          ...{ '10': 'product-unknown', '11': 'out-of-stock', '12': 'not-sold', default: 'rejected' },
        }),
        listCouriers: faultTable.default({}),
        listCouriersForOrder: faultTable.default({ '20': 'basket-empty' }),
        placeOrder: faultTable.default({
          ...{ '20': 'basket-empty', '21': 'stock-changed', '22': 'address-invalid', '23': 'courier-unavailable' },
          ...{ '24': 'customer-blocked', '25': 'minimum-order', default: 'rejected' },
        }),
        getOrderStatuses: faultTable.default({}),
        getAddresses: faultTable.default({}),
        updateAddress: faultTable.default({ '22': 'address-invalid', default: 'rejected' }),
        getSupplierData: faultTable.default({}),
        cancelOrder: faultTable.default({ default: 'rejected' }),
        clearBasket: faultTable.default({ default: 'rejected' }),
      })
      .prefault({}),
  })
  .prefault({});

/** `finished_ext` is shipped only with a parcel or a dispatch date, else processing. */
const STATUS_MAP: Readonly<Record<string, SupplyState | 'shipped-if-sent'>> = {
  new: 'submitted',
  payment_waiting: 'awaiting_supplier_payment',
  delivery_waiting: 'backordered',
  wait_for_dispatch: 'scheduled',
  suspended: 'on_hold',
  on_order: 'processing',
  wait_for_packaging: 'processing',
  packed: 'processing',
  packed_fulfillment: 'processing',
  packed_ready: 'packed',
  ready: 'ready_to_ship',
  wait_for_receive: 'ready_to_ship',
  finished: 'shipped',
  finished_ext: 'shipped-if-sent',
  joined: 'on_hold',
  missing: 'cancelled',
  lost: 'cancelled',
  false: 'cancelled',
  canceled: 'cancelled',
  returned: 'returned',
  complained: 'on_hold',
  complainted: 'on_hold',
};

/** Symbols of which the operator is told. */
const ALERTS = [
  ...['payment_waiting', 'delivery_waiting', 'suspended', 'joined', 'missing', 'lost', 'false'],
  ...['complained', 'complainted', 'notCanceled'],
];

const aliases = (...names: string[]) => z.array(word).default(names);

const Webhook = z
  .strictObject({
    allowGet: z.boolean().default(false),
    /** Whether a notification is believed, or only makes us ask (6.2). */
    trust: z.enum(['confirm', 'path-secret']).default('confirm'),
    maxBytes: z.number().int().min(1024).max(10_000_000).default(262_144),
    /** Names under which a notification may say something; compared without case, `_` and `-` (6.1). */
    aliases: z
      .strictObject({
        orderId: aliases('orderId', 'order_id', 'id'),
        orderSerialNumber: aliases('orderSerialNumber', 'order_sn', 'orderSn', 'orderNumber', 'order_number'),
        reference: aliases('externalOrderId', 'orderExternalId', 'reference', 'clientNoteToOrder'),
        packageNumber: aliases('deliveryPackageNumber', 'packageNumber', 'package_number', 'trackingNumber', 'numbers'),
        shippingNumber: aliases('deliveryShippingNumber', 'shippingNumber', 'shipping_number'),
        courier: aliases('courierId', 'courierName', 'deliverer', 'deliverer_id'),
        status: aliases('orderStatus', 'status', 'dropshippingOrderStatus'),
        time: aliases('orderDispatchDate', 'dispatchDate', 'date'),
      })
      .prefault({}),
  })
  .prefault({});

const Payer = z
  .strictObject({
    firstName: z.string().default(''),
    lastName: z.string().default(''),
    firm: z.string().default(''),
    nip: z.string().default(''),
    street: z.string().default(''),
    zipCode: z.string().default(''),
    city: z.string().default(''),
    countryId: z.string().default('PL'),
    phone: z.string().default(''),
  })
  .prefault({});

export const Profile = z
  .strictObject({
    /** Stored with everything that concerns this wholesaler, and names its target: never renamed. */
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,23}$/, 'name must be 1 to 24 small letters, digits and hyphens'),
    login: word,
    /** The environment variables that hold the two secrets. */
    passwordEnv: word,
    dropshippingKeyEnv: word,

    mode: z.literal('customer-api').default('customer-api'),
    /** A name, perhaps with a port. */
    host: word.regex(
      /^(?:\[[0-9a-f:]+\]|[^\s/\\@:?#{}[\]]+)(?::\d{1,5})?$/i,
      'host must be a name such as hurt.example.com, without https:// and without a path',
    ),
    endpointTemplate: word.default('https://{host}/customer-api/?gate={gate}/{method}/{version}/{format}'),
    apiVersion: word.default('1'),
    format: z.enum(['soap', 'json']).default('soap'),
    soapNamespace: word.default('{method}'),
    soapAction: word.default('{namespace}#{method}'),
    operations: Operations.prefault({}),

    /** '' puts the keys directly into the request. */
    authBlock: z.string().default('authenticate'),
    loginField: word.default('systemLogin'),
    systemKeyField: word.default('systemKey'),
    sessionKeyField: word.default('sessionKey'),
    dropshippingKeyField: word.default('dropshippingKey'),
    timeZone: word.default('Europe/Warsaw'),
    sessionTtlSeconds: seconds.default(900),
    sessionMarginSeconds: z.number().int().min(0).default(120),
    singleSession: z.boolean().default(true),

    basketScope: z.enum(['account', 'session']).default('account'),
    basketReplaceSupported: z.boolean().default(false),
    referenceField: word.default('clientNoteToOrder'),
    referencePrefix: z.string().default('REF:'),
    /** A second field that takes the bare reference; '' where there is none. */
    externalReferenceField: z.string().default(''),
    /** `{id}` and `{number}` of the shop's order, `{part}` of the split. */
    referenceTemplate: z
      .string()
      .default('{id}/{part}')
      .refine((text) => /\{(id|number)\}/.test(text) && text.includes('{part}'), 'needs {part} and {id} or {number}'),

    maxRequestBytes: z.number().int().min(1000).default(10_000_000),
    maxElements: z.number().int().min(1).default(100),
    maxConcurrency: z.number().int().min(1).max(20).default(2),
    minIntervalMs: z.number().int().min(0).default(200),
    timeoutSeconds: seconds.max(120).default(30),
    availabilityTimeoutSeconds: seconds.max(120).default(4),

    names: Names,
    words: Words,
    faults: Faults,
    statusMap: z.record(z.string(), z.enum([...SUPPLY_STATES, 'shipped-if-sent'])).default({ ...STATUS_MAP }),
    /** The coarse state in the supplier's system, where it is told (section 7): it never makes an order cancelled by failing. */
    coarseStatusMap: z.record(z.string(), z.enum([...SUPPLY_STATES, 'keep'])).default({
      finished: 'shipped',
      canceled: 'cancelled',
      notCanceled: 'keep',
    }),
    /** Symbols of an account that tells statuses by number. */
    statusIds: z.record(z.string(), word).default({}),
    alertStatuses: z.array(word).default(ALERTS),
    /** Symbols of goods that were lost on their way: the one way from shipped to cancelled (section 7). */
    lostStatuses: z.array(word).default(['lost']),

    /** When an order is sent on (section 5; a COD order still needs `cashOnDelivery`). */
    sendWhen: z.enum(['paid-or-cod', 'paid', 'placed']).default('paid-or-cod'),
    /** Older orders are not ordered by themselves: who switches a wholesaler on has old orders, too. */
    maxOrderAgeDays: z.number().min(0.1).default(30),
    cashOnDelivery: z.enum(['rejected', 'accepted']).default('rejected'),
    /** How the reseller pays for an order that is no COD order. */
    paymentType: z.enum(['prepaid', 'tradeCredit']).default('prepaid'),
    invoice: z.enum(['paper', 'electronic', 'none']).default('none'),
    payer: Payer,
    sendConsumerEmail: z.enum(['never', 'pickup-points', 'always']).default('pickup-points'),
    /** Courier ids in order of preference by the shop's delivery method id; `*` is for every other method. */
    couriers: z.record(z.string(), z.array(z.string().regex(/^\d+$/, 'a courier id')).min(1)).default({}),
    courierFallback: z.enum(['none', 'cheapest']).default('none'),
    /** Link by courier id, with `{number}`. */
    trackingTemplates: z.record(z.string(), word).default({}),
    /** The shop's status of an order whose every line a wholesaler has sent: an id, `auto` by meaning, or `none`. */
    shippedStatus: word.default('auto'),

    lookup: z
      .strictObject({ tries: z.number().int().min(1).default(3), withinMinutes: z.number().min(0.01).default(10) })
      .prefault({}),
    polling: z
      .strictObject({
        workMinutes: z.number().min(0.01).default(15),
        otherMinutes: z.number().min(0.01).default(60),
        workFromHour: z.number().int().min(0).max(23).default(8),
        workToHour: z.number().int().min(1).max(24).default(18),
        dailyAfterDays: z.number().min(1).default(14),
        stopAfterDays: z.number().min(1).default(60),
      })
      .prefault({}),
    webhook: Webhook,
  })
  .refine(
    ({ sessionTtlSeconds, sessionMarginSeconds }) => sessionMarginSeconds < sessionTtlSeconds,
    'sessionMarginSeconds must be less than sessionTtlSeconds',
  );

export type Profile = Readonly<z.output<typeof Profile>>;
