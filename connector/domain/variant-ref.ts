/** A product ('0') or one of its variants. */
export interface VariantRef {
  readonly productId: string;
  readonly variantId: string;
}

/** One text for both ids: a variant's id means something only together with its product's. */
export function variantKey({ productId, variantId }: VariantRef): string {
  return `${productId}/${variantId}`;
}

/** How many units of each variant these lines hold; lines without a product hold none. */
export function quantitiesByVariant(
  lines: Iterable<{ readonly productId: string | undefined; readonly variantId: string; readonly quantity: number }>,
): ReadonlyMap<string, VariantRef & { readonly quantity: number }> {
  const pieces = new Map<string, VariantRef & { readonly quantity: number }>();
  for (const { productId, variantId, quantity } of lines) {
    if (productId === undefined) continue;
    const key = variantKey({ productId, variantId });
    pieces.set(key, { productId, variantId, quantity: quantity + (pieces.get(key)?.quantity ?? 0) });
  }
  return pieces;
}
