import { body, type ValidationChain } from 'express-validator';
import type { Field } from './action.ts';
import { readMoney, readPlainDecimal, readWhole } from './numbers.ts';

/** The last page that anybody can ask for; a number beyond it is that page, and empty. */
const LAST_PAGE = 1_000_000_000;

/** Product ids have at most 30 characters in BaseLinker's own tables (docs/protocol/baselinker.md 2). */
const MAX_ID_LENGTH = 30;

/** Seconds since 1970 up to the year 9999: later instants do not fit a DATETIME. */
const LAST_SECOND = 253_402_300_799;
const MAX_SECONDS = 999_999_999_999;

/** Ten digits, which no count of units needs. */
const LARGEST_WHOLE = 9_999_999_999;

/** A parameter that must be sent. */
export function required(field: Field): Field {
  return { ...field, required: true };
}

/** Page number; whatever is not a whole number of at least 1 means the first page (docs/protocol/baselinker.md 1.6). */
export function page(): Field {
  const parsed = (value: string) => {
    const wanted = /^\+?\d+$/.test(value) ? Math.min(Number(value), LAST_PAGE) : 1;
    return Math.max(wanted, 1);
  };
  return field('page', (chain) => chain.customSanitizer(parsed), parsed);
}

/** Free text, trimmed and in Unicode's composed form. */
export function text(name: string, maxLength = 1000): Field {
  const clean = (value: string) => value.trim().toWellFormed().normalize('NFC');
  return field(
    name,
    (chain) =>
      chain
        .customSanitizer(clean)
        .isLength({ max: maxLength })
        .withMessage(`${name} is longer than ${maxLength} characters`),
    (value) => {
      const cleaned = clean(value);
      return cleaned.length <= maxLength ? cleaned : undefined;
    },
  );
}

export function id(name: string): Field {
  return field(
    name,
    (chain) =>
      chain.trim().isLength({ max: MAX_ID_LENGTH }).withMessage(`${name} is longer than ${MAX_ID_LENGTH} characters`),
    (value) => (/^\w{1,30}$/.test(value) ? value : undefined),
  );
}

/** A number that BaseLinker gave, as text without leading zeros; 0 stands for none, and is refused. */
export function positiveId(name: string): Field {
  return matched(name, /^0*[1-9]\d{0,17}$/, 'a number above 0', (value) => value.replace(/^0+/, ''));
}

/** Comma-separated ids, each once, in the order sent. */
export function ids(name: string, max: number): Field {
  const isShort = (list: readonly string[]) => list.length <= max;
  const areShort = (list: readonly string[]) => list.every((one) => one.length <= MAX_ID_LENGTH);
  return field(
    name,
    (chain) =>
      chain
        .customSanitizer(commaList)
        .custom(isShort)
        .withMessage(`${name} holds more than ${max} ids`)
        .custom(areShort)
        .withMessage(`${name} holds an id of more than ${MAX_ID_LENGTH} characters`),
    (value) => {
      const list = commaList(value);
      return isShort(list) && areShort(list) ? list : undefined;
    },
  );
}

/** Comma-separated words. */
export function stringList(name: string): Field {
  return field(name, (chain) => chain.customSanitizer(commaList), commaList);
}

export function integer(name: string): Field {
  return understood(name, 'a whole number', (value) => readWhole(value, LARGEST_WHOLE));
}

/** The number to begin from: an id, so its digits are taken as they are. */
export function idFrom(name: string): Field {
  return matched(name, /^[+-]?\d{1,10}(\.0+)?$/, 'a whole number', Number);
}

/** An amount as exact decimal text. */
export function decimal(name: string): Field {
  return understood(name, 'a number such as 24.90', readPlainDecimal);
}

/** An amount of money of at least 0, with two decimals. What a caller's float has below 0 by mistake rounds to 0. */
export function money(name: string): Field {
  return understood(name, 'an amount such as 24.90', (value) => {
    const amount = readMoney(value);
    return amount?.startsWith('-') === true ? undefined : amount;
  });
}

/** 0 or 1. */
export function boolean(name: string): Field {
  return matched(name, /^(0|1|true|false)$/, '0 or 1', (value) => value === '1' || value === 'true');
}

/** Seconds since 1970, UTC, as an instant. */
export function unixTime(name: string): Field {
  return understood(name, 'a Unix time in seconds', (value) => {
    const seconds = readWhole(value, MAX_SECONDS);
    return seconds === undefined || seconds < 0 ? undefined : new Date(Math.min(seconds, LAST_SECOND) * 1000);
  });
}

/** A value that is read by `read`; undefined means "as if it had not been sent". */
export function parsed(name: string, reader: (value: string) => unknown): Field {
  return field(name, (chain) => chain.customSanitizer((value: string) => reader(value.trim())));
}

/** A value that has one form once blanks around it are gone. */
function matched(name: string, form: RegExp, described: string, convert: (value: string) => unknown): Field {
  return understood(name, described, (value) => (form.test(value) ? convert(value) : undefined));
}

/** A value that is understood once blanks around it are gone; undefined is a value that is not. */
function understood(name: string, described: string, convert: (value: string) => unknown): Field {
  return field(
    name,
    (chain) =>
      chain
        .trim()
        .custom((value: string) => convert(value) !== undefined)
        .withMessage(`${name} must be ${described}`)
        .bail()
        .customSanitizer(convert),
    convert,
  );
}

/**
 * Scalar checks look into arrays element by element, so every field first makes sure that it has one text before it:
 * `page[]=2` is refused here. `usual` is the short way past the checks (see `Field`).
 */
function field(
  name: string,
  rules: (chain: ValidationChain) => ValidationChain,
  usual: (value: string) => unknown = () => undefined,
): Field {
  const scalar = body(name)
    .custom((value: unknown) => typeof value === 'string')
    .withMessage(`${name} must be a single value`)
    .bail();
  return { name, required: false, chain: rules(scalar), usual };
}

function commaList(value: string): string[] {
  return [...new Set(value.split(',').map((one) => one.trim()))].filter((one) => one !== '');
}
