import { ApiError } from '../../domain/api-error.ts';

/**
 * A JSON number whose text JavaScript would not give back: with a fraction or an exponent, from sixteen digits on, or -0.
 * It begins behind one of these signs; the same within a text only leads to a closer look.
 */
const NOT_PLAIN = /[:,[]\s*(?:-0|-?\d+[.eE]|-?\d{16})/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** Ten in each entry of the largest call; a body is read before its key is known, and each of these costs some. */
const MAX_ODD_NUMBERS = 10_000;
/** A double holds every whole number of so many digits. */
const MAX_DIGITS = 15;

/**
 * Like JSON.parse, but a number that JavaScript might write differently is its source text: `1.50`, an id above 2^53,
 * `-3.55e-15`. Throws a SyntaxError for what is no JSON, an ApiError for more such numbers than any call holds.
 */
export function parseExactly(json: string): unknown {
  const parsed: unknown = JSON.parse(json);
  return NOT_PLAIN.test(json) ? JSON.parse(withQuotedNumbers(json)) : parsed;
}

/** Valid JSON with quotes around the numbers that need them. */
function withQuotedNumbers(json: string): string {
  const pieces: string[] = [];
  let written = 0;
  for (let at = 0; at < json.length;) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfText(json, at);
    } else if (code !== MINUS && !isDigit(code)) {
      at += 1;
    } else {
      const end = endOfNumber(json, at);
      if (!isPlain(json, at, end)) {
        if (pieces.length >= 2 * MAX_ODD_NUMBERS)
          throw new ApiError('invalid_parameter', 'too many numbers in the JSON');
        pieces.push(json.slice(written, at), json.slice(at, end));
        written = end;
      }
      at = end;
    }
  }
  // Every second piece is a number.
  return [...pieces, json.slice(written)].join('"');
}

function endOfText(json: string, start: number): number {
  let at = start + 1;
  for (let code = json.charCodeAt(at); at < json.length && code !== QUOTE; code = json.charCodeAt(at)) {
    at += code === BACKSLASH ? 2 : 1;
  }
  return at + 1;
}

/** Behind a number stands a comma, a bracket, a blank, or the end. */
function endOfNumber(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && isOfNumber(json.charCodeAt(at))) at += 1;
  return at;
}

function isPlain(json: string, start: number, end: number): boolean {
  const first = json.charCodeAt(start) === MINUS ? start + 1 : start;
  if (end - first > MAX_DIGITS || (first > start && json.charCodeAt(first) === ZERO)) return false;
  for (let at = first; at < end; at += 1) if (!isDigit(json.charCodeAt(at))) return false;
  return true;
}

const isDigit = (code: number) => code >= ZERO && code <= NINE;

/** Digits, and what else stands in a number: `.`, `+`, `-`, `e`, `E`. */
const isOfNumber = (code: number) =>
  isDigit(code) || code === 0x2e || code === 0x2b || code === MINUS || code === 0x65 || code === 0x45;
