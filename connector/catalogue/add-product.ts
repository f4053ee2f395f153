import { claimSku } from '../storage/added-products.ts';
import { recordAudit } from '../storage/audit-log.ts';
import type { ChangedBy } from '../domain/changed-by.ts';
import { inTransaction } from '../db/transaction.ts';
import { ApiError } from '../domain/api-error.ts';
import type { NewProduct, UnitOfWork } from '../contracts/shop-writing.ts';
import type { CatalogueDeps } from './deps.ts';

/**
 * Creates a product card, or changes the one that the call means: the product of this id, else the one of this SKU
 * (docs/protocol/baselinker.md 2.10, Rec). What the call does not send stays as it is.
 */
export async function addProduct(
  deps: CatalogueDeps,
  wanted: { readonly productId: string | undefined; readonly product: NewProduct },
  by: ChangedBy,
): Promise<string> {
  const { product } = wanted;
  const sku = product.sku ?? '';
  return inTransaction(deps.db, async (unit) => {
    const meant = wanted.productId ?? (await productOf(unit, deps, sku));
    const isNew = meant === undefined;
    const saved = await deps.shop.saveProduct(
      unit,
      meant,
      isNew ? { vat: deps.settings.defaultVat, ...product } : product,
    );
    if (!saved) throw new ApiError('unknown_product', `the shop has no product ${meant ?? ''}`);
    if (saved.stock) await recordAudit(unit, 'stock', [saved.stock], by, deps.now());
    if (saved.price) await recordAudit(unit, 'price', [saved.price], by, deps.now());
    return saved.id;
  });
}

async function productOf(
  unit: UnitOfWork,
  { shop, settings }: CatalogueDeps,
  sku: string,
): Promise<string | undefined> {
  if (sku === '') return undefined;
  await claimSku(unit, settings.name, sku);
  return shop.productBySku(unit, sku);
}

/** The id of the category of this name below this parent; it is created when there is none (2.11, Rec). */
export async function addCategory(deps: CatalogueDeps, name: string, parentId: string | undefined): Promise<string> {
  const id = await inTransaction(deps.db, (unit) => deps.shop.saveCategory(unit, name, parentId));
  if (id === undefined)
    throw new ApiError('invalid_parameter', `parent_id: the shop has no category ${parentId ?? ''}`);
  return id;
}
