import { claimSku } from '../db/added-products.ts';
import { recordChanges } from '../db/changes.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { inTransaction } from '../db/transaction.ts';
import { Refusal } from '../domain/refusal.ts';
import type { NewProduct, UnitOfWork } from '../shops/shop-writing.ts';
import type { CatalogueParts } from './parts.ts';

/**
 * Creates a product card, or changes the one that the call means: the product of this id, else the one of this SKU
 * (protocol/baselinker.md 2.10, Rec). What the call does not send stays as it is.
 */
export async function addProduct(
  parts: CatalogueParts,
  wanted: { readonly productId: string | undefined; readonly product: NewProduct },
  by: ChangedBy,
): Promise<string> {
  const { product } = wanted;
  const sku = product.sku ?? '';
  return inTransaction(parts.db, async (unit) => {
    const meant = wanted.productId ?? (await productOf(unit, parts, sku));
    const isNew = meant === undefined;
    const saved = await parts.shop.saveProduct(
      unit,
      meant,
      isNew ? { vat: parts.settings.defaultVat, ...product } : product,
    );
    if (!saved) throw new Refusal('unknown_product', `the shop has no product ${meant ?? ''}`);
    if (saved.stock) await recordChanges(unit, 'stock', [saved.stock], by, parts.now());
    if (saved.price) await recordChanges(unit, 'price', [saved.price], by, parts.now());
    return saved.id;
  });
}

async function productOf(
  unit: UnitOfWork,
  { shop, settings }: CatalogueParts,
  sku: string,
): Promise<string | undefined> {
  if (sku === '') return undefined;
  await claimSku(unit, settings.name, sku);
  return shop.productBySku(unit, sku);
}

/** The id of the category of this name below this parent; it is created when there is none (2.11, Rec). */
export async function addCategory(parts: CatalogueParts, name: string, parentId: string | undefined): Promise<string> {
  const id = await inTransaction(parts.db, (unit) => parts.shop.saveCategory(unit, name, parentId));
  if (id === undefined) throw new Refusal('invalid_parameter', `parent_id: the shop has no category ${parentId ?? ''}`);
  return id;
}
