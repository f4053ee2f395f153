/** A category as a tree is built from it. */
interface Node {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly active: boolean;
}

const byAlphabet = new Intl.Collator('pl');

/** A category as a product card names it. */
export interface CategoryPlace {
  readonly id: string;
  readonly path: string;
}

/** Where a product of a category is shown; undefined when no buyer can reach that category or any above it. */
export type PlaceOf = (categoryId: string) => CategoryPlace | undefined;

/**
 * A product is shown in its category, or in that one's nearest ancestor that a buyer can reach: a category outside of
 * ProductsCategories would show up nameless (docs/protocol/baselinker.md 2.3). Each place is computed on first use.
 */
export function shownPlaces(categories: readonly Node[]): PlaceOf {
  const nodes = new Map(categories.map((node) => [node.id, node]));
  const places = new Map<string, CategoryPlace | undefined>();
  return (categoryId) => {
    const node = nodes.get(categoryId);
    if (node && !places.has(categoryId)) places.set(categoryId, placeOf(ancestry(node, nodes)));
    return places.get(categoryId);
  };
}

function placeOf(line: readonly Node[]): CategoryPlace | undefined {
  const hidden = line.findIndex(({ active }) => !active);
  const shown = hidden < 0 ? line : line.slice(0, hidden);
  const last = shown.at(-1);
  return last && { id: last.id, path: shown.map(({ name }) => name).join('/') };
}

/** All categories whose products are shown in this one; none where no buyer can reach it. */
export function categoriesShownAs(id: string, categories: readonly Node[]): readonly string[] {
  const placeOf = shownPlaces(categories);
  return categories.flatMap((category) => (placeOf(category.id)?.id === id ? [category.id] : []));
}

/** Full path of every category that a buyer can reach (it and all its ancestors are active), sorted by path. */
export function activePaths(categories: readonly Node[]): ReadonlyMap<string, string> {
  const placeOf = shownPlaces(categories);
  const reachable = categories.flatMap(({ id }) => {
    const place = placeOf(id);
    return place?.id === id ? [[id, place.path] as const] : [];
  });
  return new Map(reachable.sort(([, a], [, b]) => byAlphabet.compare(a, b)));
}

/** From the top down to the node itself. A circle of parents, which only a damaged shop has, is cut where it closes. */
function ancestry(node: Node, nodes: ReadonlyMap<string, Node>): readonly Node[] {
  const line = new Set<Node>();
  for (let at: Node | undefined = node; at && !line.has(at);) {
    line.add(at);
    at = at.parentId === undefined ? undefined : nodes.get(at.parentId);
  }
  return [...line].reverse();
}
