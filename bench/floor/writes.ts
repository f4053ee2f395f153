import { createHash } from 'node:crypto';
import type { Ask, InTransaction } from './database.ts';
import { moveStock } from './stock.ts';

type Fields = Readonly<Record<string, string>>;

/** Read once: they do not change during a run. */
export interface Statuses {
  readonly first: number;
  readonly cancelling: ReadonlySet<number>;
  readonly all: ReadonlySet<number>;
}

export async function readStatuses(ask: Ask): Promise<Statuses> {
  const rows = await ask<[id: number, meaning: string]>('SELECT id, meaning FROM shop_statuses ORDER BY position', []);
  return {
    first: rows.find(([, meaning]) => meaning === 'new')?.[0] ?? 0,
    cancelling: new Set(rows.filter(([, meaning]) => meaning === 'cancelled').map(([id]) => id)),
    all: new Set(rows.map(([id]) => id)),
  };
}

const CLAIM = `INSERT INTO bl_orders (connection, baselinker_id, created_at, changed_at) VALUES ('baselinker', ?, ?, ?)
  ON DUPLICATE KEY UPDATE connection = bl_orders.connection`;
const CLAIMED = `SELECT order_id, fingerprint FROM bl_orders
  WHERE connection = 'baselinker' AND baselinker_id = ? FOR UPDATE`;
const BIND = `UPDATE bl_orders SET order_id = ?, fingerprint = ?, asked_status = ?, asked_paid = ?, changed_at = ?
  WHERE connection = 'baselinker' AND baselinker_id = ?`;

const ADDRESS = ['fullname', 'company', 'address', 'postcode', 'city', 'state_code', 'country', 'country_code'];
/** Columns that are named as on the wire, and the others in the order of `placeOrder`. */
const TEXTS = [
  ...['email', 'phone', 'invoice_nip', 'currency', 'transaction_id', 'service', 'service_account', 'client_login'],
  ...ADDRESS.flatMap((part) => [`delivery_${part}`, `invoice_${part}`]),
  ...['delivery_point_id', 'delivery_point_name', 'delivery_point_address', 'delivery_point_postcode'],
  ...['delivery_point_city', 'user_comments'],
];
const HEAD_COLUMNS = [
  ...['source_reference', 'status_id', 'created_at', 'phone_e164', 'want_invoice', 'delivery_id', 'delivery_name'],
  ...['delivery_price', 'payment_id', 'payment_name', 'cash_on_delivery', 'total', 'paid_amount', 'paid_at'],
  ...TEXTS,
];
const HEAD = `INSERT INTO shop_orders (source, admin_comments, ${HEAD_COLUMNS.join()})
  VALUES ('baselinker', '', ${HEAD_COLUMNS.map(() => '?').join()})`;
const lineSql = (count: number) => `INSERT INTO shop_order_lines (order_id, position, product_id, variant_id, sku, ean,
  name, quantity, price, vat_rate, weight, location, auction_id) VALUES ${tuples(count, 13)}`;
const bookingSql = (count: number) =>
  `INSERT INTO bl_booked_stock (order_id, product_id, variant_id, quantity) VALUES ${tuples(count, 4)}`;

const TEN = new Array<string>(10).fill('?').join();
const PRODUCTS = `SELECT id, 0, sku, ean, vat_rate, weight, location FROM shop_products
  WHERE id IN (${TEN}) AND removed_at IS NULL`;
const VARIANTS = `SELECT v.product_id, v.id, v.sku, v.ean, p.vat_rate, COALESCE(v.weight, p.weight), p.location
  FROM shop_variants v JOIN shop_products p ON p.id = v.product_id
  WHERE v.id IN (${TEN}) AND v.removed_at IS NULL AND p.removed_at IS NULL`;

type VariantRow = [
  ...[product: number, variant: number, sku: string, ean: string, vat: string | null],
  ...[weight: string, location: string],
];

interface SentLine extends Readonly<Record<'sku' | 'name' | 'price' | 'auction_id', string>> {
  readonly product: number;
  readonly variant: number;
  readonly quantity: number;
}

