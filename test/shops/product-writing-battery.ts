import assert from 'node:assert/strict';
import type { CardSection } from '../../connector/contracts/shop.ts';
import type { NewProduct } from '../../connector/contracts/shop-writing.ts';
import { main, NO_IDS, unitOfWork, type WritingBench } from './writing-battery.ts';

const ALL_PARTS: ReadonlySet<CardSection> = new Set(['texts', 'images', 'features', 'variants']);
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

export function keepsTheProductWritingContract({ fixtures, shop, writing }: WritingBench): void {
  const save = (id: string | undefined, product: Partial<NewProduct>) =>
    unitOfWork((unit) => writing().saveProduct(unit, id, { descriptions: [], ...product }));
  const saved = async (product: Partial<NewProduct>) => (await save(undefined, product))?.id ?? '';
  const card = async (id: string) => {
    const [found] = await shop().productCards([id], ALL_PARTS);
    assert.ok(found);
    return found;
  };

  describe('a new product', () => {
    it('is read back as it was sent', async () => {
      const categoryId = await fixtures.category({ name: 'Kubki' });
      const whole = {
        ...{ sku: 'KUB-1', ean: '590', name: 'Kubek 🫖', price: '24.90', vat: 8, weight: 0.35 },
        ...{ height: 10.5, length: 8, width: 7.25, categoryId },
      };
      const answer = await save(undefined, {
        ...{ ...whole, quantity: 7, manufacturer: 'Zakład', images: ['https://e.test/1', 'https://e.test/2'] },
        descriptions: ['<p>Długi</p>', undefined, 'drugi'],
        features: [
          ['Kolor', 'biały|zielony'],
          ['Materiał', 'glina'],
          ['Kolor', 'biały|szary'],
        ],
      });
      const id = answer?.id ?? '';
      assert.deepEqual(answer, {
        id,
        stock: { ...main(id), before: 0, after: 7 },
        price: { ...main(id), before: undefined, after: '24.90' },
      });
      const { manufacturer, ...found } = await card(id);
      assert.equal(manufacturer.name, 'Zakład');
      assert.deepEqual(found, {
        ...{ ...whole, id, quantity: 7, model: '', location: '', url: '', deliveryDays: undefined, variants: [] },
        descriptions: ['<p>Długi</p>', '', 'drugi', '', ''],
        images: ['https://e.test/1', 'https://e.test/2'],
        features: [
          ['Kolor', 'biały'],
          ['Kolor', 'zielony'],
          ['Kolor', 'szary'],
          ['Materiał', 'glina'],
        ],
      });
    });

    it('is called by its SKU or EAN without a name, and is in no category that is not there', async () => {
      assert.equal((await card(await saved({ sku: 'S-1', name: ' ' }))).name, 'S-1');
      assert.equal((await card(await saved({ ean: '590' }))).name, '590');
      for (const categoryId of [...NO_IDS, '0']) {
        assert.equal((await card(await saved({ name: 'x', categoryId }))).categoryId, undefined);
      }
    });

    it('tells no stock and no price when none was sent', async () => {
      const answer = await save(undefined, { name: 'x', vat: 'exempt' });
      assert.deepEqual(Object.keys(answer ?? {}), ['id']);
      const { price, quantity, vat } = await card(answer?.id ?? '');
      assert.deepEqual([price, quantity, vat], [undefined, 0, 'exempt']);
    });

    it('is cut where the shop cannot hold it, between whole characters', async () => {
      const long = `x${'🫖'.repeat(40_000)}`;
      const id = await saved({
        ...{ sku: long, ean: long, name: long, manufacturer: long, weight: 1e12, height: -1, quantity: 1e12 },
        descriptions: [long, long],
        images: [long, 'https://e.test/1'],
        features: [[long, long]],
      });
      const found = await card(id);
      const [[name, value] = ['', '']] = found.features;
      for (const text of [found.sku, found.name, found.manufacturer.name, name, value, ...found.descriptions]) {
        assert.ok(text.isWellFormed() && long.startsWith(text));
      }
      assert.equal(found.descriptions[0], long);
      assert.deepEqual([found.images, found.height, found.quantity], [['https://e.test/1'], 0, 2_147_483_647]);
      assert.equal(await unitOfWork((unit) => writing().productBySku(unit, long)), id);
    });
  });

  describe('a product that comes again', () => {
    it('keeps what was not sent', async () => {
      const { id } = await fixtures.product({
        ...{ name: 'Kubek', sku: 'K', ean: '1', price: '10.00', quantity: 5, weight: '0.500', location: 'A-1' },
        ...{ manufacturer: 'Zakład', descriptions: ['a', 'b'], images: ['u1'], features: [['k', 'v']] },
        ...{ categoryId: await fixtures.category({ name: 'Kubki' }), variants: [{}] },
      });
      const before = await card(id);
      assert.deepEqual(await save(id, {}), { id });
      assert.deepEqual(await save(id, { name: '', images: [], features: [] }), { id });
      assert.deepEqual(await card(id), before);
      assert.deepEqual(await save(id, { quantity: 9, price: '11.00', descriptions: [undefined, 'c'] }), {
        id,
        stock: { ...main(id), before: 5, after: 9 },
        price: { ...main(id), before: '10.00', after: '11.00' },
      });
      const variants = before.variants.map((variant) => ({ ...variant, price: '11.00' }));
      const changed = { quantity: 9, price: '11.00', descriptions: ['a', 'c', '', '', ''], variants };
      assert.deepEqual(await card(id), { ...before, ...changed });
    });

    it('changes what was sent, empty texts too', async () => {
      const { id } = await fixtures.product({ sku: 'K', ean: '1', manufacturer: 'Zakład', vat: '23.00' });
      await save(id, { sku: '', ean: '', manufacturer: '', vat: 'exempt', name: 'Nowy' });
      const { sku, ean, manufacturer, vat, name } = await card(id);
      assert.deepEqual([sku, ean, manufacturer.name, vat, name], ['', '', '', 'exempt', 'Nowy']);
    });

    it('has the images that were sent first, in that order, and loses none', async () => {
      const { id } = await fixtures.product({ images: ['own', 'b', 'a'] });
      await save(id, { images: ['a', 'new', 'b', 'a', ''] });
      assert.deepEqual((await card(id)).images, ['a', 'new', 'b', 'own']);
      await save(id, { images: ['new'] });
      assert.deepEqual((await card(id)).images, ['new', 'a', 'b', 'own']);
    });

    it('has the values that were sent for a feature, and keeps other features and their places', async () => {
      const { id } = await fixtures.product({
        features: [
          ['Kolor', 'biały'],
          ['Własna', 'x'],
          ['Kolor', 'szary'],
          ['Materiał', 'glina'],
        ],
      });
      await save(id, {
        features: [
          ['Nowa', '1'],
          ['Kolor', 'zielony | szary||zielony'],
          ['Materiał', ''],
          ['', 'nic'],
        ],
      });
      assert.deepEqual((await card(id)).features, [
        ['Kolor', 'zielony'],
        ['Kolor', 'szary'],
        ['Własna', 'x'],
        ['Nowa', '1'],
      ]);
    });

    it('is undefined when it is not there, or was removed', async () => {
      const { id } = await fixtures.product({ removedAt: LONG_AGO });
      for (const odd of [...NO_IDS, id]) assert.equal(await save(odd, { name: 'x' }), undefined);
    });
  });

  describe('a manufacturer', () => {
    it('is one of its name, however many call it at once', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => saved({ name: 'x', manufacturer: 'Zakład' })));
      const cards = await shop().productCards(ids, ALL_PARTS);
      assert.ok(cards.length === 20 && cards.every(({ manufacturer }) => manufacturer.name === 'Zakład'));
    });
  });

  it('keeps manufacturers apart whose names differ in an emoji', async () => {
    const ids = [
      await saved({ name: 'x', manufacturer: 'Zakład 🎁' }),
      await saved({ name: 'x', manufacturer: 'Zakład 🎄' }),
    ];
    const cards = await shop().productCards(ids, ALL_PARTS);
    assert.deepEqual(cards.map(({ manufacturer }) => manufacturer.name).sort(), ['Zakład 🎁', 'Zakład 🎄'].sort());
  });

  describe('a product looked up by its SKU', () => {
    it('is the first that has exactly this one and was not removed', async () => {
      const find = (sku: string) => unitOfWork((unit) => writing().productBySku(unit, sku));
      await fixtures.product({ sku: 'kub-1' });
      await fixtures.product({ sku: 'KUB-1', removedAt: LONG_AGO });
      const { id } = await fixtures.product({ sku: 'KUB-1', active: false });
      await fixtures.product({ sku: 'KUB-1' });
      await fixtures.product({ sku: '' });
      assert.equal(await find('KUB-1'), id);
      assert.deepEqual(
        [await find('KUB-2'), await find('Kub-1'), await find(''), await find(' ')],
        [undefined, undefined, undefined, undefined],
      );
      assert.equal(await find(' KUB-1\u00a0'), id);
    });

    for (const odd of [
      'ŻÓŁW-1 ',
      ' ŻÓŁW-1',
      '\u00a0ŻÓŁW-1\u00a0 ',
      'ŻÓŁW-1\t',
      '\tŻÓŁW-1\r\n',
      '   ŻÓŁW-1',
      '\r\n\t ŻÓŁW-1',
      '\u00a0 \u00a0ŻÓŁW-1\v',
      'ŻÓŁW-1'.normalize('NFD'),
    ]) {
      it(`is found although the shop holds ${JSON.stringify(odd)}`, async () => {
        await fixtures.product({ sku: 'ŻÓŁW-1 A' });
        await fixtures.product({ sku: 'ŻÓŁW' });
        const { id } = await fixtures.product({ sku: odd });
        for (const sku of ['ŻÓŁW-1', odd]) {
          assert.equal(await unitOfWork((unit) => writing().productBySku(unit, sku)), id);
        }
      });
    }
  });

  describe('a category', () => {
    const saveCategory = (name: string, parentId?: string) =>
      unitOfWork((unit) => writing().saveCategory(unit, name, parentId));

    it('is made once when two calls of one moment write its name differently', async () => {
      for (const [one, two] of [
        ['XKubki', 'Xkubki'],
        ['Café', 'Cafe'],
        ['Łódki 🎁', 'łódki 🎁'],
      ] as const) {
        const [first, second] = await Promise.all([saveCategory(one), saveCategory(two), saveCategory(one)]);
        assert.equal(first, second, one);
        assert.deepEqual([await saveCategory(two), await saveCategory(one)], [first, first]);
      }
    });

    it('is made once below its parent', async () => {
      const top = await saveCategory('Kubki');
      const below = await saveCategory('Duże', top);
      const other = await saveCategory('Duże');
      assert.deepEqual([await saveCategory('Kubki'), await saveCategory('Duże', top)], [top, below]);
      assert.equal(new Set([top, below, other]).size, 3);
      const found = await shop().categories();
      assert.deepEqual(found.find(({ id }) => id === below)?.parentId, top);
      assert.equal(found.length, 3);
    });

    it('is another one with another emoji, and the same with blanks around its name', async () => {
      const [gift, tree] = [await saveCategory('Prezenty 🎁'), await saveCategory('Prezenty 🎄')];
      assert.notEqual(gift, tree);
      assert.deepEqual([await saveCategory('prezenty 🎁'), await saveCategory('Prezenty 🎄')], [gift, tree]);
      const odd = await fixtures.category({ name: '\u00a0Żółwie ' });
      assert.equal(await saveCategory('Żółwie'), odd);
    });

    it('is undefined below a parent that is not there', async () => {
      for (const odd of NO_IDS) assert.equal(await saveCategory('x', odd), undefined);
      assert.deepEqual(await shop().categories(), []);
    });

    it('is one when twenty calls make it at once', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => saveCategory('Kubki')));
      assert.equal(new Set(ids).size, 1);
      assert.equal((await shop().categories()).length, 1);
    });

    it('has its name cut between whole characters', async () => {
      const id = await saveCategory('🫖'.repeat(300));
      assert.equal((await shop().categories())[0]?.name, '🫖'.repeat(200));
      assert.equal(await saveCategory('🫖'.repeat(300)), id);
    });
  });
}
