import type { Knex } from 'knex';
import type { Log } from '../lib/log.ts';
import type { ShopWriting } from '../contracts/shop-writing.ts';

/** Dependencies of the use cases about the catalogue. */
export interface CatalogueDeps {
  readonly db: Knex;
  readonly shop: ShopWriting;
  /** The connection under whose name products are added, and the VAT percent of one that is sent without. */
  readonly settings: { readonly name: string; readonly defaultVat: number };
  readonly now: () => Date;
  readonly log: Log;
}
