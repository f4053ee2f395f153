import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Field } from '../../../connector/baselinker/wire/action.ts';
import {
  decimal,
  boolean,
  id,
  ids,
  money,
  positiveId,
  page,
  text,
  unixTime,
  integer,
  stringList,
} from '../../../connector/baselinker/wire/fields.ts';
import { list } from '../../../connector/baselinker/wire/items.ts';

const FIELDS: readonly Field[] = [
  ...[
    page(),
    text('t', 12),
    id('i'),
    positiveId('n'),
    ids('l', 3),
    stringList('w'),
    integer('h'),
    decimal('d'),
    money('m'),
  ],
  ...[boolean('f'), unixTime('u'), list('j', (values) => values)],
];

/** What callers send: numbers in every dress, lists, JSON, text of any kind, blanks around it. */
const SENT = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.stringMatching(/^[ +-]?0?\d{1,20}([.,]\d{0,12})?[ \n]?$/),
  fc.stringMatching(/^[+-]?\d{1,5}([.,]\d{1,30})?[eE][+-]?\d{1,2}$/),
  fc.constantFrom('0', '1', 'true', 'false', 'TRUE', ' 1', '1\n', '+5', '-0', '1.0', '[]', '[1]', '{"a":1}', 'e\u0301'),
  fc.array(fc.stringMatching(/^ ?\w{0,32} ?$/), { minLength: 1, maxLength: 5 }).map((parts) => parts.join()),
);

describe('a number in a parameter', () => {
  const DECIMALS = ['-3.5527136788005009e-15', '1.0E-15', '1e-7', '1.0E+2', `0.${'3'.repeat(30)}`, '24,90', ' 5 '];

  it('of money is read exactly, then rounded', async () => {
    const expected = ['0.00', '0.00', '0.00', '100.00', '0.33', '24.90', '5.00'];
    assert.deepEqual(await Promise.all(DECIMALS.map((text) => checked(money('m'), text))), expected);
    for (const text of ['-1', '-0.005', '1e9', '1e999', '.5', `1.${'0'.repeat(99)}`, 'NaN', '1 000']) {
      assert.match(String(await checked(money('m'), text)), /^m must be an amount/, text);
    }
  });

  it('of any kind is read exactly, and handed on plainly', async () => {
    const expected = [
      ...['-0.0000000000000035527136788005009', '0.000000000000001', '0.0000001', '100', `0.${'3'.repeat(30)}`],
      ...['24.90', '5'],
    ];
    assert.deepEqual(await Promise.all(DECIMALS.map((text) => checked(decimal('d'), text))), expected);
    for (const text of ['1e12', 'x', '']) assert.match(String(await checked(decimal('d'), text)), /^d must be/, text);
  });

  it('of units and seconds may have an exponent and decimals that are 0', async () => {
    for (const [text, pieces] of [
      ['1.0E+2', 100],
      ['-7,00', -7],
      ['20e-1', 2],
    ] as const) {
      assert.equal(await checked(integer('h'), text), pieces);
    }
    assert.deepEqual(await checked(unixTime('u'), '1.79901453E9'), new Date(1_799_014_530_000));
    for (const text of ['1.5', '1e10', 'true', '1e-1']) {
      assert.match(String(await checked(integer('h'), text)), /^h must be/, text);
    }
  });
});

/** What the checks make of a value, or what they say of it. */
async function checked({ name, chain }: Field, sent: string): Promise<unknown> {
  const body: Record<string, unknown> = { [name]: sent };
  const [problem] = (await chain.run({ body })).array();
  return problem ? String(problem.msg) : body[name];
}

describe('the short way to read a parameter', () => {
  for (const field of FIELDS) {
    it(`gives what the checks give, for ${field.name}`, async () => {
      let taken = 0;
      await fc.assert(
        fc.asyncProperty(SENT, async (sent) => {
          const short = await outcome(() => field.usual?.(sent));
          if (short === undefined) return;
          taken += 1;
          const body = { [field.name]: sent };
          assert.deepEqual(
            await outcome(async () => {
              const problems = (await field.chain.run({ body })).array();
              assert.deepEqual(problems, []);
              return body[field.name];
            }),
            short,
          );
        }),
        { numRuns: 300 },
      );
      assert.notEqual(taken, 0);
    });
  }
});

/** What it gives, or what it says in refusing. */
async function outcome(read: () => unknown): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return String(error);
  }
}
