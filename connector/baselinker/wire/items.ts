import { body } from 'express-validator';
import { ApiError } from '../../domain/api-error.ts';
import type { Field } from './action.ts';
import { parseExactly } from './exact-json.ts';
import { readExactMoney, readMoney, readWhole } from './numbers.ts';

/** One entry of a table such as `products`; every reader names the entry and the field in its Refusal. */
export interface Item {
  /** Where the entry stands, for a Refusal: `products[3]`. */
  readonly path: string;
  /** '' when it was not sent. A JSON number keeps the digits that were sent. */
  text(name: string): string;
  /** A text that names something; a whole number with decimals (`501.0`) is the number. */
  id(name: string): string;
  /** A whole number; `fallback` when it was not sent, a Refusal without one. */
  whole(name: string, fallback?: number): number;
  /** An amount of money as text with two decimals. */
  money(name: string, fallback?: string): string;
  /** The same with every decimal that was sent, and at least two. */
  exactMoney(name: string): string;
  /** Whether it was sent as JSON's null. */
  isNull(name: string): boolean;
  /** Entries of a table within the entry; none when it was not sent. */
  items(name: string): readonly Item[];
}

/** Larger numbers are no stock and no quantity; they would not fit the shop's columns. */
const LARGEST = 2_000_000_000;

/**
 * A parameter that holds a table: JSON text as the documentation says, brackets as its samples show, or a plain JSON
 * list (docs/protocol/baselinker.md 1.1).
 */
export function items(name: string, max: number, read: (item: Item) => unknown): Field {
  return list(name, (values) => {
    if (values.length > max) throw new ApiError('invalid_parameter', `${name} holds more than ${max} entries`);
    return values.map((entry, at) => read(itemOf(`${name}[${at}]`, entry)));
  });
}

/** The same for entries that are no tables themselves. */
export function list(name: string, read: (values: readonly unknown[]) => unknown): Field {
  return listOrTable(name, (value) => read(listOf(name, value)));
}

/** The same where the names of a table say something; they are `read`'s own business. */
export function listOrTable(name: string, read: (value: unknown) => unknown): Field {
  const usual = (json: string) => read(parsed(name, json));
  const chain = body(name).customSanitizer((value: unknown) =>
    typeof value === 'string' ? usual(value) : read(value),
  );
  return { name, required: false, chain, usual };
}

function parsed(name: string, text: string): unknown {
  try {
    return parseExactly(text);
  } catch (error) {
    if (error instanceof ApiError) throw new ApiError(error.code, `${name}: ${error.message}`);
    throw new ApiError('invalid_parameter', `${name} is not valid JSON`);
  }
}

/** PHP writes a list whose numbers have gaps as an object. */
function listOf(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'object' && value !== null) return Object.values(value);
  throw new ApiError('invalid_parameter', `${name} must be a list`);
}

function itemOf(path: string, entry: unknown): Item {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw new ApiError('invalid_parameter', `${path} must be a table of fields`);
  }
  const fields = entry as Readonly<Record<string, unknown>>;
  const field = (name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  const scalar = (name: string): string => {
    const value = field(name);
    if (value === undefined || value === null) return '';
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string') return value.toWellFormed().normalize('NFC').trim();
    throw new ApiError('invalid_parameter', `${path}.${name} must be a single value`);
  };
  /** Yes and no are flags: neither is a number (docs/protocol/baselinker.md 1.1). */
  const number = (name: string): string => (typeof field(name) === 'boolean' ? 'a flag' : scalar(name));
  return {
    path,
    text: scalar,
    id: (name) => scalar(name).replace(/^(\d+)\.0+$/, '$1'),
    whole: (name, fallback) => wholeOf(`${path}.${name}`, number(name), fallback),
    money: (name, fallback) => moneyOf(`${path}.${name}`, number(name), readMoney, fallback),
    exactMoney: (name) => moneyOf(`${path}.${name}`, number(name), readExactMoney),
    isNull: (name) => field(name) === null,
    items(name) {
      const value = field(name);
      if (value === undefined || value === null || value === '') return [];
      return listOf(`${path}.${name}`, value).map((inner, at) => itemOf(`${path}.${name}[${at}]`, inner));
    },
  };
}

function wholeOf(path: string, text: string, fallback: number | undefined): number {
  if (text === '' && fallback !== undefined) return fallback;
  const number = readWhole(text, LARGEST);
  if (number !== undefined) return number;
  throw new ApiError('invalid_parameter', `${path} must be a whole number`);
}

function moneyOf(path: string, text: string, read: typeof readMoney, fallback?: string): string {
  if (text === '' && fallback !== undefined) return fallback;
  const amount = read(text);
  if (amount !== undefined) return amount;
  throw new ApiError('invalid_parameter', `${path} must be an amount such as 24.90`);
}
