/** A category as a tree is built from it. */
interface Node {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly name: string;
  readonly active: boolean;
}

const byAlphabet = new Intl.Collator('pl');

/** Full path of every category: the names of its ancestors and its own, separated by a slash (protocol/baselinker.md 2.3). */
export function allPaths(categories: readonly Node[]): ReadonlyMap<string, string> {
  const nodes = new Map(categories.map((node) => [node.id, node]));
  return new Map(
    categories.map((node) => [
      node.id,
      ancestry(node, nodes)
        .map(({ name }) => name)
        .join('/'),
    ]),
  );
}

/** The same for categories that a buyer can reach (they and all their ancestors are active), sorted by path. */
export function activePaths(categories: readonly Node[]): ReadonlyMap<string, string> {
  const nodes = new Map(categories.map((node) => [node.id, node]));
  const paths = allPaths(categories);
  const reachable = categories.filter((node) => ancestry(node, nodes).every(({ active }) => active));
  const pairs = reachable.map(({ id }) => [id, paths.get(id) ?? ''] as const);
  return new Map(pairs.sort(([, a], [, b]) => byAlphabet.compare(a, b)));
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
