import assert from 'node:assert/strict';
import { aShop, changeRows, columns, counterIn, stockOf, wholeDatabase, type Fields } from '../../orders/a-shop.ts';
import { addProducts } from '../../support/shop-rows.ts';
import { aConnector, errorCode } from './a-connector.ts';

describe('ProductsQuantityUpdate', () => {
  const connector = aConnector();
  beforeEach(aShop);

  type Item = Readonly<Record<string, unknown>>;
  const items = (list: readonly Item[]): Fields => ({ products: JSON.stringify(list) });
  const update = async (...list: readonly Item[]) =>
    counterIn(await connector.call('ProductsQuantityUpdate', items(list)));

  /** Stock of the mug, its blue and its green variant, and the book. */
  const stock = async () => [
    await stockOf(501),
    await stockOf(501, 9001),
    await stockOf(501, 9002),
    await stockOf(502),
  ];

  it('sets the stock, and changes it by a difference', async () => {
    const counter = await update(
      { product_id: '501', variant_id: '0', operation: 'set', quantity: 7 },
      { product_id: '501', variant_id: '9001', operation: 'change', quantity: -2 },
      { product_id: 501, variant_id: 9002, operation: 'change', quantity: '+5' },
    );
    assert.equal(counter, 3);
    assert.deepEqual(await stock(), [7, 98, 105, 100]);
  });

  for (const [title, item] of [
    ['"0"', { variant_id: '0' }],
    ['0', { variant_id: 0 }],
    ['""', { variant_id: '' }],
    ['null', { variant_id: null }],
    ['no variant', {}],
  ] as const) {
    it(`means the main product by ${title}`, async () => {
      assert.equal(await update({ product_id: '501', ...item, operation: 'set', quantity: 1 }), 1);
      assert.deepEqual(await stock(), [1, 100, 100, 100]);
    });
  }

  it('applies several changes of one variant in their order', async () => {
    const change = (operation: string, quantity: number) => ({ product_id: '501', operation, quantity });
    assert.equal(await update(change('change', 5), change('set', 10), change('change', -3), change('change', 1)), 4);
    assert.equal(await stockOf(501), 8);
    assert.equal(await update(change('set', 10), change('change', 1), change('set', 4)), 3);
    assert.equal(await stockOf(501), 4);
    const rows = await changeRows();
    assert.deepEqual(
      rows.map((row) => [row.before_value, row.after_value]),
      [
        ['100', '8'],
        ['8', '4'],
      ],
    );
  });

  it('goes below 0 where that is what comes out, and BaseLinker is shown 0', async () => {
    assert.equal(await update({ product_id: '502', operation: 'change', quantity: -105 }), 1);
    assert.equal(await stockOf(502), -5);
    const shown = (await connector.call('ProductsQuantity')).body['502'];
    assert.deepEqual(shown, { 0: 0 });
  });

  it('stays within what the shop can hold', async () => {
    const change = { product_id: '502', operation: 'change', quantity: 2_000_000_000 };
    assert.equal(await update(change, change, change), 3);
    assert.equal(await stockOf(502), 2_147_483_647);
    assert.equal((await changeRows())[0]?.after_value, '2147483647');
  });

  it('reads brackets, words in capitals, and whole numbers in other clothes', async () => {
    const fields = {
      'products[0][product_id]': '501',
      'products[0][operation]': 'SET',
      'products[0][quantity]': '7.00',
      'products[4][product_id]': '502',
      'products[4][variant_id]': '0',
      'products[4][operation]': 'Change',
      'products[4][quantity]': '-7,0',
    };
    assert.equal(counterIn(await connector.call('ProductsQuantityUpdate', fields)), 2);
    assert.deepEqual(await stock(), [7, 100, 100, 93]);
  });

  it('skips what the shop does not have, logs it and does not count it', async () => {
    const app = await connector.open();
    const change = { operation: 'change', quantity: 1 };
    const list = [
      { product_id: '999', ...change },
      { product_id: '502', variant_id: '9001', ...change },
      { product_id: '501', variant_id: '8888', ...change },
      { product_id: '', ...change },
      { ...change },
      { product_id: 'uuid-x', ...change },
      { product_id: '0501', ...change },
      { product_id: '99999999999', ...change },
      { product_id: '502', ...change },
    ];
    assert.equal(counterIn(await app.call('ProductsQuantityUpdate', items(list))), 1);
    assert.deepEqual(await stock(), [100, 100, 100, 101]);
    assert.match(app.log(), /"articles":8.*"999\/0"/);
  });

  it('takes 1000 items and refuses 1001', async () => {
    await addProducts(1001, 2000, () => ({ quantity: 5 }));
    const list = Array.from({ length: 1000 }, (_, n) => ({
      product_id: String(2000 - n),
      operation: 'change',
      quantity: n,
    }));
    assert.equal(await update(...list), 1000);
    assert.deepEqual([await stockOf(2000), await stockOf(1001), await stockOf(1500)], [5, 1004, 505]);
    assert.equal((await changeRows()).length, 1000);
    const before = await wholeDatabase();
    const answer = await connector.call('ProductsQuantityUpdate', items([...list, list[0]!]));
    assert.equal(errorCode(answer), 'invalid_parameter');
    assert.match(String(answer.body['error_text']), /^products .*1000/);
    assert.equal(await wholeDatabase(), before);
  });

  it('counts nothing in an empty list', async () => {
    assert.equal(await update(), 0);
  });

  it('leaves an audit row for each change, with the call as the log names it', async () => {
    const app = await connector.open();
    await app.call('ProductsQuantityUpdate', {
      products: JSON.stringify([
        { product_id: '502', operation: 'set', quantity: 100 },
        { product_id: '501', variant_id: '9001', operation: 'change', quantity: -1 },
      ]),
    });
    const rows = await changeRows();
    const names = ['kind', 'product_id', 'variant_id', 'before_value', 'after_value', 'action', 'order_id'];
    assert.deepEqual(
      rows.map((row) => columns({ ...row }, ...names)),
      [
        ['stock', '502', '0', '100', '100', 'ProductsQuantityUpdate', null],
        ['stock', '501', '9001', '100', '99', 'ProductsQuantityUpdate', null],
      ],
    );
    const answered =
      app
        .log()
        .split('\n')
        .find((line) => line.includes('call answered')) ?? '{}';
    const { requestId } = JSON.parse(answered) as { requestId?: string };
    assert.deepEqual(new Set(rows.map(({ call_id: call }) => call)), new Set([requestId]));
  });

  it('refuses a call with one malformed item whole, names the item and writes nothing', async () => {
    const good = { product_id: '501', operation: 'set', quantity: 1 };
    const before = await wholeDatabase();
    for (const [bad, named] of [
      [{ ...good, operation: 'add' }, /^products\[1\]\.operation /],
      [{ ...good, operation: undefined }, /^products\[1\]\.operation /],
      [{ ...good, quantity: 'dużo' }, /^products\[1\]\.quantity /],
      [{ ...good, quantity: '1.5' }, /^products\[1\]\.quantity /],
      [{ ...good, quantity: null }, /^products\[1\]\.quantity /],
      [{ ...good, quantity: 3_000_000_000 }, /^products\[1\]\.quantity /],
      [{ ...good, product_id: ['501'] }, /^products\[1\]\.product_id /],
      [{ ...good, variant_id: {} }, /^products\[1\]\.variant_id /],
      ['501', /^products\[1\] /],
      [null, /^products\[1\] /],
    ] as const) {
      const answer = await connector.call('ProductsQuantityUpdate', { products: JSON.stringify([good, bad]) });
      assert.equal(errorCode(answer), 'invalid_parameter', JSON.stringify(bad));
      assert.match(String(answer.body['error_text']), named);
    }
    for (const products of ['', '{', '"501"', '7', 'null']) {
      const answer = await connector.call('ProductsQuantityUpdate', { products });
      assert.equal(errorCode(answer), 'invalid_parameter', products);
    }
    assert.equal(await wholeDatabase(), before);
  });
});
