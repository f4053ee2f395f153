import assert from 'node:assert/strict';
import { aShop, changeRows, columns, wholeDatabase, type Fields } from '../../orders/a-shop.ts';
import { testDatabase } from '../../support/database.ts';
import { addFeatures, addImages, addManufacturer, addTexts, changeProducts } from '../../support/shop-rows.ts';
import { aConnector, errorCode } from './a-connector.ts';

describe('ProductAdd', () => {
  const connector = aConnector();
  beforeEach(aShop);

  async function added(fields: Fields): Promise<string> {
    const { text, body } = await connector.call('ProductAdd', fields);
    assert.match(text, /^\{"product_id":"[1-9]\d*"\}$/);
    return String(body['product_id']);
  }

  async function card(id: string): Promise<Record<string, unknown>> {
    const { body } = await connector.call('ProductsData', { products_id: id });
    const found = body[id];
    assert.ok(found);
    return found as Record<string, unknown>;
  }

  const FULL = {
    sku: 'TAL-1',
    ean: '5900000000029',
    name: 'Talerz głęboki',
    quantity: '12',
    price: '19,90',
    tax: '8',
    weight: '0.45',
    height: '3.5',
    length: '24',
    width: '24',
    description: '<p>Duży</p>',
    description_extra1: 'jeden',
    description_extra4: 'cztery',
    man_name: 'Huta Kubków',
    images: JSON.stringify(['https://img.test/1.jpg', 'url:https://img.test/2.jpg']),
    features: JSON.stringify([
      ['Kolor', 'biały|szary'],
      ['Materiał', 'szkło'],
    ]),
  };

  it('creates a card that ProductsData shows', async () => {
    const id = await added(FULL);
    const names = ['sku', 'ean', 'name', 'quantity', 'price', 'tax', 'weight', 'description', 'man_name'];
    const shown = await card(id);
    assert.deepEqual(columns(shown, ...names), [
      'TAL-1',
      '5900000000029',
      'Talerz głęboki',
      12,
      '19.90',
      8,
      0.45,
      '<p>Duży</p>',
      'Huta Kubków',
    ]);
    assert.deepEqual(shown['images'], ['https://img.test/1.jpg', 'https://img.test/2.jpg']);
    assert.deepEqual(shown['features'], [
      ['Kolor', 'biały|szary'],
      ['Materiał', 'szkło'],
    ]);
    const row: Record<string, unknown> = await testDatabase().db('shop_products').where({ id }).first();
    assert.deepEqual(columns(row, 'height', 'length', 'width'), ['3.50', '24.00', '24.00']);
  });

  it('changes the product of the same SKU when the call comes again, and says nothing twice', async () => {
    const id = await added(FULL);
    const before = await wholeDatabase();
    assert.equal(await added({ ...FULL, product_id: '' }), id);
    assert.equal(await added({ ...FULL, product_id: '0' }), id);
    const strip = (all: string) =>
      all
        .split('\n')
        .filter((line) => !line.includes('ProductAdd'))
        .join('\n');
    assert.equal(strip(await wholeDatabase()), strip(before));
    assert.equal((await added({ sku: 'tal-1', name: 'Inny talerz' })) === id, false);
  });

  it('finds and changes the product whose SKU has blanks around it in the shop, and makes no second one', async () => {
    await changeProducts([502], { sku: 'TAL-9 ', ean: '\u00a05901' });
    for (const filter of [{ filter_sku: 'TAL-9' }, { filter_sku: 'TAL-9 ' }, { filter_ean: '5901' }]) {
      const { body } = await connector.call('ProductsList', filter);
      assert.deepEqual(Object.keys(body), ['502', 'pages'], JSON.stringify(filter));
    }
    assert.equal(await added({ sku: 'TAL-9', price: '30' }), '502');
  });

  it('changes the product of this id, whatever its SKU was', async () => {
    assert.equal(await added({ product_id: '501', sku: 'KUB-NOWY', price: '30' }), '501');
    const shown = await card('501');
    assert.deepEqual(columns(shown, 'sku', 'price', 'name', 'quantity'), ['KUB-NOWY', '30.00', 'Kubek', 100]);
  });

  it('never deletes what only the shop knows', async () => {
    const maker = await addManufacturer('Stara Huta');
    await changeProducts([501], { manufacturer_id: Number(maker), location: 'A-1', model: 'M' });
    await addTexts('501', 'opis sklepu', 'dodatek sklepu');
    await addImages('501', ['https://shop.test/own.jpg']);
    await addFeatures('501', [
      ['Kolor', 'czarny'],
      ['Pochodzenie', 'Polska'],
    ]);
    await added({
      product_id: '501',
      name: '',
      description_extra1: 'nowy dodatek',
      images: '["https://img.test/1.jpg"]',
      features: '[["Kolor","biały"]]',
    });
    const shown = await card('501');
    const names = ['name', 'description', 'description_extra1', 'man_name', 'price', 'quantity'];
    assert.deepEqual(columns(shown, ...names), ['Kubek', 'opis sklepu', 'nowy dodatek', 'Stara Huta', '24.90', 100]);
    assert.deepEqual(shown['images'], ['https://img.test/1.jpg', 'https://shop.test/own.jpg']);
    assert.deepEqual(shown['features'], [
      ['Kolor', 'biały'],
      ['Pochodzenie', 'Polska'],
    ]);
    assert.equal(Object.keys(shown['variants'] as object).length, 2);
  });

  it('remembers addresses of images without fetching them, and leaves out what is no address', async () => {
    const images = {
      2: 'https://nobody.invalid/a.jpg',
      5: 'data:image/png;base64,AAAA',
      7: 'https://nobody.invalid/a.jpg',
    };
    const id = await added({ name: 'Talerz', images: JSON.stringify(images) });
    assert.deepEqual((await card(id))['images'], ['https://nobody.invalid/a.jpg']);
  });

  it('understands addresses of images without a scheme, or with one in capitals', async () => {
    const images = ['HTTPS://Img.Test/A.JPG', '//img.test/b.jpg', 'URL: http://img.test/c.jpg', ' img.test/d.jpg', ''];
    const id = await added({ name: 'Talerz', images: JSON.stringify(images) });
    assert.deepEqual((await card(id))['images'], [
      'https://Img.Test/A.JPG',
      'https://img.test/b.jpg',
      'http://img.test/c.jpg',
      'https://img.test/d.jpg',
    ]);
  });

  it('says in the log which images it leaves out', async () => {
    const app = await connector.open({});
    await app.call('ProductAdd', { name: 'Talerz', images: '["data:image/png;base64,AAAA","https://img.test/1.jpg"]' });
    assert.match(app.log(), /pictures left out.*data:.*"count":1|"count":1.*pictures left out/);
  });

  it('reads features as pairs, as a table, with numbers and with lists of values', async () => {
    for (const [features, shown] of [
      ['{"Kolor":"czerwony","Moc":5}', { Kolor: 'czerwony', Moc: '5' }],
      ['{"Kolor":["biały","szary"],"Moc":1.5}', { Kolor: 'biały|szary', Moc: '1.5' }],
      ['[["Moc",5],["Kolor",["biały","szary"]]]', { Moc: '5', Kolor: 'biały|szary' }],
      ['{"3":["Kolor","biały"],"7":["Moc","5"]}', { Kolor: 'biały', Moc: '5' }],
      ['[{"value":"biały","name":"Kolor"},{"1":"5","0":"Moc"}]', { Kolor: 'biały', Moc: '5' }],
      ['{"Z\u0307aro\u0301wka":" e\u0301 "}', { Żarówka: 'é' }],
      ['{"Kolor":null,"Moc":""}', {}],
      ['[]', {}],
    ] as const) {
      const id = await added({ name: 'Lampa', features });
      assert.deepEqual(Object.fromEntries((await card(id))['features'] as [string, string][]), shown, features);
    }
    const id = await added({ name: 'Lampa', 'features[0][0]': 'Kolor', 'features[0][1]': 'biały' });
    assert.deepEqual((await card(id))['features'], [['Kolor', 'biały']]);
  });

  it('puts the product into a category of the shop', async () => {
    const { body } = await connector.call('CategoryAdd', { name: 'Talerze' });
    const category = String(body['category_id']);
    const id = await added({ name: 'Talerz', category_id: category });
    assert.deepEqual(columns(await card(id), 'category_id', 'category_name'), [category, 'Talerze']);
  });

  it('reads taxes below 0 as exempt', async () => {
    const id = await added({ name: 'Kurs', tax: '-1' });
    const row: Record<string, unknown> = await testDatabase().db('shop_products').where({ id }).first();
    assert.equal(row['vat_rate'], null);
  });

  it('leaves audit rows for stock and price', async () => {
    const id = await added({ sku: 'X', name: 'X', quantity: '4', price: '2' });
    await added({ sku: 'X', quantity: '-3', price: '3' });
    const names = ['kind', 'product_id', 'variant_id', 'before_value', 'after_value', 'action'];
    assert.deepEqual(
      (await changeRows()).map((row) => columns({ ...row }, ...names)),
      [
        ['stock', id, '0', '0', '4', 'ProductAdd'],
        ['price', id, '0', null, '2.00', 'ProductAdd'],
        ['stock', id, '0', '4', '-3', 'ProductAdd'],
        ['price', id, '0', '2.00', '3.00', 'ProductAdd'],
      ],
    );
  });

  it('refuses an id that the shop does not have, and writes nothing', async () => {
    await changeProducts([503], { removed_at: new Date('2027-01-01T00:00:00Z') });
    const before = await wholeDatabase();
    for (const id of ['999', '503', 'abc', '99999999999']) {
      const answer = await connector.call('ProductAdd', { ...FULL, product_id: id });
      assert.equal(errorCode(answer), 'unknown_product', id);
    }
    assert.equal(await wholeDatabase(), before);
  });

  it('refuses what is no product, names the field and writes nothing', async () => {
    const before = await wholeDatabase();
    for (const [fields, named] of [
      [{ price: '1' }, /^name /],
      [{ name: '  ', sku: ' ' }, /^name /],
      [{ name: 'X', sku: 'x'.repeat(65) }, /^sku /],
      [{ name: 'X', ean: 'x'.repeat(33) }, /^ean /],
      [{ name: 'X', price: '-1' }, /^price /],
      [{ name: 'X', price: 'tanio' }, /^price /],
      [{ name: 'X', quantity: '1.5' }, /^quantity /],
      [{ name: 'X', tax: '101' }, /^tax /],
      [{ name: 'X', tax: 'zw' }, /^tax /],
      [{ name: 'X', weight: 'ciężki' }, /^weight /],
      [{ name: 'X', images: '[' }, /^images /],
      [{ name: 'X', images: '["https://img.test/1.jpg","1.jpg"]' }, /^images\[1\] /],
      [{ name: 'X', images: '["ftp://img.test/1.jpg"]' }, /^images\[0\] /],
      [{ name: 'X', images: '[["https://img.test/1.jpg"]]' }, /^images\[0\] /],
      [{ name: 'X', features: '5' }, /^features /],
      [{ name: 'X', features: '"Kolor"' }, /^features /],
      [{ name: 'X', features: '["czerwony"]' }, /^features\[0\] /],
      [{ name: 'X', features: '{"0":"czerwony"}' }, /^features\[0\] /],
      [{ name: 'X', features: '[["Kolor","biały"],["Moc"]]' }, /^features\[1\] /],
      [{ name: 'X', features: '[["Kolor","biały","szary"]]' }, /^features\[0\] /],
      [{ name: 'X', features: '[["","biały"]]' }, /^features\[0\] /],
      [{ name: 'X', features: '{"Kolor":{"a":"b"}}' }, /^features\[Kolor\] /],
      [{ name: 'X', features: '[["Kolor",[["biały"]]]]' }, /^features\[0\] /],
      [{ 'name[]': 'X' }, /^name /],
    ] as [Fields, RegExp][]) {
      const answer = await connector.call('ProductAdd', fields);
      assert.equal(errorCode(answer), 'invalid_parameter', JSON.stringify(fields));
      assert.match(String(answer.body['error_text']), named);
    }
    assert.equal(await wholeDatabase(), before);
  });

  it('cuts a name by characters, and holds sizes that no shop has at their border', async () => {
    const id = await added({
      name: `${'ż'.repeat(254)}🙂x`,
      weight: '999999999999',
      width: '-5',
      price: '999999999.99',
    });
    const row: Record<string, unknown> = await testDatabase().db('shop_products').where({ id }).first();
    assert.deepEqual(columns(row, 'name', 'weight', 'width'), [`${'ż'.repeat(254)}🙂`, '9999999.999', '0.00']);
  });
});
