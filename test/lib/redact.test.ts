import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withoutValues } from '../../connector/lib/redact.ts';

describe('a reason without values', () => {
  for (const [reason, kept] of [
    ['products[3].quantity must be a whole number', 'products[3].quantity must be a whole number'],
    ['price must be an amount such as 24.90', 'price must be an amount such as 24.90'],
    [
      'products[0].operation must be set or change, not "Ala Nowak"',
      'products[0].operation must be set or change, not […]',
    ],
    ['name: "a" is not "b" or "c"', 'name: […]'],
    ['name is „Ala Nowak” here', 'name is […]'],
    ['cut: "<" Nowak', 'cut: […]'],
    ['name is “Ala”, not `Ola`', 'name is […]'],
    ['cut: "Ala Nowak, Dłu', 'cut: […]'],
    ["it is the shop's own, the buyer's not", "it is the shop's own, the buyer's not"],
    ['no such action: ala@example.test', 'no such action: [e-mail]'],
    ['phone 600 100 200 is none', 'phone [number] is none'],
    ['phone +48 600-100-200 is none', 'phone [phone] is none'],
    ['nip 521-301-72-28', 'nip [number]'],
    ['a\nline "level":"error"', 'a line […]'],
  ] as const) {
    it(`says ${kept}`, () => assert.equal(withoutValues(reason), kept));
  }

  it('never holds what stood between quotation marks, is one line, and is bounded', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `<${text}>`);
    fc.assert(
      fc.property(fc.constantFrom('"', '“', '„', '«', '`'), value, fc.boolean(), (mark, sent, isCut) => {
        const reason = withoutValues(`name must be text, not ${mark}${sent}${isCut ? '' : mark === '`' ? '`' : '"'}`);
        assert.equal(reason, 'name must be text, not […]');
      }),
    );
    assert.ok(withoutValues('x'.repeat(5000)).length <= 300);
    assert.ok(withoutValues('😀'.repeat(5000)).isWellFormed());
  });
});
