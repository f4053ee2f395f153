/**
 * The floor of the relay's figures: what hand-written code needs to bring the same orders to the same remote system and
 * to leave the same rows behind. A bare loop: claim, read, post, settle; no breaker, no comparison with what was told
 * before, no log, no time limits. What it must not leave out: leases that are taken in an order without waiting and
 * settled only while they hold, the newest state of the order, commits that last.
 */

import { createHash, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { HUNDRED, filledUp, openDatabase, type Ask, type InTransaction, type Value } from './database.ts';

const { DATABASE_URL = '', EXPERTSENDER_URL = '', EXPERTSENDER_API_KEY = '', EXPERTSENDER_BATCH = '' } = process.env;
const BATCH = Number(EXPERTSENDER_BATCH);
const CALLS_AT_A_TIME = 2;
const PAUSE_MS = 1000;
const LEASE_MS = 60_000;
const OWNER = `floor:${process.pid}`;

const { ask, inTransaction } = openDatabase(DATABASE_URL);
const agent = new Agent({ keepAlive: true });

type Due = [id: number, orderId: string, attempts: number];

const CLAIM = `SELECT id, order_id, attempts FROM bl_outbox FORCE INDEX (bl_outbox_claim)
  WHERE target = 'expertsender' AND state = 'due' AND due_at <= ? ORDER BY due_at, id LIMIT ${BATCH}
  FOR UPDATE SKIP LOCKED`;
const JSON_IDS = "JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$'))";
const LEASE = `UPDATE ${JSON_IDS} AS j STRAIGHT_JOIN bl_outbox AS o FORCE INDEX (PRIMARY) ON o.id = j.id
  SET o.state = 'leased', o.owner = ?, o.leased_until = ?, o.leased_version = o.version, o.attempts = o.attempts + 1`;

async function claim(transaction: InTransaction): Promise<{ readonly rows: readonly Due[]; readonly until: Date }> {
  const now = new Date();
  const until = new Date(now.getTime() + LEASE_MS);
  const rows = await transaction(async (read, write) => {
    const due = await read<Due>(CLAIM, [now]);
    if (due.length > 0) await write(LEASE, [JSON.stringify(due.map(([id]) => id)), OWNER, until]);
    return due;
  });
  return { rows, until };
}

type Head = [
  ...[id: number, placedAt: Date, email: string, phone: string, total: string, paid: string, currency: string],
  ...[cashOnDelivery: number, customerId: number | null, meaning: string],
];
type Line = [orderId: number, productId: number | null, sku: string, name: string, quantity: number, price: string];

const HEADS = `SELECT o.id, o.created_at, o.email, o.phone, o.total, o.paid_amount, o.currency, o.cash_on_delivery,
    o.customer_id, s.meaning
  FROM shop_orders o JOIN shop_statuses s ON s.id = o.status_id WHERE o.id IN (${HUNDRED}) AND o.is_draft = 0`;
const LINES = `SELECT order_id, product_id, sku, name, quantity, price FROM shop_order_lines
  WHERE order_id IN (${HUNDRED}) ORDER BY order_id, position, id`;

interface Told {
  readonly json: string;
  readonly memo: string;
}

async function newest(read: Ask, orderIds: readonly number[]): Promise<ReadonlyMap<number, Told>> {
  const values = filledUp(orderIds);
  const [heads, lines] = await Promise.all([read<Head>(HEADS, values), read<Line>(LINES, values)]);
  const products = new Map<number, string>();
  for (const [orderId, productId, sku, name, quantity, price] of lines) {
    const id = productId === null ? sku || 'free-text' : String(productId);
    const one = `{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"price":${Number(price)},"quantity":${quantity}}`;
    const before = products.get(orderId);
    products.set(orderId, before === undefined ? one : `${before},${one}`);
  }
  return new Map(heads.map((head) => [head[0], told(head, products.get(head[0]) ?? '')]));
}

function told(head: Head, products: string): Told {
  const [id, placedAt, email, phone, total, paid, currency, cashOnDelivery, customerId, meaning] = head;
  const isPaid = Number(paid) >= Number(total) && (Number(total) > 0 || cashOnDelivery === 0);
  const status =
    meaning === 'completed' ? 'completed' : isPaid || (meaning !== 'new' && cashOnDelivery === 0) ? 'paid' : 'placed';
  const digits = phone.replace(/[^+\d]/g, '');
  const customer = [
    `"email":${JSON.stringify(email.toLowerCase())}`,
    ...(digits === '' ? [] : [`"phone":"${digits.startsWith('+') ? '' : '+48'}${digits}"`]),
    ...(customerId === null ? [] : [`"crmId":"${customerId}"`]),
  ].join();
  const date = `${placedAt.toISOString().slice(0, -5)}Z`;
  const begin = `{"id":"${id}","date":"${date}","timeZone":"UTC",`;
  const rest = `"currency":"${currency}","totalValue":${Number(total)},"customer":{${customer}},"products":[${products}]}`;
  const content = createHash('sha256').update(`${begin}${rest}`).digest('hex').slice(0, 32);
  return { json: `${begin}"status":"${status}",${rest}`, memo: JSON.stringify({ status, content }) };
}

const ADDRESS = new URL(`${EXPERTSENDER_URL}/orders`);

function post(body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      ADDRESS,
      {
        method: 'POST',
        agent,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          'x-api-key': EXPERTSENDER_API_KEY,
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
        answer.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

const MOVED = 'o.version > o.leased_version';
const SETTLE = `UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$[0]', reference VARCHAR(200) PATH '$[1]',
    memo TEXT PATH '$[2]')) AS j STRAIGHT_JOIN bl_outbox AS o FORCE INDEX (PRIMARY) ON o.id = j.id
  SET o.due_at = IF(${MOVED}, ?, o.due_at), o.due_since = IF(${MOVED}, ?, o.due_since),
    o.attempts = IF(${MOVED}, 0, o.attempts), o.state = IF(${MOVED}, 'due', 'done'), o.reference = j.reference,
    o.memo = j.memo, o.unsure = 0, o.delivered_at = ?, o.reason = ''
  WHERE o.owner = ? AND o.state = 'leased' AND o.leased_until = ?`;
const CALLS = `INSERT INTO bl_calls (at, kind, name, order_id, result, detail, bytes, ms, request_id)
  SELECT ?, 'delivery', 'expertsender', j.order_id, 'delivered', j.order_id, 0, ?, ?
  FROM JSON_TABLE(?, '$[*]' COLUMNS (order_id VARCHAR(30) PATH '$')) AS j`;

let isStopping = false;

async function run(transaction: InTransaction, read: Ask): Promise<void> {
  while (!isStopping) {
    const { rows, until } = await claim(transaction);
    if (rows.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      continue;
    }
    const beganAt = performance.now();
    const orders = await newest(
      read,
      rows.map(([, orderId]) => Number(orderId)),
    );
    const batch = rows.map(([id, orderId]) => {
      const order = orders.get(Number(orderId));
      if (!order) throw new Error(`order ${orderId} is not there`);
      return { id, orderId, ...order };
    });
    const status = await post(`{"mode":"AddOrReplace","data":[${batch.map(({ json }) => json).join()}]}`);
    if (status !== 201) throw new Error(`the party answered ${status}`);
    const now = new Date();
    const settled = JSON.stringify(batch.map(({ id, orderId, memo }) => [id, orderId, memo]));
    const values: Value[] = [settled, now, now, now, OWNER, until];
    await read(SETTLE, values);
    const ms = Math.round(performance.now() - beganAt);
    await read(CALLS, [now, ms, randomUUID(), JSON.stringify(batch.map(({ orderId }) => orderId))]);
  }
}

const loops = Array.from({ length: CALLS_AT_A_TIME }, () => run(inTransaction, ask));
process.once('SIGTERM', () => {
  isStopping = true;
  void Promise.all(loops).then(() => process.exit());
});
