import type { ShopProfile } from '../../../contracts/shop.ts';
import type { ShopWriting } from '../../../contracts/shop-writing.ts';
import { variantDetails } from './variant-details.ts';
import { saveCategory } from './save-category.ts';
import { findOrder, lockLines, lockOrder, updateOrder } from './update-order.ts';
import { createOrder, replaceOrder } from './create-order.ts';
import { setPrices } from './set-prices.ts';
import { productBySku, saveProduct } from './save-product.ts';
import { changeStock } from './change-stock.ts';

/** The writing half of the native shop. Its units of work are READ COMMITTED: nothing here needs, or takes, gap locks. */
export function nativeShopWriting(_profile: ShopProfile): ShopWriting {
  return {
    variantDetails,
    changeStock,
    setPrices,
    createOrder,
    replaceOrder,
    findOrder,
    lockOrder,
    lockLines,
    updateOrder,
    saveProduct,
    productBySku,
    saveCategory,
  };
}
