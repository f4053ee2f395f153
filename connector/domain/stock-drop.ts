/** How many would drop to 0, of how many. */
export interface Drop {
  readonly drop: number;
  readonly before: number;
}

/** A drop of products; with that of variants where it is itself a reason to hold a dump back. */
export interface HeldDrop extends Drop {
  readonly variants?: Drop;
}

/** `30 of 50 products`, `30 of 50 products and 40 of 80 variants`. */
export function dropText({ drop, before, variants }: HeldDrop): string {
  const ofVariants = variants && `${variants.drop} of ${variants.before} variants`;
  const ofProducts = drop > 0 || !ofVariants ? `${drop} of ${before} products` : undefined;
  return [ofProducts, ofVariants].filter((text) => text !== undefined).join(' and ');
}
