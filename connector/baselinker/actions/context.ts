import type { CatalogueDeps } from '../../catalogue/deps.ts';
import type { StockGuard } from '../../catalogue/stock-guard.ts';
import type { ChangedBy } from '../../domain/changed-by.ts';
import type { OrderDeps } from '../../orders/deps.ts';
import { defineAction, type Action, type Field } from '../wire/action.ts';
import type { Shop } from '../../contracts/shop.ts';

/** The settings of one connection: one communication key, one shop, one price list. */
export interface ConnectionSettings {
  /** Names where an order was born; stored with orders, never renamed. */
  readonly name: string;
  readonly currency: string;
  readonly productsPerPage: number;
  readonly ordersPerPage: number;
  readonly listVariants: 'nested' | 'ignored';
  /** What `tax` says of a product that is exempt from VAT. */
  readonly vatExemptAs: number;
  readonly ordersFromBaseLinker: 'hidden' | 'shown';
  readonly ordersIdFrom: 'inclusive' | 'exclusive';
  readonly ordersMinAgeMs: number;
  /** Names of the fields for parcel number, carrier and tracking link (docs/protocol/baselinker.md 2.14). */
  readonly parcelFields: readonly [string, string, string];
  readonly parcelInComments: boolean;
}

/** What every action works with. */
export interface ShopContext {
  readonly shop: Shop;
  readonly connection: ConnectionSettings;
  readonly stockGuard: StockGuard;
  /** What the writing actions hand on to the use cases. */
  readonly useCases: CatalogueDeps & OrderDeps;
  /** Whether this order is seen for the first time with a total that its parts do not make. */
  readonly isFirstDifference: (orderId: string) => boolean;
  /** Which kinds of update the shop owner wants. */
  readonly accepts: ReadonlySet<Accepted>;
  /** Signs what the call that is under way changes. */
  readonly by: (action: string) => ChangedBy;
  readonly platform: string;
  readonly now: () => Date;
}

/** What a shop may take from BaseLinker, by the words of the setting `ACCEPT`. */
export type Accepted = 'orders' | 'status' | 'paid' | 'delivery_number' | 'stock' | 'prices' | 'products';

export type ShopAction = Action<ShopContext>;

/** An action of this shop; see `defineAction`. */
export function shopAction<Input extends object>(definition: {
  readonly name: string;
  readonly input: readonly Field[];
  run(input: Partial<Input>, context: ShopContext): Promise<unknown>;
}): ShopAction {
  return defineAction<Input, ShopContext>(definition);
}
