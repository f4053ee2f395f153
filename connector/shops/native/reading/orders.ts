import type { Knex } from 'knex';
import type { Order } from '../../../domain/order.ts';
import { isNoPoint } from '../../../domain/pickup-point.ts';
import { grouped, idNumbers, idSlices, readSlice, type Slice } from '../columns.ts';
import {
  adjustmentsSql,
  linesSql,
  parcelsSql,
  toAdjustment,
  toLine,
  toParcel,
  type AdjustmentRow,
  type LineRow,
  type ParcelRow,
} from './order-lines.ts';

/** Order heads, lines, adjustments and parcels by four queries at once. */
export async function orders(db: Knex, ids: readonly string[]): Promise<readonly Order[]> {
  const found: Order[] = [];
  for (const slice of idSlices(idNumbers(ids).sort((a, b) => a - b))) {
    const [heads, lines, adjustments, parcels] = await Promise.all([
      readSlice<HeadRow>(db, slice, headsSql),
      readSlice<LineRow>(db, slice, linesSql),
      readSlice<AdjustmentRow>(db, slice, adjustmentsSql),
      readSlice<ParcelRow>(db, slice, parcelsSql),
    ]);
    const linesOf = grouped(lines, orderOf);
    const adjustmentsOf = grouped(adjustments, orderOf);
    const parcelsOf = grouped(parcels, orderOf);
    for (const head of heads) {
      const id = head[0];
      found.push(
        toOrder(head, {
          lines: linesOf.get(id)?.map(toLine) ?? [],
          adjustments: adjustmentsOf.get(id)?.map(toAdjustment) ?? [],
          parcels: parcelsOf.get(id)?.map(toParcel) ?? [],
        }),
      );
    }
  }
  return found;
}

const orderOf = (row: readonly [orderId: number, ...rest: unknown[]]) => row[0];

const headsSql = (on: Slice['on']) => `
  SELECT id, number, created_at, status_id, email, phone,
    delivery_fullname, delivery_company, delivery_address, delivery_postcode, delivery_city, delivery_state_code,
    delivery_country, delivery_country_code,
    invoice_fullname, invoice_company, invoice_address, invoice_postcode, invoice_city, invoice_state_code,
    invoice_country, invoice_country_code, invoice_nip, want_invoice,
    delivery_point_id, delivery_point_name, delivery_point_address, delivery_point_postcode, delivery_point_city,
    delivery_id, delivery_name, delivery_price,
    payment_id, payment_name, cash_on_delivery, paid_amount, paid_at, payment_external_id, payment_operator,
    currency, total, user_comments, admin_comments, extra_field_1, extra_field_2, transaction_id, customer_id
  FROM shop_orders WHERE ${on('id')} AND is_draft = 0 ORDER BY id`;

type AddressColumns = [string, string, string, string, string, string, string, string];

/** The columns of `headsSql`, in its order. */
type HeadRow = readonly [
  ...[id: number, number: string, placedAt: Date, statusId: number, email: string, phone: string],
  ...AddressColumns,
  ...AddressColumns,
  ...[taxNumber: string, wantsInvoice: number],
  ...[pointId: string, pointName: string, pointAddress: string, pointPostcode: string, pointCity: string],
  ...[deliveryId: number | null, deliveryName: string, deliveryPrice: string],
  ...[paymentId: number | null, paymentName: string, cashOnDelivery: number, paidAmount: string, paidAt: Date | null],
  ...[externalId: string, operator: string, currency: string, total: string],
  ...[userComments: string, adminComments: string, extra1: string, extra2: string, transactionId: string],
  ...[customerId: number | null],
];

function toOrder(row: HeadRow, parts: Pick<Order, 'lines' | 'adjustments' | 'parcels'>): Order {
  const id = String(row[0]);
  return {
    id,
    number: row[1] || id,
    placedAt: row[2],
    statusId: String(row[3]),
    customerId: row[46] === null ? undefined : String(row[46]),
    email: row[4],
    phone: row[5],
    delivery: {
      fullname: row[6],
      company: row[7],
      address: row[8],
      postcode: row[9],
      city: row[10],
      stateCode: row[11],
      country: row[12],
      countryCode: row[13],
    },
    invoice: {
      fullname: row[14],
      company: row[15],
      address: row[16],
      postcode: row[17],
      city: row[18],
      stateCode: row[19],
      country: row[20],
      countryCode: row[21],
      taxNumber: row[22],
    },
    wantsInvoice: row[23] === 1,
    pickupPoint: {
      id: isNoPoint(row[24]) ? '' : row[24],
      name: row[25],
      address: row[26],
      postcode: row[27],
      city: row[28],
    },
    deliveryMethod: { id: idText(row[29]), name: row[30], price: row[31] },
    payment: {
      methodId: idText(row[32]),
      method: row[33],
      cashOnDelivery: row[34] === 1,
      paidAmount: row[35],
      paidAt: row[36] ?? undefined,
      externalId: row[37],
      operator: row[38],
    },
    currency: row[39],
    total: row[40],
    userComments: row[41],
    adminComments: row[42],
    extraFields: [row[43], row[44]],
    transactionId: row[45],
    lines: parts.lines,
    adjustments: parts.adjustments,
    parcels: parts.parcels,
  };
}

/** Of a method of delivery or payment; 0 is none, too. */
function idText(id: number | null): string {
  return id === null || id === 0 ? '' : String(id);
}
