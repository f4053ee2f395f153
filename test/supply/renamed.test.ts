import assert from 'node:assert/strict';
import { newestPart } from '../../connector/storage/supply-parts.ts';
import { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { renamedProfile, type IdoSellOptions } from '../../simulators/idosell/index.ts';
import { added, STATUS } from '../orders/a-shop.ts';
import { aProfile } from '../integrations/idosell/ordering/a-wholesaler.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { aSuppliedShop, supplied, type SuppliedShop } from './a-supplied-shop.ts';

const BASKETS = [{}, { basketReplaceSupported: true }, { basketScope: 'session' }] as const;

/** What PHP makes of JSON, and what else is not known of the answers (docs/protocol/idosell.md 2.4). */
const PHP: IdoSellOptions['habits'] = {
  ...{ emptyMapAsList: true, numbersAsText: true, otherCaseResults: true, errorsAsList: true, emptyDate: 0 },
  sessionKeyAt: 'results',
};
const SOAPY: IdoSellOptions['habits'] = { prefix: 'zupa', multiRef: true, emptyIsFault: false, sessionKeyAt: 'top' };

const HOUR = 3600;

describe('a wholesaler that calls everything otherwise', () => {
  let shop: SuppliedShop;
  beforeEach(emptyTables);
  afterEach(() => shop.close());

  const part = (orderId: string) => newestPart(testDatabase().db, 'hurt', orderId);

  /** From BaseLinker to the wholesaler and back, with an answer that got lost on the way and a status in between. */
  async function journey(profile: Profile, habits: IdoSellOptions['habits']): Promise<void> {
    shop = await aSuppliedShop({}, [], { profile, ...(habits && { habits }) });
    const { simulator } = shop;
    const symbolOf = (meaning: string): string =>
      Object.entries(profile.statusMap).find(([, means]) => means === meaning)?.[0] ?? '';
    simulator.misbehave({ fault: { kind: 'drop', at: 'accepted' }, on: 'placeOrder', times: 1 });
    const id = await added(shop, supplied());
    await shop.relay();
    assert.equal((await part(id))?.state, 'sending');
    shop.clock.pass(HOUR);
    await shop.relay();
    assert.equal((await part(id))?.state, 'submitted');
    assert.equal(simulator.ordersFor(`${id}/A`).length, 1);

    simulator.setStatus('sklep-demo-1', symbolOf('awaiting_supplier_payment'));
    shop.clock.pass(HOUR);
    await shop.poll();
    const waiting = await part(id);
    assert.deepEqual([waiting?.state, waiting?.alert], ['awaiting_supplier_payment', true]);

    await simulator.dispatch('sklep-demo-1', { numbers: ['', 'DEMO2'], shippingNumbers: ['DEMO1', ''], notify: false });
    shop.clock.pass(HOUR);
    await shop.poll();
    const { body } = await shop.call('OrdersGet', { order_id: id });
    const order = body[id] as Record<string, unknown>;
    assert.deepEqual([order['delivery_package_nr'], order['status_id']], ['DEMO2', STATUS.sent]);
    assert.deepEqual([(await part(id))?.state, (await part(id))?.alert], ['shipped', false]);
    assert.deepEqual(
      [simulator.shop.orders.all.length, simulator.complaints, [...simulator.unknownFields]],
      [1, [], []],
    );
  }

  for (const format of ['soap', 'json'] as const) {
    for (const basket of BASKETS) {
      for (const [what, habits] of [
        ['', undefined],
        [', with other habits', format === 'json' ? PHP : SOAPY],
      ] as const) {
        it(`is understood in ${format}, ${JSON.stringify(basket)}${what}`, () =>
          journey(renamedProfile(Profile.parse(aProfile({ format, ...basket }))), habits));
      }
    }

    it(`is understood in ${format} without a block for its keys, and with our reference in the note alone`, () => {
      const renamed = renamedProfile(Profile.parse(aProfile({ format })));
      return journey(Profile.parse({ ...renamed, authBlock: '', externalReferenceField: '' }), { sessionKeyAt: 'top' });
    });
  }

  it('says no in its own numbers, and each is understood', async () => {
    const profile = renamedProfile(Profile.parse(aProfile()));
    shop = await aSuppliedShop({}, [], { profile, minimumOrder: '1000' });
    shop.simulator.shop.stock.set('501-uniw', '0');
    const id = await added(shop, supplied());
    await shop.relay();
    assert.equal((await part(id))?.state, 'out_of_stock');
    shop.simulator.shop.stock.set('501-uniw', '5');
    const other = await added(shop, supplied({ baselinker_id: '7002' }));
    await shop.relay();
    assert.equal((await part(other))?.state, 'rejected');
    assert.match((await part(other))?.note ?? '', /wartości zamówienia/);
  });
});
