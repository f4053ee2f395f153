import type { Knex } from 'knex';
import { readRows } from '../connector/db/connect.ts';
import { writeCalls } from './writes.ts';

/** The names of the two that are compared. */
export type Who = 'floor' | 'connector';

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
