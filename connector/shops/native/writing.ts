import type { ShopProfile } from '../shop.ts';
import type { ShopWriting } from '../shop-writing.ts';
import { variantDetails } from './articles.ts';
import { saveCategory } from './category-writing.ts';
import { findOrder, lockLines, lockOrder, updateOrder } from './order-changes.ts';
import { createOrder, replaceOrder } from './order-writing.ts';
import { setPrices } from './price-changes.ts';
import { productBySku, saveProduct } from './product-writing.ts';
import { changeStock } from './stock-changes.ts';

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
