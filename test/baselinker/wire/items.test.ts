import { formatMoney, lineValue } from '../../../connector/domain/money.ts';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ApiError } from '../../../connector/domain/api-error.ts';
import { defineAction } from '../../../connector/baselinker/wire/action.ts';
import { items, list, type Item } from '../../../connector/baselinker/wire/items.ts';

const MOST = 3;

/** What an action gets from its field `things`. */
async function read(sent: unknown, reader: (item: Item) => unknown = (item) => item.text('a')): Promise<unknown> {
  const action = defineAction<{ things: unknown[] }, null>({
    name: 'Any',
    input: [items('things', MOST, reader)],
    run: ({ things }) => Promise.resolve(things),
  });
  return action.answer({ things: sent }, null);
}

const refused = (sent: unknown, named: RegExp, reader?: (item: Item) => unknown) =>
  assert.rejects(read(sent, reader), (error) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.code, 'invalid_parameter');
    assert.match(error.message, named);
    return true;
  });

const A_B = [{ a: 'x' }, { a: 'y' }];

describe('a table in a call', () => {
  it('is read from JSON text, from a list, and from brackets', async () => {
    for (const sent of [JSON.stringify(A_B), JSON.stringify({ 3: A_B[0], 7: A_B[1] }), A_B, { 0: A_B[0], 1: A_B[1] }]) {
      assert.deepEqual(await read(sent), ['x', 'y']);
    }
  });

  it('may be empty, and is undefined when it was not sent', async () => {
    assert.deepEqual(await read('[]'), []);
    assert.equal(await read(''), undefined);
    assert.equal(await read(undefined), undefined);
  });

  it('is refused when it is no table', async () => {
    for (const sent of ['{', '5', '"x"', 'null', 'true', 'x,y']) await refused(sent, /^things /);
    await refused('[1]', /^things\[0\] /);
    await refused('[{"a":1},null]', /^things\[1\] /);
    await refused('[{},[1]]', /^things\[1\] /);
  });

  it('is refused when it holds too much', async () => {
    await refused(JSON.stringify([{}, {}, {}, {}]), /^things holds more than 3 /);
  });

  it('may hold plain values, too', async () => {
    const action = defineAction<{ things: unknown }, null>({
      name: 'Any',
      input: [list('things', (values) => values.join('+'))],
      run: ({ things }) => Promise.resolve(things),
    });
    assert.equal(await action.answer({ things: '["a","b"]' }, null), 'a+b');
  });
});

describe('a text of an entry', () => {
  it('is trimmed and composed; what is absent is empty', async () => {
    assert.deepEqual(await read(JSON.stringify([{ a: '  z\u0307 ' }, { a: null }, {}])), ['ż', '', '']);
  });

  it('is read from numbers and yes or no', async () => {
    assert.deepEqual(await read('[{"a":501},{"a":true},{"a":false}]'), ['501', '1', '0']);
  });

  it('keeps the digits of a JSON number as they were sent', async () => {
    for (const number of ['1729384256789012345', '12345678901234567890', '1.50', '-0', '1E2', '0.1e-7', '1e-7', '7']) {
      assert.deepEqual(await read(`[{"a":${number}},{"a": ${number} }]`), [number, number]);
    }
  });

  it('next to a number keeps quotes, backslashes and whatever looks like a number', async () => {
    const number = fc
      .record({ minus: fc.constantFrom('', '-'), whole: fc.bigInt({ min: 0n, max: 10n ** 25n }) })
      .map(({ minus, whole }) => `${minus}${whole}`);
    const tail = fc.constantFrom('', '.0', '.50', '.123456789012345678', 'e5', 'E-7', '.10e+3');
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\\":,[\]{}0-9.eE-]{0,20}$/));
    await fc.assert(
      fc.asyncProperty(number, tail, text, async (whole, rest, beside) => {
        const sent = whole + rest;
        const json = `[{${JSON.stringify(beside)}:[${sent}],"b":${JSON.stringify(beside)},"a": ${sent}\n,"c":[true]}]`;
        fc.pre(!['a', 'b', 'c'].includes(beside));
        const clean = beside.toWellFormed().normalize('NFC').trim();
        assert.deepEqual(await read(json, (item) => [item.text('b'), item.text('a')]), [[clean, sent]]);
      }),
    );
  });

  it('never holds half a character', async () => {
    assert.deepEqual(await read('[{"a":"x\\ud83d"}]'), ['x\ufffd']);
  });

  it('is refused as a list or table, by its path', async () => {
    await refused('[{"a":[1]}]', /^things\[0\]\.a /);
    await refused('[{},{"a":{}}]', /^things\[1\]\.a /);
  });

  it('is not found on the prototype', async () => {
    assert.deepEqual(await read('[{"a":1}]', (item) => [item.text('constructor'), item.text('__proto__')]), [['', '']]);
  });
});

