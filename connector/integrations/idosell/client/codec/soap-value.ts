import type { XmlElement } from '../../../../lib/xml.ts';
import { Unreadable, type ResponseValue } from './response.ts';

/** Values may refer to each other, so that a short document can mean an endless one. */
const MAX_VALUES = 500_000;
const MAX_DEPTH = 64;

/**
 * The value of an element by the recipe of docs/protocol/idosell.md 2.3. `root` is where the elements are that a reference
 * (`href="#id"`) may mean; `item` what the members of a list are called.
 */
export function soapValue(element: XmlElement, root: XmlElement, item: string): ResponseValue {
  const byId = indexOf(root);
  let left = MAX_VALUES;

  function valueOf(one: XmlElement, depth: number): ResponseValue {
    if ((left -= 1) < 0) throw new Unreadable('more values than anybody needs');
    if (depth > MAX_DEPTH) throw new Unreadable('values that refer to each other in a circle, or too deeply');
    const href = one.attributes.get('href');
    if (href !== undefined) {
      const meant = byId.get(href.replace(/^#/, ''));
      if (!meant) throw new Unreadable('a reference to a value that is not there');
      return valueOf(meant, depth + 1);
    }
    if (/^(?:true|1)$/.test(one.attributes.get('nil') ?? '')) return null;
    const { children } = one;
    const isList = one.attributes.has('arrayType') || children.every(({ name }) => name === item);
    if (isList && (one.attributes.has('arrayType') || children.length > 0)) {
      return children.map((child) => valueOf(child, depth + 1));
    }
    return children.length === 0 ? one.text.trim() : fieldsOf(children, depth);
  }

  /** A name that is repeated makes a list, as in messages that are no encoded arrays. */
  function fieldsOf(children: readonly XmlElement[], depth: number): ResponseValue {
    const all = new Map<string, ResponseValue[]>();
    for (const child of children) {
      const value = valueOf(child, depth + 1);
      const before = all.get(child.name);
      if (before) before.push(value);
      else all.set(child.name, [value]);
    }
    return new Map(
      [...all].map(([name, [first = null, ...more]]) => [name, more.length > 0 ? [first, ...more] : first]),
    );
  }

  return valueOf(element, 0);
}

function indexOf(root: XmlElement): ReadonlyMap<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  const visit = (element: XmlElement): void => {
    const id = element.attributes.get('id');
    if (id !== undefined && !found.has(id)) found.set(id, element);
    element.children.forEach(visit);
  };
  visit(root);
  return found;
}
