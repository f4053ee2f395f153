import type { Knex } from 'knex';
import { readRows } from '../connector/db/connect.ts';
import { writeCalls, type Call } from './writes.ts';

export const PAGE_SIZE = 1000;
const CARDS = 100;
const ORDERS = 100;

const DUMPS: readonly (readonly [name: string, action: string])[] = [
  ['quantity', 'ProductsQuantity'],
  ['prices', 'ProductsPrices'],
  ['list', 'ProductsList'],
];

export async function callsFor(db: Knex, pages: number): Promise<readonly Call[]> {
  return [
    ...DUMPS.flatMap(([name, action]): Call[] => [
      { name: `${name}-first`, title: `${action}, first page`, requests: [{ action, page: '1' }], page: 'first' },
      {
        name: `${name}-last`,
        title: `${action}, last page`,
        requests: [{ action, page: String(pages) }],
        page: 'last',
      },
    ]),
    {
      name: 'data',
      title: `ProductsData, ${CARDS} ids`,
      requests: [{ action: 'ProductsData', products_id: (await someProducts(db, pages)).join() }],
    },
    {
      name: 'orders',
      title: `OrdersGet, ${ORDERS} newest`,
      requests: [{ action: 'OrdersGet', id_from: String(await orderFromTheEnd(db, ORDERS)) }],
    },
    ...(await writeCalls(db)),
  ];
}

/** From all over the catalogue. */
async function someProducts(db: Knex, pages: number): Promise<readonly number[]> {
  const each = Math.floor((pages * PAGE_SIZE) / CARDS);
  const sql = `SELECT id FROM shop_products WHERE MOD(id, ${each}) = 0 ORDER BY id LIMIT ${CARDS}`;
  return (await readRows(db, sql)).map(([id]) => Number(id));
}

async function orderFromTheEnd(db: Knex, distance: number): Promise<number> {
  const sql = `SELECT id FROM shop_orders WHERE is_draft = 0 AND source <> 'baselinker'
    ORDER BY id DESC LIMIT 1 OFFSET ${distance - 1}`;
  const [row] = await readRows(db, sql);
  return Number(row?.[0] ?? 0);
}
