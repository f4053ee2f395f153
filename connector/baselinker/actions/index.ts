import type { Capability, Probe } from '../../contracts/shop.ts';
import { categoryAdd } from './category-add.ts';
import type { Accepted, ShopAction } from './context.ts';
import { deliveryMethodsList } from './delivery-methods-list.ts';
import { fileVersion } from './file-version.ts';
import { orderAdd } from './order-add.ts';
import { orderUpdate, UPDATE_KINDS } from './order-update.ts';
import { ordersGet } from './orders-get.ts';
import { paymentMethodsList } from './payment-methods-list.ts';
import { productAdd } from './product-add.ts';
import { productsCategories } from './products-categories.ts';
import { productsData } from './products-data.ts';
import { productsList } from './products-list.ts';
import { productsPriceUpdate } from './products-price-update.ts';
import { productsPrices } from './products-prices.ts';
import { productsQuantity } from './products-quantity.ts';
import { productsQuantityUpdate } from './products-quantity-update.ts';
import { statusesList } from './statuses-list.ts';
import { supportedMethods } from './supported-methods.ts';

/** What an action needs: something that the shop can do, and the owner's leave to do it. */
interface Needs {
  readonly capability?: Capability;
  /** Any one of these kinds is enough. */
  readonly accepted?: readonly Accepted[];
}

const READS_PRODUCTS: Needs = { capability: 'read-products' };
const READS_ORDERS: Needs = { capability: 'read-orders' };
const WRITES_PRODUCTS: Needs = { capability: 'write-products', accepted: ['products'] };

/** Every action, with its needs. */
const ACTIONS: readonly (readonly [ShopAction, Needs])[] = [
  [fileVersion, {}],
  [productsCategories, READS_PRODUCTS],
  [productsList, READS_PRODUCTS],
  [productsData, READS_PRODUCTS],
  [productsPrices, READS_PRODUCTS],
  [productsQuantity, READS_PRODUCTS],
  [productsQuantityUpdate, { capability: 'write-stock', accepted: ['stock'] }],
  [productsPriceUpdate, { capability: 'write-prices', accepted: ['prices'] }],
  [productAdd, WRITES_PRODUCTS],
  [categoryAdd, WRITES_PRODUCTS],
  [orderAdd, { capability: 'create-orders', accepted: ['orders'] }],
  [orderUpdate, { capability: 'update-orders', accepted: UPDATE_KINDS }],
  [ordersGet, READS_ORDERS],
  [statusesList, READS_ORDERS],
  [deliveryMethodsList, READS_ORDERS],
  [paymentMethodsList, READS_ORDERS],
];

/** The actions that this shop answers. SupportedMethods is made from the same list, so it cannot disagree with it. */
export function actionsFor(
  { capabilities }: Pick<Probe, 'capabilities'>,
  accepts: ReadonlySet<Accepted>,
): readonly ShopAction[] {
  const possible = ACTIONS.filter(
    ([, { capability, accepted }]) =>
      (capability === undefined || capabilities.has(capability)) &&
      (accepted === undefined || accepted.some((kind) => accepts.has(kind))),
  ).map(([action]) => action);
  return [supportedMethods(possible), ...possible];
}
