import { ApiError } from '../../domain/api-error.ts';

/** What a field holds that was sent as a file: no action takes one, and it is not the same as a field that is absent. */
export const FILE = Symbol('file');

/** The key is not known yet when a body is read: no header may cost more than a glance. */
const MAX_HEADERS = 4000;

/** The other encodings change nothing about the bytes. */
const ENCODED = ['base64', 'quoted-printable'];
const UTF_8 = ['utf-8', 'utf8', 'us-ascii', 'ascii'];

/**
 * The fields of a multipart body (RFC 7578), as PHP's curl sends an array of them. A part whose disposition has no name
 * is given an empty one: PHP passes it over, too. What is not understood is refused by name, never passed over.
 */
export function* multipartPairs(contentType: string, text: string): Iterable<readonly [string, string | typeof FILE]> {
  const boundary = headerParameters(contentType)?.get('boundary') ?? '';
  const mark = `--${boundary}`;
  const broken = new ApiError('invalid_parameter', 'the multipart body is broken');
  const start = firstMark(text, mark);
  if (boundary === '' || start === undefined) throw broken;
  let number = 0;
  for (let at = behindBlanks(text, start + mark.length); text.startsWith('\r\n', at);) {
    const headEnd = text.indexOf('\r\n\r\n', at);
    const end = headEnd < 0 ? -1 : text.indexOf(`\r\n${mark}`, headEnd + 2);
    if (end < 0) throw broken;
    number += 1;
    if (headEnd - at > MAX_HEADERS) throw notUnderstood(number, 'its headers are too long');
    // Also a part that is passed over counts as a field: a body of nothing else must end somewhere, too.
    const { name, isFile } = readHeaders(text.slice(at + 2, headEnd), number);
    yield [name, isFile ? FILE : text.slice(headEnd + 4, Math.max(end, headEnd + 4))];
    at = end + 2 + mark.length;
    if (text.startsWith('--', at)) return;
    at = behindBlanks(text, at);
  }
  throw broken;
}

/** What stands before the first boundary is passed over (RFC 2046, 5.1.1). */
function firstMark(text: string, mark: string): number | undefined {
  if (text.startsWith(mark)) return 0;
  const lineEnd = text.indexOf(`\r\n${mark}`);
  return lineEnd < 0 ? undefined : lineEnd + 2;
}

/** A boundary may be followed by blanks. */
function behindBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

function readHeaders(text: string, number: number): { readonly name: string; readonly isFile: boolean } {
  // A header may go on in the next line, which then begins with a blank (RFC 5322, 2.2.3).
  const headers = text.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const valueOf = (header: string): string | undefined =>
    headers.find((line) => line.slice(0, header.length + 1).toLowerCase() === `${header}:`)?.slice(header.length + 1);

  const disposition = valueOf('content-disposition');
  if (disposition === undefined) throw notUnderstood(number, 'it has no Content-Disposition');
  const parameters = headerParameters(disposition);
  if (parameters === undefined) throw notUnderstood(number, `its Content-Disposition is${excerptOf(disposition)}`);
  const name = parameters.get('name') ?? extended(parameters.get('name*')) ?? '';
  const isFile = parameters.has('filename') || parameters.has('filename*');
  if (!isFile) refuseEncoded(name, valueOf('content-transfer-encoding') ?? '', valueOf('content-type') ?? '');
  return { name, isFile };
}

/** Many clients say the character set of each part; some of them say one that they do not send. */
function refuseEncoded(name: string, transferEncoding: string, contentType: string): void {
  const encoding = transferEncoding.trim().toLowerCase();
  if (ENCODED.includes(encoding))
    throw new ApiError('invalid_parameter', `${shortName(name)} is encoded as ${encoding}`);
  const charset = headerParameters(contentType)?.get('charset')?.toLowerCase() ?? '';
  if (charset === '' || UTF_8.includes(charset)) return;
  throw new ApiError('invalid_parameter', `${shortName(name)} is not sent as UTF-8 but as ${charset.slice(0, 20)}`);
}

const PARAMETER = /[ \t]*;[ \t]*(?:([^\s;="]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?[ \t]*/gy;

/**
 * The parameters behind the first word of a header, names in lower case: each a token or a quoted text (RFC 9110, 5.6.6),
 * and a token may hold whatever is no blank, semicolon or quote. Undefined when something else stands there.
 */
export function headerParameters(header: string): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  const rest = header.trim().replace(/^[^;]*/, '');
  let end = 0;
  for (const [all, name, quoted, token = ''] of rest.matchAll(PARAMETER)) {
    end += all.length;
    // Only what is quoted itself is escaped: old browsers send the backslashes of paths as they are.
    if (name !== undefined) parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(["\\])/g, '$1') ?? token);
  }
  return end === rest.length ? parameters : undefined;
}

/** `UTF-8''%C5%BC`: RFC 7578 wants nobody to write a name so, but some do. */
function extended(value: string | undefined): string | undefined {
  const [, encoded] = /^utf-8'[^']*'(.*)$/is.exec(value ?? '') ?? [];
  try {
    return encoded === undefined ? value : decodeURIComponent(encoded);
  } catch {
    return value;
  }
}

function notUnderstood(number: number, what: string): ApiError {
  return new ApiError('invalid_parameter', `part ${number} of the multipart body is not understood: ${what}`);
}

const excerptOf = (header: string): string => ` ${JSON.stringify(header.trim().slice(0, 60).toWellFormed())}`;

const shortName = (name: string): string => (name === '' ? 'a part' : name.slice(0, 60).toWellFormed());
