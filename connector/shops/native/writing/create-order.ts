import type { OrderLine } from '../../../domain/order.ts';
import { isDuplicate, readRows, write, type SqlValue } from '../../../db/connect.ts';
import type { LinkedOrderDraft, LinkedOrderDraftLine, UnitOfWork } from '../../../contracts/shop-writing.ts';
import { idNumber } from '../columns.ts';
import { fitting, headColumns, withNotes } from './order-head.ts';
import { MAX_BYTES, MAX_CHARACTERS } from '../texts.ts';

/** One statement for the head, one for the lines. Without a number of its own, the order is shown by its id. */
export async function createOrder(
  unit: UnitOfWork,
  order: LinkedOrderDraft,
  statusId: string,
  at: Date,
  paidAt?: Date,
): Promise<string | undefined> {
  const notes = [...order.notes];
  const lines = order.lines.map((line, n) => lineColumns(line, n, notes));
  const content = headColumns(order, notes);
  const names = [...BIRTH_COLUMNS, ...Object.keys(content)];
  const sql = `INSERT INTO shop_orders (${names.join(', ')}) VALUES ${tuples(1, names.length)}`;
  const orderId = await insertedId(unit, sql, [
    order.source,
    order.sourceReference || null,
    Number(statusId),
    at,
    paidAt ? order.total : '0.00',
    paidAt ?? null,
    withNotes('', notes),
    ...Object.values(content),
  ]);
  if (orderId === undefined) return undefined;
  await storeLines(unit, orderId, lines, []);
  return String(orderId);
}

/** Written once, when an order is created; its content may be replaced later. */
const BIRTH_COLUMNS = [
  ...['source', 'source_reference', 'status_id', 'created_at', 'paid_amount', 'paid_at', 'admin_comments'],
];

/** The number at its source is the only unique key besides the id, which the database hands out. */
async function insertedId(unit: UnitOfWork, sql: string, values: readonly SqlValue[]): Promise<number | undefined> {
  try {
    return (await write(unit, sql, values)).insertId;
  } catch (error) {
    if (isDuplicate(error)) return undefined;
    throw error;
  }
}

/**
 * Lines keep their ids where the same variant stands at the same place as before, because other tables of the shop
 * (returns, invoices) may name them. The change time moves even when only lines changed.
 */
export async function replaceOrder(unit: UnitOfWork, id: string, order: LinkedOrderDraft): Promise<void> {
  const orderId = idNumber(id) ?? 0;
  const [row] = await readRows(unit, 'SELECT admin_comments FROM shop_orders WHERE id = ?', [orderId]);
  if (!row) throw new Error(`order ${id} is not there to be replaced`);
  const notes = [...order.notes];
  const lines = order.lines.map((line, n) => lineColumns(line, n, notes));
  const columns: Record<string, SqlValue> = headColumns(order, notes);
  const changed = { ...columns, admin_comments: withNotes(String(row[0]), notes) };
  const sql = `UPDATE shop_orders SET ${Object.keys(changed)
    .map((name) => `${name} = ?`)
    .join(', ')},
    changed_at = CURRENT_TIMESTAMP(3) WHERE id = ?`;
  await write(unit, sql, [...Object.values(changed), orderId]);
  await write(unit, 'DELETE FROM shop_order_adjustments WHERE order_id = ?', [orderId]);
  await storeLines(unit, orderId, lines, await storedLines(unit, orderId));
}

type StoredLine = readonly [id: number, productId: number | null, variantId: number, name: string];

async function storedLines(unit: UnitOfWork, orderId: number): Promise<StoredLine[]> {
  const sql = `SELECT id, product_id, variant_id, name FROM shop_order_lines
    WHERE order_id = ? ORDER BY position, id FOR UPDATE`;
  return (await readRows(unit, sql, [orderId])) as unknown as StoredLine[];
}