/** No order of more than ten lines, and none that comes again with other content: the bench sends neither. */
export async function addOrder(inTransaction: InTransaction, statuses: Statuses, fields: Fields): Promise<string> {
  const lines = (JSON.parse(fields['products'] ?? '') as Record<string, string>[]).map(
    (line) =>
      ({
        ...line,
        product: Number(line['id']),
        variant: Number(line['variant_id']),
        quantity: Number(line['quantity']),
      }) as unknown as SentLine,
  );
  const fingerprint = createHash('sha256').update(JSON.stringify(fields)).digest();
  const reference = fields['baselinker_id'] ?? '';
  const status = Number(fields['status_id'] ?? statuses.first);
  const isPaid = fields['paid'] === '1';
  return inTransaction(async (ask, write) => {
    const at = new Date();
    await write(CLAIM, [reference, at, at]);
    const [claimed] = await ask<[string | null, Buffer | null]>(CLAIMED, [reference]);
    if (claimed?.[1]?.equals(fingerprint) === true) return `{"order_id":${claimed[0]}}`;
    const variants = await readVariants(ask, lines);
    const orderId = await write(HEAD, headOf(fields, lines, statuses.all.has(status) ? status : statuses.first, at));
    await write(
      lineSql(lines.length),
      lines.flatMap((line, n) => {
        const article = variants.get(`${line.product} ${line.variant}`);
        const [, , sku = line.sku, ean = '', vat = null, weight = 0, location = ''] = article ?? [];
        const { product, variant, name, quantity, price } = line;
        return [
          orderId,
          n,
          product,
          variant,
          sku || line.sku,
          ean,
          name,
          quantity,
          price,
          vat,
          weight,
          location,
          line.auction_id,
        ];
      }),
    );
    await write(BIND, [orderId, fingerprint, String(status), isPaid ? 1 : 0, at, reference]);
    await moveStock(
      ask,
      write,
      lines.map(({ product, variant, quantity }) => [product, variant, 0, -quantity]),
      {
        ...{ at, action: 'OrderAdd', orderId: String(orderId) },
      },
    );
    await write(
      bookingSql(lines.length),
      lines.flatMap(({ product, variant, quantity }) => [orderId, product, variant, quantity].map(String)),
    );
    return `{"order_id":${orderId}}`;
  });
}

async function readVariants(ask: Ask, lines: readonly SentLine[]): Promise<ReadonlyMap<string, VariantRow>> {
  const ten = (ids: readonly number[]) => Array.from({ length: 10 }, (_, n) => ids[n] ?? ids.at(-1) ?? 0);
  const products = lines.filter(({ variant }) => variant === 0).map(({ product }) => product);
  const variants = lines.filter(({ variant }) => variant !== 0).map(({ variant }) => variant);
  const rows = [
    ...(products.length === 0 ? [] : await ask<VariantRow>(PRODUCTS, ten(products))),
    ...(variants.length === 0 ? [] : await ask<VariantRow>(VARIANTS, ten(variants))),
  ];
  return new Map(rows.map((row) => [`${row[0]} ${row[1]}`, row]));
}

function headOf(
  fields: Fields,
  lines: readonly SentLine[],
  status: number,
  at: Date,
): (string | number | Date | null)[] {
  const cents = (text: string) => Math.round(Number(text) * 100);
  const delivery = fields['delivery_price'] || '0.00';
  const total = lines.reduce((sum, { price, quantity }) => sum + cents(price) * quantity, cents(delivery)) / 100;
  const isPaid = fields['paid'] === '1';
  return [
    ...[fields['baselinker_id'] ?? '', status, at, (fields['phone'] ?? '').replace(/[^+\d]/g, '')],
    ...[
      Number(fields['want_invoice']),
      Number(fields['delivery_method_id']),
      fields['delivery_method'] ?? '',
      delivery,
    ],
    ...[Number(fields['payment_method_id']), fields['payment_method'] ?? '', Number(fields['payment_method_cod'])],
    ...[total.toFixed(2), isPaid ? total.toFixed(2) : '0.00', isPaid ? at : null],
    ...TEXTS.map((name) => fields[name] ?? ''),
  ];
}

const HEAD_OF_ORDER = 'SELECT status_id FROM shop_orders WHERE id = ? AND is_draft = 0 FOR UPDATE';
const STATUS = 'UPDATE shop_orders SET status_id = ? WHERE id = ? AND is_draft = 0 AND status_id <> ?';

/** Between statuses that put no stock back: the bench sends no others. */
export async function updateOrders(inTransaction: InTransaction, statuses: Statuses, fields: Fields): Promise<string> {
  const status = Number(fields['update_value']);
  if (!statuses.all.has(status) || statuses.cancelling.has(status))
    throw new Error('not a status that the floor knows');
  let counter = 0;
  for (const id of (fields['orders_ids'] ?? '').split(',').map(Number)) {
    counter += await inTransaction(async (ask, write) => {
      const [order] = await ask<[number]>(HEAD_OF_ORDER, [id]);
      if (!order) return 0;
      await write(STATUS, [status, id, status]);
      return 1;
    });
  }
  return `{"counter":${counter}}`;
}

function tuples(count: number, width: number): string {
  const one = `(${new Array<string>(width).fill('?').join()})`;
  return new Array<string>(count).fill(one).join();
}
