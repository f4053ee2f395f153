/** What the reader of XML has against a document; without any of its text, which may be somebody's name or a key. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/** Deeper than any message that a person thought of, and harmless for whoever walks through it. */
export const MAX_DEPTH = 64;

/** Hundreds of times what any message needs; the parser takes some ten microseconds for each. */
const MAX_TAGS = 40_000;

/** An attribute's value may hold `>`, but no `<`: that is not well-formed. Sticky, and never tried a second time. */
const TAG = /<[^<>"']*(?:(?:"[^"<]*"|'[^'<]*')[^<>"']*)*>/y;

/**
 * Looks through a document before it is parsed, in one pass that no text can make slow. Refused is what the parser cannot
 * take or takes too kindly: a document type (and with it every entity), depth, endless elements, names that every
 * JavaScript object has, more than one root, text beside the root.
 */
export function scanXml(text: string): void {
  let depth = 0;
  let roots = 0;
  let tags = 0;
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const words = next === -1 ? text.slice(at) : depth === 0 ? text.slice(at, next) : '';
    if (depth === 0 && words.trim() !== '') throw new XmlError(roots === 0 ? 'not XML' : 'text after the document');
    if (next === -1) break;
    const passed = endOfOther(text, next);
    if (passed === undefined) {
      const tag = tagAt(text, next);
      if ((tags += 1) > MAX_TAGS) throw new XmlError(`more than ${MAX_TAGS} tags`);
      if (depth === 0 && (tag.step < 0 || (roots += 1) > 1)) throw new XmlError('more than one document');
      depth += tag.step;
      if (depth > MAX_DEPTH) throw new XmlError(`nested deeper than ${MAX_DEPTH} elements`);
      at = tag.end;
    } else at = passed;
  }
  if (roots === 0) throw new XmlError('no document');
  if (depth > 0) throw new XmlError('cut short');
}

/** Where a comment, a section of text or an instruction ends; undefined for a tag. */
function endOfOther(text: string, at: number): number | undefined {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  if (text.startsWith('<![CDATA[', at)) return after(text, ']]>', at + 9);
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2);
  if (/^<!doctype\s+html/i.test(text.slice(at, at + 40))) throw new XmlError('an HTML page');
  if (text.startsWith('<!', at)) throw new XmlError('a document type is not accepted');
  return undefined;
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  if (at === -1) throw new XmlError('cut short');
  return at + end.length;
}

function tagAt(text: string, at: number): { readonly step: -1 | 0 | 1; readonly end: number } {
  TAG.lastIndex = at;
  const [tag] = TAG.exec(text) ?? [];
  if (tag === undefined) throw new XmlError('a tag that does not end');
  const words = tag.slice(1, -1).replaceAll(/"[^"]*"|'[^']*'/g, '');
  const names = words.split(/[\s=/]+/).filter((name) => name !== '');
  if (names.some((name) => localName(name) in Object.prototype)) throw new XmlError('a name that is reserved');
  // The parser keeps the first of two.
  if (new Set(names.slice(1)).size < names.length - 1) throw new XmlError('malformed: an attribute is given twice');
  return { step: tag.startsWith('</') ? -1 : tag.endsWith('/>') ? 0 : 1, end: at + tag.length };
}

/** Prefixes differ between servers and never matter (docs/protocol/idosell.md 2.3). */
export function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}
