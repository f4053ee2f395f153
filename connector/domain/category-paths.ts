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

/**
 * Where a product of each category is shown: the category itself, or its nearest ancestor that a buyer can reach. A
 * category outside of ProductsCategories would show up nameless (protocol/baselinker.md 2.3).
 */
export function placesShown(categories: readonly Node[]): ReadonlyMap<string, CategoryPlace> {
  const nodes = new Map(categories.map((node) => [node.id, node]));
  const places = new Map<string, CategoryPlace>();
  for (const node of categories) {
    const line = ancestry(node, nodes);
    const hidden = line.findIndex(({ active }) => !active);
    const shown = hidden < 0 ? line : line.slice(0, hidden);
    const last = shown.at(-1);
    if (last) places.set(node.id, { id: last.id, path: shown.map(({ name }) => name).join('/') });
  }
  return places;
}

/** Full path of every category that a buyer can reach (it and all its ancestors are active), sorted by path. */
export function activePaths(categories: readonly Node[]): ReadonlyMap<string, string> {
  const places = placesShown(categories);
  const reachable = categories.flatMap(({ id }) => {
    const place = places.get(id);
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
