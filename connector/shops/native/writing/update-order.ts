import { readRows, write } from '../../../db/connect.ts';
import type { Parcel } from '../../../domain/order.ts';
import type { LockedLine, LockedOrder, OrderChange, UnitOfWork } from '../../../contracts/shop-writing.ts';
import { idNumber } from '../columns.ts';
import { fitting, withNotes } from './order-head.ts';
import { MAX_CHARACTERS } from '../texts.ts';

type HeadRow = readonly [source: string, statusId: number];
type LineRow = readonly [productId: number | null, variantId: number, quantity: number];
type ParcelRow = readonly [id: number, carrier: string, url: string];

export async function findOrder(
  unit: UnitOfWork,
  source: string,
  sourceReference: string,
): Promise<string | undefined> {
  const [row] = await readRows(unit, FIND_SQL, [source, sourceReference]);
  return row && String(row[0]);
}

const FIND_SQL = 'SELECT id FROM shop_orders WHERE source = ? AND source_reference = ?';

export async function lockOrder(unit: UnitOfWork, id: string): Promise<LockedOrder | undefined> {
  const orderId = idNumber(id);
  if (orderId === undefined) return undefined;
  const [head] = (await readRows(unit, LOCK_SQL, [orderId])) as unknown as HeadRow[];
  return head && { id, source: head[0], statusId: String(head[1]) };
}

const LOCK_SQL = 'SELECT source, status_id FROM shop_orders WHERE id = ? AND is_draft = 0 FOR UPDATE';

export async function lockLines(unit: UnitOfWork, id: string): Promise<LockedLine[]> {
  const orderId = idNumber(id);
  if (orderId === undefined) return [];
  const rows = (await readRows(unit, LINES_SQL, [orderId])) as unknown as LineRow[];
  return rows.map(([productId, variantId, quantity]) => ({
    productId: productId === null ? undefined : String(productId),
    variantId: String(variantId),
    quantity,
  }));
}

const LINES_SQL = `SELECT product_id, variant_id, quantity FROM shop_order_lines
  WHERE order_id = ? ORDER BY position, id FOR UPDATE`;

/** Each statement requires a difference, so that a repeated call changes nothing, not even the order's change time. */
export async function updateOrder(unit: UnitOfWork, id: string, change: OrderChange): Promise<boolean> {
  const orderId = idNumber(id);
  if (orderId === undefined) return false;
  switch (change.kind) {
    case 'status': {
      const statusId = Number(change.statusId);
      return (await write(unit, STATUS_SQL, [statusId, orderId, statusId])).rows > 0;
    }
    case 'payment':
      return change.paid
        ? (await write(unit, PAID_SQL, [change.at, orderId])).rows > 0
        : (await write(unit, UNPAID_SQL, [orderId])).rows > 0;
    case 'parcel':
      return addParcel(unit, orderId, change.parcel);
  }
}

const STATUS_SQL = 'UPDATE shop_orders SET status_id = ? WHERE id = ? AND is_draft = 0 AND status_id <> ?';

/** What was captured may be more than the total, and is left alone then. Nothing to pay is paid once, too. */
const PAID_SQL = `UPDATE shop_orders SET paid_amount = GREATEST(paid_amount, total), paid_at = ?
  WHERE id = ? AND is_draft = 0 AND (paid_amount < total OR (paid_amount = 0 AND paid_at IS NULL))`;
const UNPAID_SQL = `UPDATE shop_orders SET paid_amount = 0, paid_at = NULL
  WHERE id = ? AND is_draft = 0 AND (paid_amount <> 0 OR paid_at IS NOT NULL)`;

/** Parcels stand in a table of their own: the order's change time is moved by hand. */
async function addParcel(unit: UnitOfWork, orderId: number, parcel: Parcel): Promise<boolean> {
  const notes: string[] = [];
  const { carrier, tracking_number, tracking_url } = fitting(
    MAX_CHARACTERS.shop_parcels,
    { carrier: parcel.carrier, tracking_number: parcel.trackingNumber, tracking_url: parcel.trackingUrl },
    notes,
  );
  if (tracking_number === '') return false;
  const [order] = await readRows(unit, ORDER_OF_PARCEL_SQL, [orderId]);
  if (!order) return false;
  const [known] = (await readRows(unit, PARCEL_SQL, [orderId, tracking_number])) as unknown as ParcelRow[];
  if (!known) {
    await write(unit, NEW_PARCEL_SQL, [orderId, carrier, tracking_number, tracking_url]);
  } else {
    const [parcelId, knownCarrier, knownUrl] = known;
    const [newCarrier, newUrl] = [carrier || knownCarrier, tracking_url || knownUrl];
    if (newCarrier === knownCarrier && newUrl === knownUrl) return false;
    await write(unit, CHANGED_PARCEL_SQL, [newCarrier, newUrl, parcelId]);
  }
  await write(unit, TOUCH_SQL, [withNotes(String(order[0]), notes), orderId]);
  return true;
}

const ORDER_OF_PARCEL_SQL = 'SELECT admin_comments FROM shop_orders WHERE id = ? AND is_draft = 0';
const PARCEL_SQL = 'SELECT id, carrier, tracking_url FROM shop_parcels WHERE order_id = ? AND tracking_number = ?';
const NEW_PARCEL_SQL =
  'INSERT INTO shop_parcels (order_id, carrier, tracking_number, tracking_url) VALUES (?, ?, ?, ?)';
const CHANGED_PARCEL_SQL = 'UPDATE shop_parcels SET carrier = ?, tracking_url = ? WHERE id = ?';
const TOUCH_SQL = 'UPDATE shop_orders SET admin_comments = ?, changed_at = CURRENT_TIMESTAMP(3) WHERE id = ?';
