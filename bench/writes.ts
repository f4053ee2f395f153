import type { Knex } from 'knex';
import { readRows } from '../connector/db/connect.ts';

export interface Writes {
  /** What each is sent, so that every request changes something. `NUMBER` stands for how many were sent before. */
  readonly requests: Readonly<Record<Who, Call['requests']>>;
  /** How every right answer begins. */
  readonly answer: string;
  /** Whether the same request once more gives the same answer, and changes nothing. */
  readonly isRepeatable: boolean;
  /** Brings the shop to where it was before the first request. */
  reset(db: Knex): Promise<void>;
  /** All that a request has written, without what must differ: ids, times. */
  rows(db: Knex): Promise<unknown>;
  /** How many answers the tables account for, where that can be counted. */
  written?(db: Knex, who: Who): Promise<number>;
}

/** One row of the table: a call that is timed, with the floor and with the connector. */
export interface Call {
  /** What `--only` looks for. */
  readonly name: string;
  readonly title: string;
  /** Form fields of the requests, which are sent one after the other and then from the beginning again. */
  readonly requests: readonly Readonly<Record<string, string>>[];
  /** Of a call that writes; its `requests` are those of the floor. */
  readonly writes?: Writes;
  /** A dump's first and last page are compared with each other. */
  readonly page?: 'first' | 'last';
}

/** The names of the two that are compared. */
export type Who = 'floor' | 'connector';

type Fields = Call['requests'][number];
type Variant = readonly [productId: number, variantId: number];

const ITEMS = 1000;
const MAX_ORDERS = 2000;
const BASKETS = 200;
/** Different values of the same thousand articles: a call that came just before has set others. */
const VALUES = 4;
const STOCK = 100_000;

/** Two statuses of the made-up shop that an order goes between; neither cancels it. */
const FROM = '8';
const TO = '6';

export async function writeCalls(db: Knex): Promise<readonly Call[]> {
  const variants = await someVariants(db);
  const updates = updatesOf(variants);
  return [
    withRequests('orderadd', 'OrderAdd, 3 lines', await orderAdd(db, variants)),
    withRequests('orderupdate', 'OrderUpdate, status', await orderUpdate(db)),
    withRequests(
      'stock-json',
      `ProductsQuantityUpdate, ${ITEMS} items, JSON`,
      stockUpdate(variants, updates.map(asJson)),
    ),
    withRequests(
      'stock-brackets',
      `ProductsQuantityUpdate, ${ITEMS} items, brackets`,
      stockUpdate(variants, updates.map(asBrackets)),
    ),
  ];
}

function withRequests(name: string, title: string, writes: Writes): Call {
  return { name, title, requests: writes.requests.floor, writes };
}

/** Four fifths products, one fifth variants, by id. */
async function someVariants(db: Knex): Promise<readonly Variant[]> {
  const products = await readRows(db, `SELECT id, 0 FROM shop_products ORDER BY id LIMIT ${(ITEMS * 4) / 5}`);
  const variants = await readRows(db, `SELECT product_id, id FROM shop_variants ORDER BY id LIMIT ${ITEMS / 5}`);
  return [...products, ...variants] as unknown as Variant[];
}

async function orderAdd(db: Knex, variants: readonly Variant[]): Promise<Writes> {
  // What an interrupted run has left behind.
  await readRows(db, 'DELETE FROM shop_orders WHERE id IN (SELECT order_id FROM bl_orders)');
  const [last] = await readRows(db, 'SELECT MAX(id) FROM shop_orders');
  const lastId = Number(last?.[0]);
  return {
    requests: { floor: baskets(variants, '1'), connector: baskets(variants, '2') },
    answer: '{"order_id":',
    isRepeatable: true,
    async reset(trx) {
      for (const table of OURS) await trx(table).truncate();
      await trx('shop_orders').where('id', '>', lastId).delete();
      await resetStock(trx, variants);
    },
    async rows(trx) {
      const orders = await trx('shop_orders').where('id', '>', lastId);
      const lines = await trx('shop_order_lines').where('order_id', '>', lastId).orderBy('id');
      return { orders: comparable(orders), lines: comparable(lines), ...(await ourRows(trx)) };
    },
    async written(trx, who) {
      const begin = who === 'floor' ? '1' : '2';
      const sql = `SELECT COUNT(*) FROM bl_orders b JOIN shop_orders o ON o.id = b.order_id AND o.paid_amount = o.total
        WHERE b.baselinker_id LIKE '${begin}%' AND (SELECT COUNT(*) FROM shop_order_lines l WHERE l.order_id = o.id) = 3`;
      return Number((await readRows(trx, sql))[0]?.[0]);
    },
  };
}

const OURS = ['bl_orders', 'bl_booked_stock', 'bl_changes'] as const;

/** Every fourth has a variant among its three lines. */
function baskets(articles: readonly Variant[], begin: string): Fields[] {
  const products = articles.filter(([, variantId]) => variantId === 0);
  const variants = articles.filter(([, variantId]) => variantId !== 0);
  return Array.from({ length: BASKETS }, (_, n) => {
    const third = n % 4 === 3 ? variants[n % variants.length] : products[3 * n + 2];
    return {
      ...ORDER,
      baselinker_id: `${begin}00NUMBER`,
      products: JSON.stringify(
        [products[3 * n], products[3 * n + 1], third].map((details = [0, 0], at) => ({
          id: String(details[0]),
          variant_id: String(details[1]),
          sku: `SKU-${at}`,
          name: `Kubek żółty ${at}`,
          price: '19.90',
          quantity: String(1 + at),
          auction_id: `90000${at}`,
        })),
      ),
    };
  });
}

