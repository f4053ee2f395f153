import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Field } from '../../connector/protocol/action.ts';
import {
  decimal,
  flag,
  id,
  ids,
  money,
  number,
  page,
  text,
  unixTime,
  whole,
  words,
} from '../../connector/protocol/fields.ts';
import { list } from '../../connector/protocol/items.ts';

const FIELDS: readonly Field[] = [
  ...[page(), text('t', 12), id('i'), number('n'), ids('l', 3), words('w'), whole('h'), decimal('d'), money('m')],
  ...[flag('f'), unixTime('u'), list('j', (values) => values)],
];

/** What callers send: numbers in every dress, lists, JSON, text of any kind, blanks around it. */
const SENT = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.stringMatching(/^[ +-]?0?\d{1,20}([.,]\d{0,12})?[ \n]?$/),
  fc.constantFrom('0', '1', 'true', 'false', 'TRUE', ' 1', '1\n', '+5', '-0', '1.0', '[]', '[1]', '{"a":1}', 'e\u0301'),
  fc.array(fc.stringMatching(/^ ?\w{0,32} ?$/), { minLength: 1, maxLength: 5 }).map((parts) => parts.join()),
);

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
