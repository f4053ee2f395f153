import type { Knex } from 'knex';
import type { Log } from '../lib/log.ts';
import type { ShopWriting } from '../contracts/shop-writing.ts';
import type { ReadStatuses } from './statuses.ts';

/** Dependencies of the use cases about orders. */
export interface OrderDeps {
  readonly db: Knex;
  readonly shop: ShopWriting;
  readonly statuses: ReadStatuses;
  readonly settings: OrderSettings;
  /** Names of the targets that are switched on: what happens to an order becomes due at each of them. */
  readonly targets: readonly string[];
  readonly now: () => Date;
  readonly log: Log;
}

export interface OrderSettings {
  /** The connection under whose name orders are kept. */
  readonly name: string;
  /** A line whose product the shop does not have becomes free text, or the order is refused. */
  readonly unknownProducts: 'free-text' | 'refused';
  /** VAT percent of a free-text line. */
  readonly defaultVat: number;
  /** Currency of an order that names none. */
  readonly currency: string;
  /** Whether a cancelling status puts stock back: never, for orders whose stock we took, or for all orders. */
  readonly restockCancelled: 'never' | 'ours' | 'all';
}
