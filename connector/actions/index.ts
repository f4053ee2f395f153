import type { Capability, Probe } from '../shops/shop.ts';
import type { ShopAction } from './context.ts';
import { deliveryMethodsList } from './delivery-methods-list.ts';
import { fileVersion } from './file-version.ts';
import { ordersGet } from './orders-get.ts';
import { paymentMethodsList } from './payment-methods-list.ts';
import { productsCategories } from './products-categories.ts';
import { productsData } from './products-data.ts';
import { productsList } from './products-list.ts';
import { productsPrices } from './products-prices.ts';
import { productsQuantity } from './products-quantity.ts';
import { statusesList } from './statuses-list.ts';
import { supportedMethods } from './supported-methods.ts';

/** Every action, with what the shop must be able to do for it. */
const ACTIONS: readonly (readonly [ShopAction, Capability | undefined])[] = [
  [fileVersion, undefined],
  [productsCategories, 'read-products'],
  [productsList, 'read-products'],
  [productsData, 'read-products'],
  [productsPrices, 'read-products'],
  [productsQuantity, 'read-products'],
  [ordersGet, 'read-orders'],
  [statusesList, 'read-orders'],
  [deliveryMethodsList, 'read-orders'],
  [paymentMethodsList, 'read-orders'],
];

/** The actions that this shop answers. SupportedMethods is made from the same list, so it cannot disagree with it. */
export function actionsFor({ capabilities }: Pick<Probe, 'capabilities'>): readonly ShopAction[] {
  const possible = ACTIONS.filter(([, needed]) => needed === undefined || capabilities.has(needed)).map(
    ([action]) => action,
  );
  return [supportedMethods(possible), ...possible];
}
