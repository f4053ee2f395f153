import assert from 'node:assert/strict';
import { findUndelivered } from '../../../connector/relay/feed/undelivered.ts';
import { relayedOrders } from '../../../connector/relay/feed/relayed-order.ts';
import { nativeShop } from '../../../connector/shops/native/index.ts';
import { Profile } from '../../../connector/integrations/idosell/client/profile.ts';
import { openWholesalers } from '../../../connector/compose/wholesalers.ts';
import { idoSellTarget } from '../../../connector/integrations/idosell/ordering/index.ts';
import { createLog } from '../../../connector/lib/log.ts';
import { memoryStream } from '../../support/memory-stream.ts';
import { emptyTables, testDatabase } from '../../support/database.ts';
import { addOrder } from '../../support/shop-rows.ts';
import { startIdoSell, type IdoSell } from '../../../simulators/idosell/index.ts';
import { aProfile, DROPSHIPPING_KEY, PASSWORD } from '../../integrations/idosell/ordering/a-wholesaler.ts';
import { aShop } from '../../orders/a-shop.ts';

const NOW = new Date('2027-01-04T09:00:00Z');

describe('what wholesalers supply', () => {
  const db = () => testDatabase().db;
  const shop = () => nativeShop(db(), { currency: 'PLN', removedProductsDays: 30, now: () => NOW });
  const parties: IdoSell[] = [];

  beforeEach(async () => {
    await emptyTables();
    await aShop();
    await db()('shop_product_supplies').insert([
      { product_id: 501, variant_id: 9001, wholesaler: 'one', code: 'K-N', code_type: 'internal' },
      { product_id: 501, variant_id: 9001, wholesaler: 'other', code: '590', code_type: 'producer' },
      { product_id: 502, variant_id: 0, wholesaler: 'other', code: 'B', code_type: 'internal' },
    ]);
  });
  afterEach(async () => {
    for (const simulator of parties.splice(0)) await simulator.close();
  });

  it('is known of the very variant, and of no other', async () => {
    const found = await shop().supplies([
      { productId: '501', variantId: '9001' },
      { productId: '501', variantId: '9002' },
      { productId: '501', variantId: '0' },
      { productId: '502', variantId: '0' },
      { productId: '999', variantId: '0' },
    ]);
    assert.deepEqual(Object.fromEntries(found), {
      '501/9001': [
        { wholesaler: 'one', code: 'K-N', codeType: 'internal' },
        { wholesaler: 'other', code: '590', codeType: 'producer' },
      ],
      '502/0': [{ wholesaler: 'other', code: 'B', codeType: 'internal' }],
    });
    assert.equal((await shop().supplies([{ productId: '502', variantId: '0' }])).size, 1);
    assert.equal((await shop().supplies([])).size, 0);
  });

  const orderOfBoth = (): Promise<string> =>
    addOrder(
      {
        ...{
          status_id: 1,
          created_at: NOW,
          phone: '600000001',
          delivery_fullname: 'Kim Nowak',
          delivery_address: 'Lipowa 7',
        },
        ...{
          delivery_postcode: '00-950',
          delivery_city: 'Warszawa',
          delivery_country_code: 'PL',
          paid_amount: '100.00',
        },
      },
      { lines: [{ product_id: 501, variant_id: 9001 }, { product_id: 502 }] },
    );

  async function wholesalers(...names: readonly string[]) {
    const given: Parameters<typeof openWholesalers>[0][number][] = [];
    for (const name of names) {
      const known = parties.find(({ profile }) => profile.name === name);
      const simulator = known ?? (await startIdoSell(optionsOf(name)));
      if (!known) parties.push(simulator);
      given.push({ path: name, json: simulator.profile, password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY });
    }
    const parts = { db: db(), owner: 'test', now: () => NOW, log: createLog('error', memoryStream()) };
    const targets = openWholesalers(given, parts).map((one) => idoSellTarget({ ...one, now: () => NOW }));
    return { reading: { db: db(), shop: shop(), connection: 'baselinker', wholesalers: names }, targets };
  }
  const optionsOf = (name: string) => ({
    profile: Profile.parse(aProfile({ name })),
    ...{ password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY, now: () => NOW },
    products: [
      { codes: { internal: 'K-N', producer: '590' }, stock: '100', price: '10' },
      { codes: { internal: 'B' }, stock: '100', price: '10' },
    ],
  });
  const orderedAt = (): Record<string, string[]> =>
    Object.fromEntries(
      parties.map(({ profile, shop: { orders } }) => [
        profile.name,
        orders.all.flatMap(({ lines }) => lines.map(({ code }) => code)),
      ]),
    );

  async function deliverAll(id: string, names: readonly string[]): Promise<readonly string[]> {
    const { reading, targets } = await wholesalers(...names);
    const [order] = await relayedOrders(reading, [id]);
    if (!order) throw new Error('no order');
    const said: string[] = [];
    for (const target of targets.filter((one) => one.wants(order, false))) {
      const [outcome] = await target.deliver([{ ...order, lastDigest: '', attempt: 1 }], AbortSignal.timeout(15_000));
      said.push(`${target.name} ${outcome?.kind ?? ''}`);
    }
    return said;
  }

  it('is due at each of the wholesalers that get something of the order', async () => {
    const id = await orderOfBoth();
    const names = async (...switchedOn: readonly string[]) => {
      const { reading, targets } = await wholesalers(...switchedOn);
      return (await findUndelivered(reading, targets, [id], { fromBefore: false })).map(({ target }) => target);
    };
    assert.deepEqual(await names('one', 'other'), ['idosell-one', 'idosell-other']);
    assert.deepEqual(await names('other', 'one'), ['idosell-other']);
    assert.deepEqual(await names('one'), ['idosell-one']);
    assert.deepEqual(await names(), []);
  });

  it('is ordered at the first that is named, and never at both, though their order changes later', async () => {
    const id = await orderOfBoth();
    assert.deepEqual(await deliverAll(id, ['one', 'other']), ['idosell-one delivered', 'idosell-other delivered']);
    assert.deepEqual(orderedAt(), { one: ['K-N'], other: ['B'] });
    assert.deepEqual(await deliverAll(id, ['other', 'one']), ['idosell-other refused']);
    assert.deepEqual(orderedAt(), { one: ['K-N'], other: ['B'] });

    const second = await orderOfBoth();
    assert.deepEqual(await deliverAll(second, ['other', 'one']), ['idosell-other delivered']);
    assert.deepEqual(await deliverAll(second, ['one', 'other']), ['idosell-one refused', 'idosell-other refused']);
    assert.deepEqual(orderedAt(), { one: ['K-N'], other: ['B', '590', 'B'] });
  });
});
