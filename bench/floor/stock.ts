import { randomUUID } from 'node:crypto';
import type { InTransaction } from './database.ts';

type Fields = Readonly<Record<string, string>>;

/** Article, whether the pieces are the new stock, and the pieces. */
type Move = [product: number, variant: number, isSet: number, pieces: number];

export async function updateStock(inTransaction: InTransaction, fields: Fields, body: string): Promise<string> {
  const sent = fields['products'] === undefined ? fromBrackets(body) : fromJson(fields['products']);
  const folded = new Map<string, Move>();
  for (const move of sent) {
    const key = `${move[0]} ${move[1]}`;
    const earlier = folded.get(key);
    if (earlier && move[2] === 0) earlier[3] += move[3];
    else folded.set(key, move);
  }
  const known = await inTransaction((ask, write) =>
    moveStock(ask, write, [...folded.values()], { at: new Date(), action: 'ProductsQuantityUpdate', orderId: null }),
  );
  return `{"counter":${sent.filter(([product, variant]) => known.has(`${product} ${variant}`)).length}}`;
}

function fromJson(text: string): Move[] {
  return (JSON.parse(text) as Record<string, string | number>[]).map((item) => [
    Number(item['product_id']),
    Number(item['variant_id']),
    item['operation'] === 'set' ? 1 : 0,
    Number(item['quantity']),
  ]);
}

const PLACES = { product_id: 0, variant_id: 1, operation: 2, quantity: 3 } as const;

/** `products%5B0%5D%5Bproduct_id%5D=1`, as PHP and browsers write it. */
function fromBrackets(body: string): Move[] {
  const moves: Move[] = [];
  for (const [, at, name, value] of body.matchAll(/(?:^|&)products%5B(\d+)%5D%5B(\w+)%5D=([^&]*)/g)) {
    const move = (moves[Number(at)] ??= [0, 0, 0, 0]);
    const place = PLACES[name as keyof typeof PLACES];
    move[place] = name === 'operation' ? (value === 'set' ? 1 : 0) : Number(value);
  }
  return moves;
}

const TEN = new Array<string>(10).fill('?').join();
const THOUSAND = new Array<string>(1000).fill('?').join();
const lockSql = (table: string, product: string, ids: string) => `SELECT id, ${product}, quantity FROM ${table}
  FORCE INDEX (PRIMARY) WHERE id IN (${ids}) ORDER BY id FOR UPDATE`;
const moveSql = (table: string) => `UPDATE JSON_TABLE(?, '$[*]' COLUMNS (
    id INT UNSIGNED PATH '$[0]', is_set TINYINT PATH '$[1]', pieces BIGINT PATH '$[2]')) AS j
  STRAIGHT_JOIN ${table} AS a FORCE INDEX (PRIMARY) ON a.id = j.id
  SET a.quantity = LEAST(2147483647, GREATEST(-2147483648, IF(j.is_set = 1, 0, a.quantity) + j.pieces))`;
const TABLES = (['shop_products', 'shop_variants'] as const).map((name, isVariants) => ({
  isVariants,
  few: lockSql(name, isVariants === 1 ? 'product_id' : 'id', TEN),
  many: lockSql(name, isVariants === 1 ? 'product_id' : 'id', THOUSAND),
  move: moveSql(name),
}));
const CHANGES = `INSERT INTO bl_changes
    (at, kind, product_id, variant_id, before_value, after_value, action, call_id, order_id)
  SELECT ?, 'stock', j.product_id, j.variant_id, j.before_value, j.after_value, ?, ?, ?
  FROM JSON_TABLE(?, '$[*]' COLUMNS (product_id VARCHAR(30) PATH '$[0]', variant_id VARCHAR(30) PATH '$[1]',
    before_value VARCHAR(32) PATH '$[2]', after_value VARCHAR(32) PATH '$[3]')) AS j`;

type Parts = Parameters<Parameters<InTransaction>[0]>;

/** Rows are locked by id, products before variants; gives the articles that the shop has. */
export async function moveStock(
  ask: Parts[0],
  write: Parts[1],
  moves: readonly Move[],
  by: { readonly at: Date; readonly action: string; readonly orderId: string | null },
): Promise<ReadonlySet<string>> {
  const before = new Map<string, number>();
  for (const { isVariants, few, many } of TABLES) {
    const ids = moves.filter((move) => (move[1] !== 0) === (isVariants === 1)).map((move) => move[isVariants]);
    if (ids.length === 0) continue;
    ids.sort((a = 0, b = 0) => a - b);
    const length = ids.length <= 10 ? 10 : 1000;
    const filled = Array.from({ length }, (_, n) => ids[n] ?? ids.at(-1) ?? 0);
    const rows = await ask<[id: number, product: number, quantity: number]>(length === 10 ? few : many, filled);
    for (const [id, product, quantity] of rows) before.set(`${product} ${isVariants === 1 ? id : 0}`, quantity);
  }
  const known = moves.filter(([product, variant]) => before.has(`${product} ${variant}`));
  for (const { isVariants, move } of TABLES) {
    const own = known.filter((one) => (one[1] !== 0) === (isVariants === 1));
    if (own.length > 0) await write(move, [JSON.stringify(own.map((one) => [one[isVariants], one[2], one[3]]))]);
  }
  const changes = known.map(([product, variant, isSet, pieces]) => {
    const was = before.get(`${product} ${variant}`) ?? 0;
    const is = Math.min(2147483647, Math.max(-2147483648, (isSet === 1 ? 0 : was) + pieces));
    return [product, variant, was, is];
  });
  if (changes.length > 0) await write(CHANGES, [by.at, by.action, randomUUID(), by.orderId, JSON.stringify(changes)]);
  return new Set(before.keys());
}
