import type { Knex } from 'knex';
import { listCache } from '../../list-cache.ts';
import { readIds, type IdQueryValue } from '../../read-ids.ts';
import type { OrderWindow, Pages, ShopProfile } from '../../../contracts/shop.ts';
import { idNumber } from '../columns.ts';

export function orderPages(db: Knex, profile: ShopProfile): (window: OrderWindow) => Promise<Pages<readonly string[]>> {
  const lists = listCache(profile.now);
  return (window) => {
    const { page, pageSize, placedFrom, idFrom, onlyPaid, excludeOrigin } = window;
    // Without `placedUntil`: it moves with the clock, while the later pages belong to the same scan.
    const key = JSON.stringify([pageSize, placedFrom, idFrom, onlyPaid, excludeOrigin]);
    return lists.pages(key, page, pageSize, async () => scan(db, window));
  };
}

/** By the index on the creation time, or by the primary key; which of them is shorter, the database knows. */
function scan(db: Knex, window: OrderWindow): Promise<Uint32Array> | [] {
  const { placedFrom, placedUntil, idFrom, onlyPaid, excludeOrigin } = window;
  const conditions = ['is_draft = 0'];
  const values: IdQueryValue[] = [];
  const only = (condition: string, value: IdQueryValue) => {
    conditions.push(condition);
    values.push(value);
  };
  if (idFrom !== undefined && idFrom !== '0') {
    const first = idNumber(idFrom);
    if (first === undefined) return [];
    only('id >= ?', first);
  }
  if (placedFrom) only('created_at >= ?', placedFrom);
  if (placedUntil) only('created_at <= ?', placedUntil);
  if (excludeOrigin !== undefined) only('source <> ?', excludeOrigin);
  if (onlyPaid) conditions.push('paid_amount >= total AND NOT (cash_on_delivery = 1 AND paid_amount = 0)');
  return readIds(db, `SELECT id FROM shop_orders WHERE ${conditions.join(' AND ')} ORDER BY id`, values);
}
