/** A request as its format gave it: names of the wire, nothing known of their meaning. */
export type Raw =
  | { readonly kind: 'text'; readonly text: string }
  /** Every occurrence of a name: in SOAP it may stand there twice. */
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, readonly Raw[]> }
  | { readonly kind: 'list'; readonly items: readonly Raw[] };

/** What an operation reads, by our name. */
export type Shape = Readonly<Record<string, Field>>;

export type Field =
  | { readonly kind: 'text'; readonly wire: string }
  | { readonly kind: 'struct'; readonly wire: string; readonly of: Shape }
  | { readonly kind: 'list'; readonly wire: string; readonly of: Shape | 'text' };

/** A request in our names; what was not sent is not there. */
export interface Struct {
  readonly [name: string]: Value;
}
export type Value = string | Struct | readonly Value[];

/** What is let through and still is not right. */
export interface Notes {
  readonly complain: (text: string) => void;
  /** A field that nobody reads: ignored, as PHP ignores it. */
  readonly unknownField: (place: string) => void;
  /** The name of a list's member. */
  readonly item: string;
}

/** A request that is refused before anybody looks at its meaning. */
export class Unreadable extends Error {}

export function decode(raw: Raw, shape: Shape, notes: Notes, place = ''): Struct {
  // An empty map is [] in PHP.
  const isEmptyList = raw.kind === 'list' && raw.items.length === 0;
  if (raw.kind !== 'struct' && !isEmptyList) throw new Unreadable(`${place || 'request'}: a structure is expected`);
  const fields = raw.kind === 'struct' ? raw.fields : new Map<string, readonly Raw[]>();
  const known = new Map(Object.entries(shape).map(([name, field]) => [field.wire, { name, field }]));
  const values: [string, Value][] = [];
  for (const [wire, occurrences] of fields) {
    const here = place === '' ? wire : `${place}.${wire}`;
    const found = known.get(wire);
    if (!found) notes.unknownField(here);
    else values.push([found.name, decodeField(occurrences, found.field, notes, here)]);
  }
  return Object.fromEntries(values);
}

function decodeField(occurrences: readonly Raw[], field: Field, notes: Notes, place: string): Value {
  const [raw, ...more] = occurrences;
  if (field.kind === 'list') {
    if (raw?.kind !== 'list' || more.length > 0) return misread(occurrences, field.of, notes, place);
    return raw.items.map((item, index) => {
      const here = `${place}[${index}]`;
      return field.of === 'text' ? textOf(item, here) : decode(item, field.of, notes, here);
    });
  }
  if (!raw || more.length > 0) throw new Unreadable(`${place}: stands there more than once`);
  return field.kind === 'text' ? textOf(raw, place) : decode(raw, field.of, notes, place);
}

/** A list that is no proper list keeps its length and loses what is in it, and nobody says so (2.2). */
function misread(occurrences: readonly Raw[], of: Shape | 'text', notes: Notes, place: string): readonly Value[] {
  notes.complain(`${place}: is not an encoded list, so its members are lost`);
  const members = occurrences.flatMap((raw) =>
    raw.kind === 'struct' ? (raw.fields.get(notes.item) ?? [raw]) : raw.kind === 'list' ? raw.items : [raw],
  );
  return members.map(() => (of === 'text' ? '' : {}));
}

function textOf(raw: Raw, place: string): string {
  if (raw.kind !== 'text') throw new Unreadable(`${place}: a plain value is expected`);
  return raw.text;
}

export function text(struct: Struct, name: string): string {
  const value = struct[name];
  return typeof value === 'string' ? value : '';
}

export function struct(from: Struct, name: string): Struct {
  const value = from[name];
  return typeof value === 'object' && !isList(value) ? value : {};
}

export function structs(from: Struct, name: string): readonly Struct[] {
  return listed(from, name).filter((value) => typeof value === 'object' && !isList(value)) as Struct[]; // just checked
}

export function texts(from: Struct, name: string): readonly string[] {
  return listed(from, name).filter((value) => typeof value === 'string');
}

function listed(from: Struct, name: string): readonly Value[] {
  const value = from[name];
  return value !== undefined && isList(value) ? value : [];
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