const ADDRESS = {
  fullname: 'Zażółć Gęślą',
  company: 'Jaźń sp. z o.o.',
  address: 'ul. Długa 12/3',
  postcode: '90-001',
  city: 'Łódź',
  state_code: '',
  country: 'Polska',
  country_code: 'PL',
};

/** As BaseLinker sends an order of a marketplace, empty fields included. */
const ORDER = {
  action: 'OrderAdd',
  previous_order_id: '0',
  ...Object.fromEntries(Object.entries(ADDRESS).map(([part, text]) => [`delivery_${part}`, text])),
  ...Object.fromEntries(Object.entries(ADDRESS).map(([part, text]) => [`invoice_${part}`, text])),
  invoice_nip: '5260250274',
  email: 'kupujaca@example.test',
  phone: '+48601202303',
  delivery_method: 'Kurier DPD',
  delivery_method_id: '1',
  delivery_price: '14.99',
  delivery_point_id: '',
  delivery_point_name: '',
  payment_method: 'Przelew tradycyjny',
  payment_method_id: '1',
  payment_method_cod: '0',
  user_comments: 'Proszę dzwonić przed dostawą',
  status_id: '2',
  currency: 'PLN',
  want_invoice: '1',
  paid: '1',
  change_products_quantity: '1',
  transaction_id: '',
  service: 'allegro',
  service_account: 'sklep',
  client_login: 'kupujaca77',
} as const;

/** Each has orders of its own, and takes them from one status to the other and back. */
async function orderUpdate(db: Knex): Promise<Writes> {
  const found = await readRows(db, `SELECT id FROM shop_orders WHERE is_draft = 0 ORDER BY id LIMIT ${2 * MAX_ORDERS}`);
  const ids = found.map(([id]) => Number(id));
  const requests = (rest: number) => {
    const own = ids.filter((_, n) => n % 2 === rest);
    return [TO, FROM].flatMap((status) =>
      own.map((id) => ({
        action: 'OrderUpdate',
        orders_ids: String(id),
        update_type: 'status',
        update_value: status,
      })),
    );
  };
  return {
    requests: { floor: requests(0), connector: requests(1) },
    answer: '{"counter":1}',
    isRepeatable: true,
    async reset(trx) {
      await trx('shop_orders').whereIn('id', ids).update({ status_id: FROM });
    },
    // Which orders differs; how many in which status does not.
    rows: (trx) => trx('shop_orders').whereIn('id', ids).groupBy('status_id').select('status_id').count({ n: '*' }),
  };
}

interface Item {
  readonly product_id: number;
  readonly variant_id: number;
  readonly operation: 'set' | 'change';
  readonly quantity: number;
}

/** In no order, two thirds `set`, one third `change`. */
function updatesOf(variants: readonly Variant[]): Item[][] {
  return Array.from({ length: VALUES }, (_, value) =>
    variants.map((_, n) => {
      const [product_id, variant_id] = variants[(n * 7 + value) % variants.length] ?? [0, 0];
      return n % 3 === 2
        ? { product_id, variant_id, operation: 'change', quantity: value % 2 === 0 ? 3 : -3 }
        : { product_id, variant_id, operation: 'set', quantity: STOCK + value };
    }),
  );
}

function asJson(items: readonly Item[]): Fields {
  return { action: 'ProductsQuantityUpdate', products: JSON.stringify(items) };
}

function asBrackets(items: readonly Item[]): Fields {
  const fields = items.flatMap((item, n) =>
    Object.entries(item).map(([name, value]): [string, string] => [`products[${n}][${name}]`, String(value)]),
  );
  return { action: 'ProductsQuantityUpdate', ...Object.fromEntries(fields) };
}

function stockUpdate(variants: readonly Variant[], requests: readonly Fields[]): Writes {
  return {
    requests: { floor: requests, connector: requests },
    answer: `{"counter":${variants.length}}`,
    isRepeatable: false,
    async reset(trx) {
      await trx('bl_changes').truncate();
      await resetStock(trx, variants);
    },
    async rows(trx) {
      const stock = await readRows(
        trx,
        `SELECT id, quantity FROM shop_products WHERE quantity > ${STOCK / 2}
         UNION ALL SELECT id, quantity FROM shop_variants WHERE quantity > ${STOCK / 2}`,
      );
      return { stock, ...(await ourRows(trx)) };
    },
  };
}

async function resetStock(trx: Knex, variants: readonly Variant[]): Promise<void> {
  const ids = (isVariant: boolean) =>
    variants.filter(([, variant]) => (variant !== 0) === isVariant).map(([product, variant]) => variant || product);
  await trx('shop_products').whereIn('id', ids(false)).update({ quantity: STOCK });
  await trx('shop_variants').whereIn('id', ids(true)).update({ quantity: STOCK });
}

async function ourRows(trx: Knex): Promise<Readonly<Record<string, unknown>>> {
  return {
    references: comparable(await trx('bl_orders')),
    bookings: comparable(await trx('bl_booked_stock').orderBy(['product_id', 'variant_id'])),
    changes: comparable(await trx('bl_changes').orderBy(['product_id', 'variant_id'])),
  };
}

/** Ids, numbers and times are those of one call; that they are there is compared all the same. */
function comparable(rows: readonly Record<string, unknown>[]): unknown[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, OF_ONE_CALL.has(name) ? value !== null : value]),
    ),
  );
}

const OF_ONE_CALL = new Set([
  ...['id', 'order_id', 'baselinker_id', 'source_reference', 'fingerprint', 'call_id'],
  ...['created_at', 'changed_at', 'paid_at', 'at'],
]);
