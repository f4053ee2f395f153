/** The words of the wire that several answers share, as schemas over a `Tree`: what a text, a price, a map must be. */
import { z } from 'zod';

/** The error of a value: what it must be; a value that is absent says so. */
export const expected =
  (what: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? 'is missing' : `must be ${what}`;

/** Never null: what is unknown is `""`. */
export const text = z.string({ error: expected('text ("" when there is none)') });

export const count = z.int({ error: expected('a whole number, not text') }).min(0, 'must not be below 0');

export const units = z.int({ error: expected('a whole number of pieces, not text') }).min(0, 'must not be below 0');

export const flag = z.literal([0, 1], { error: expected('0 or 1') });

export const unixTime = z.int({ error: expected('a time in whole seconds since 1970') }).min(0, 'must not be below 0');

/** Kilograms or centimetres. */
export const measure = z.number({ error: expected('a number, not text') }).min(0, 'must not be below 0');

const PRICE = 'text with exactly two decimals, such as "24.90"';

export const money = z.string({ error: expected(PRICE) }).regex(/^-?\d+\.\d{2}$/, { error: expected(PRICE) });

/** Of a thing for sale. To BaseLinker a price of 0 may end an offer: one that is unknown is left out. */
export const price = z
  .string({ error: expected(PRICE) })
  .regex(/^\d+\.\d{2}$/, { error: expected(PRICE), abort: true })
  .refine((amount) => amount !== '0.00', 'must not be 0.00: a price that is not known is left out');

/** What a shipment costs may well be 0. */
export const fee = z.string({ error: expected(PRICE) }).regex(/^\d+\.\d{2}$/, { error: expected(PRICE) });

/** Percent; below 0 are the exemptions of BaseLinker's other API. */
const EXEMPT = [-1, -0.02, -0.03];
export const vat = z
  .number({ error: expected('a number of percent') })
  .refine((rate) => EXEMPT.includes(rate) || (rate >= 0 && rate <= 100), 'must be 0 to 100, or -1 for exempt');

export const currency = z
  .string({ error: expected('a currency of three letters') })
  .regex(/^[A-Z]{3}$/, 'must be three letters');

export const country = text.regex(/^([A-Z]{2})?$/, 'must be two capital letters or ""');

export const url = text.regex(/^(https?:\/\/\S+)?$/, 'must be a full address (https://…) or ""');

/** Product, variant and dictionary ids are texts of at most 30 characters; `pages` is a reserved word beside them. */
export const id = z.string().regex(/^(?!pages$)\S{1,30}$/, 'is not an id of 1 to 30 characters');

const ID = 'an id of 1 to 30 characters, as text';

/** Of something that was just made: a `0` or nothing would stand for "none" in the calls that follow. */
export const newId = z.string({ error: expected(ID) }).regex(/^(?!(pages|0)$)\S{1,30}$/, { error: expected(ID) });

const isOrderNumber = (text: string): boolean => /^[1-9]\d{0,9}$/.test(text) && Number(text) <= 2 ** 31;

/** Order ids are numbers, 1 to 2^31. */
export const orderId = z.string().refine(isOrderNumber, 'is not an order number from 1 to 2147483648');

const ORDER_NUMBER = 'an order number from 1 to 2147483648';

/** The same as a value: a number, or its text; both are in use (2.12). Read as text, as it stands among the orders. */
export const orderNumber = z
  .union([z.int(), z.string()], { error: expected(ORDER_NUMBER) })
  .transform(String)
  .refine(isOrderNumber, { error: `must be ${ORDER_NUMBER}` });

const OBJECT = 'an object {…}, even when it is empty';

const plain = (value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value);

/** An object of which every field is known; one more is a fault. */
export const record = <Shape extends z.ZodRawShape>(fields: Shape) =>
  z.preprocess(
    plain,
    z.strictObject(fields, {
      error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : expected(OBJECT)(issue)),
    }),
  );

/** An object to which text fields of any name may be added: they become tags of a listing template. */
export const openRecord = <Shape extends z.ZodRawShape>(fields: Shape) =>
  z.preprocess(plain, z.object(fields, { error: expected(OBJECT) }).catchall(text));

/** id → value, in the order of the text. A list is a fault even where PHP could not tell the difference. */
export const mapOf = <Key extends z.ZodType<string>, Value extends z.ZodType>(key: Key, value: Value) =>
  z.map(key, value, { error: expected(OBJECT) });

export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, { error: expected('a list […]') });

/** One page of an id-keyed answer. */
export interface Page<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly pages: number;
}

/** id → row, with the number of pages among the ids. */
export const pageOf = <Key extends z.ZodType<string>, Row extends z.ZodType>(key: Key, row: Row) =>
  z.preprocess(
    splitPages,
    z.object({ rows: mapOf(key, row), pages: count.min(1, 'must be at least 1, also when nothing was found') }),
  );

function splitPages(value: unknown): unknown {
  if (!(value instanceof Map)) return { rows: value, pages: 1 };
  const rows = new Map<unknown, unknown>(value);
  rows.delete('pages');
  return { rows, pages: value.get('pages') as unknown };
}
