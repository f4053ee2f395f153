import { ApiError } from '../../domain/api-error.ts';
import type { Field } from './action.ts';
import { list } from './items.ts';

/** The pictures of a product as they were sent. */
export interface Pictures {
  /** Full addresses, the scheme in lower case. */
  readonly addresses: readonly string[];
  /** How many were sent as bytes (`data:…`), which have no address. */
  readonly embedded: number;
}

/** Addresses, as a list or as a table by position; whatever cannot be one is refused by name. */
export function pictures(name: string): Field {
  return list(name, (values): Pictures => {
    const sent = values.map((value, at) => pictureOf(`${name}[${at}]`, value));
    const addresses = sent.filter((one) => one !== '' && !isEmbedded(one));
    return { addresses, embedded: sent.filter(isEmbedded).length };
  });
}

const isEmbedded = (text: string): boolean => /^data:/i.test(text);

/** `''` for none. BaseLinker's other API writes `url:` before an address; some write no scheme, or one in capitals. */
function pictureOf(path: string, value: unknown): string {
  if (value === null) return '';
  const sent = typeof value === 'string' ? value.toWellFormed().normalize('NFC').trim() : undefined;
  const text = sent?.replace(/^url:\s*/i, '');
  if (text === '' || (text !== undefined && isEmbedded(text))) return text;
  const [, scheme = 'https', rest] = /^(?:(https?):)?\/\/(\S.*)$/i.exec(text ?? '') ?? [];
  if (rest !== undefined) return `${scheme.toLowerCase()}://${rest}`;
  // A host has a dot and no blank; `photos/1.jpg` has none, and belongs to a shop that we do not know.
  if (text !== undefined && /^[\p{L}\d-]+(\.[\p{L}\d-]+)+(:\d+)?\/\S/u.test(text)) return `https://${text}`;
  throw new ApiError('invalid_parameter', `${path} must be the address of a picture (https://…)`);
}