/** Replaces the line at its position where that is of the same variant; the other stored lines are deleted. */
async function storeLines(
  unit: UnitOfWork,
  orderId: number,
  lines: readonly LineColumns[],
  stored: readonly StoredLine[],
): Promise<void> {
  // Without an id the row gets one of its own.
  const ids = lines.map((line, n) => (isSameVariant(line, stored[n]) ? stored[n][0] : null));
  const kept = new Set(ids);
  const gone = stored.filter(([id]) => !kept.has(id));
  if (gone.length > 0) {
    await unit('shop_order_lines')
      .whereIn(
        'id',
        gone.map(([id]) => id),
      )
      .delete();
  }
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE) {
    const some = lines.slice(at, at + LINES_AT_ONCE);
    const sql = `INSERT INTO shop_order_lines (${LINE_COLUMNS.join(', ')}) VALUES ${tuples(some.length, LINE_COLUMNS.length)}`;
    const values = some.flatMap((line, n) => lineValues(line, orderId, ids[at + n] ?? null));
    await write(unit, stored.length === 0 ? sql : `${sql} ON DUPLICATE KEY UPDATE ${OVERWRITTEN}`, values);
  }
}

function isSameVariant(line: LineColumns, before: StoredLine | undefined): before is StoredLine {
  return (
    before?.[1] === line.product_id &&
    before[2] === line.variant_id &&
    (line.product_id !== null || before[3] === line.name)
  );
}

/** A prepared statement takes 65,535 values. */
const LINES_AT_ONCE = 1000;

const LINE_COLUMNS = [
  ...(['id', 'order_id', 'position', 'product_id', 'variant_id', 'sku', 'ean', 'name', 'location'] as const),
  ...(['auction_id', 'quantity', 'price', 'vat_rate', 'weight', 'attributes'] as const),
];

/** In the order of LINE_COLUMNS, written out: looking each up by its name takes longer. */
function lineValues(line: LineColumns, orderId: number, id: number | null): SqlValue[] {
  return [
    ...[id, orderId, line.position, line.product_id, line.variant_id, line.sku, line.ean, line.name, line.location],
    ...[line.auction_id, line.quantity, line.price, line.vat_rate, line.weight, line.attributes],
  ];
}

const OVERWRITTEN = LINE_COLUMNS.map((column) => `${column} = VALUES(${column})`).join(', ');

/** `(?, ?), (?, ?)` */
function tuples(count: number, width: number): string {
  const one = `(${new Array<string>(width).fill('?').join(', ')})`;
  return new Array<string>(count).fill(one).join(', ');
}

type LineColumns = ReturnType<typeof lineColumns>;

function lineColumns(line: LinkedOrderDraftLine, n: number, notes: string[]) {
  const productId = idNumber(line.productId ?? '') ?? null;
  const { sku, ean, name, location, auctionId } = line;
  const where = `line ${n + 1}: `;
  return {
    position: n,
    product_id: productId,
    variant_id: productId === null ? 0 : (idNumber(line.variantId) ?? 0),
    ...fitting(MAX_CHARACTERS.shop_order_lines, { sku, ean, name, location, auction_id: auctionId }, notes, where),
    quantity: line.quantity,
    price: line.price,
    vat_rate: line.vat === 'exempt' ? null : line.vat,
    weight: line.weight,
    attributes: attributesJson(line.attributes, where, notes),
  };
}

/** Cut JSON is no JSON: what does not fit is left out attribute by attribute. */
function attributesJson(attributes: OrderLine['attributes'], where: string, notes: string[]): string | null {
  if (attributes.length === 0) return null;
  const fits: string[] = [];
  let bytes = 2;
  for (const { name, value, price } of attributes) {
    const json = JSON.stringify({ name, value, price });
    bytes += Buffer.byteLength(json) + 1;
    if (bytes <= MAX_BYTES.shop_order_lines.attributes) fits.push(json);
  }
  const leftOut = attributes.length - fits.length;
  if (leftOut > 0) notes.push(`${where}${leftOut} of ${attributes.length} attributes were left out: too long`);
  return `[${fits.join()}]`;
}
