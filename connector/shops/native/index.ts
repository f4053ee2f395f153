import type { Knex } from 'knex';
import type { Shop, ShopProfile } from '../../contracts/shop.ts';
import { productCards } from './reading/product-cards.ts';
import { changedOrders } from './reading/changed-orders.ts';
import { categories, dictionary, usedEntries } from './reading/dictionaries.ts';
import { orderPages } from './reading/order-pages.ts';
import { orders } from './reading/orders.ts';
import { productPages } from './reading/product-pages.ts';
import { prices } from './reading/prices.ts';
import { probe } from './probe.ts';
import { products } from './reading/products.ts';
import { productsInStock, stock } from './reading/stock.ts';
import { supplies } from './reading/supplies.ts';
import { variants } from './reading/variants.ts';

/** The shop whose tables our own migrations create (`migrations/native-shop`). */
export function nativeShop(db: Knex, profile: ShopProfile): Shop {
  return {
    probe: () => probe(db),
    dictionary: (kind) => dictionary(db, kind),
    usedEntries: (kind) => usedEntries(db, kind),
    categories: () => categories(db),
    productPages: productPages(db, profile),
    products: (selection) => products(db, profile, selection),
    variants: (productIds) => variants(db, profile, productIds),
    productCards: (ids, sections) => productCards(db, profile, ids, sections),
    stock: (selection) => stock(db, profile, selection),
    prices: (selection) => prices(db, profile, selection),
    productsInStock: () => productsInStock(db),
    orderPages: orderPages(db, profile),
    orders: (ids) => orders(db, ids),
    supplies: (variants) => supplies(db, variants),
    changedOrders: changedOrders(db, profile),
  };
}