describe('a whole number of an entry', () => {
  const whole = (item: Item) => item.whole('n');

  it('may have a sign and decimals that are 0', async () => {
    assert.deepEqual(await read('[{"n":"-7"},{"n":"+7.00"},{"n":7}]', whole), [-7, 7, 7]);
  });

  it('may be written with an exponent, as a number or as text', async () => {
    assert.deepEqual(await read('[{"n":"1e3"},{"n":1.0E+3},{"n":-70e-1}]', whole), [1000, 1000, -7]);
  });

  it('is never a yes or no', async () => {
    for (const n of ['true', 'false']) await refused(`[{"n":1},{"n":${n}}]`, /^things\[1\]\.n /, whole);
    await refused('[{"n":true}]', /^things\[0\]\.n /, (item) => item.whole('n', 1));
  });

  it('is refused by its path when it is none', async () => {
    for (const n of ['', ' ', 'x', '1.5', '1e-3', '1e30', '0x10', '٥', '2000000001', '99999999999', null, [1]]) {
      await refused(JSON.stringify([{ n: 1 }, { n }]), /^things\[1\]\.n /, whole);
    }
  });

  it('may be left out where there is a fallback', async () => {
    assert.deepEqual(await read('[{}]', (item) => item.whole('n', 4)), [4]);
  });
});

describe('an amount of an entry', () => {
  const money = (item: Item) => item.money('price');

  it('is exact, with two decimals', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -99_999_999_999n, max: 99_999_999_999n }), async (cents) => {
        const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
        const text = `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        const expected = [text, text, text];
        const sent = [{ price: text }, { price: text.replace('.', ',') }, { price: Number(text) }];
        assert.deepEqual(await read(JSON.stringify(sent), money), expected);
      }),
    );
  });

  it('is read from any number that JSON can write', async () => {
    const tiny = '[{"price":-3.5527136788005009e-15},{"price":1e-7},{"price":"1.0E-15"}]';
    assert.deepEqual(await read(tiny, money), ['0.00', '0.00', '0.00']);
    assert.deepEqual(await read('[{"price":"1.0E+2"},{"price":1.0E+2}]', money), ['100.00', '100.00']);
    const nothing = '[{"price":"1e-99"},{"price":1e-400},{"price":"-1.5e-999"}]';
    assert.deepEqual(await read(nothing, money), ['0.00', '0.00', '0.00']);
    // The double nearest to the second one is below the half.
    assert.deepEqual(await read('[{"price":0.5e-2},{"price":1.005}]', money), ['0.01', '1.01']);
  });

  it('keeps what was sent where it is asked for exactly', async () => {
    const exact = (item: Item) => item.exactMoney('p');
    assert.deepEqual(await read('[{"p":0.0455},{"p":"24,9"},{"p":1e-3}]', exact), ['0.0455', '24.90', '0.001']);
    assert.deepEqual(await read('[{"p":5},{"p":"1.500"}]', exact), ['5.00', '1.50']);
    const small = (await read('[{"p":"1e-99"},{"p":1e-400},{"p":"-1.5e-999"}]', exact)) as string[];
    assert.deepEqual(
      small.map((price) => formatMoney(lineValue(price, 1000))),
      ['0.00', '0.00', '0.00'],
    );
  });

  it('is rounded half away from 0, whatever its decimals are', async () => {
    const decimals = fc.stringMatching(/^[0-9]{3,80}$/);
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), decimals, fc.boolean(), async (whole, rest, isNegative) => {
        const scale = 10n ** BigInt(rest.length);
        const exact = BigInt(whole) * scale + BigInt(rest);
        const cents = (exact * 100n * 2n + scale) / (2n * scale);
        const [result] = (await read(
          JSON.stringify([{ price: `${isNegative ? '-' : ''}${whole}.${rest}` }]),
          money,
        )) as string[];
        assert.equal(BigInt(result!.replace(/[-.]/g, '')), cents);
        assert.equal(result!.startsWith('-'), isNegative && cents !== 0n);
      }),
    );
  });

  it('is refused by its path when it is none', async () => {
    for (const price of [
      '',
      'x',
      '1.2.3',
      '1 000',
      '1e9',
      '1e999',
      '.5',
      '5.',
      '9'.repeat(10),
      `0.${'1'.repeat(99)}`,
      null,
      true,
      false,
      {},
    ]) {
      await refused(JSON.stringify([{ price }]), /^things\[0\]\.price /, money);
    }
  });
});

describe('a table within an entry', () => {
  const inner = (item: Item) => item.items('attributes').map((attribute) => [attribute.path, attribute.text('name')]);

  it('is read like one outside; none is an empty one', async () => {
    const sent = [{ attributes: [{ name: 'Kolor' }] }, { attributes: { 2: { name: 'Rozmiar' } } }, { attributes: '' }];
    assert.deepEqual(await read(JSON.stringify(sent), inner), [
      [['things[0].attributes[0]', 'Kolor']],
      [['things[1].attributes[0]', 'Rozmiar']],
      [],
    ]);
  });

  it('is refused by its path when it is none', async () => {
    await refused('[{"attributes":"x"}]', /^things\[0\]\.attributes /, inner);
    await refused('[{"attributes":[5]}]', /^things\[0\]\.attributes\[0\] /, inner);
  });
});
