import assert from 'node:assert/strict';
import { fileVersion, supportedMethods } from '../../../connector/baselinker/check/response-schemas.ts';
import { ownSchema } from '../../support/database.ts';
import { addEntry } from '../../support/shop-rows.ts';
import { aConnector, conforming, errorCode, NOW } from './a-connector.ts';

describe('FileVersion', () => {
  const connector = aConnector();

  it('says what answers here', async () => {
    const { platform, standard } = conforming(await connector.call('FileVersion'), fileVersion);
    assert.deepEqual({ platform, standard }, { platform: 'Native shop', standard: 4 });
  });
});

describe('SupportedMethods', () => {
  const connector = aConnector();

  it('names every action that is answered, and is itself the only answer that is a list', async () => {
    const names = conforming(await connector.call('SupportedMethods'), supportedMethods);
    for (const reading of [
      'DeliveryMethodsList',
      'FileVersion',
      'OrdersGet',
      'PaymentMethodsList',
      'ProductsCategories',
      'ProductsData',
      'ProductsList',
      'ProductsPrices',
      'ProductsQuantity',
      'StatusesList',
      'SupportedMethods',
    ]) {
      assert.ok((names as readonly string[]).includes(reading), reading);
    }
    for (const name of names) {
      const { text } = await connector.call(name);
      assert.equal(text.startsWith('['), name === 'SupportedMethods', `${name}: ${text}`);
      assert.ok(!text.includes('unsupported_action'), `${name}: ${text}`);
    }
  });

  it('leaves out what our account may not read', async () => {
    const schema = await ownSchema();
    try {
      const app = await connector.open({}, { databaseUrl: schema.url });
      assert.equal((await app.call('SupportedMethods')).text, '["SupportedMethods","FileVersion"]');
      assert.equal(errorCode(await app.call('OrdersGet')), 'unsupported_action');
    } finally {
      await schema.drop();
    }
  });
});

for (const [action, table] of [
  ['StatusesList', 'shop_statuses'],
  ['DeliveryMethodsList', 'shop_deliveries'],
  ['PaymentMethodsList', 'shop_payments'],
] as const) {
  describe(action, () => {
    const connector = aConnector();

    it('lists the entries as the shop orders them', async () => {
      await addEntry(table, 'Wysłane', { id: 3, position: 2 });
      await addEntry(table, 'Nowe', { id: 12, position: 1 });
      assert.equal((await connector.call(action)).text, '{"12":"Nowe","3":"Wysłane"}');
    });

    it('does not list what was retired', async () => {
      await addEntry(table, 'Dawne', { id: 1, retired_at: NOW });
      await addEntry(table, 'Obecne', { id: 2 });
      assert.equal((await connector.call(action)).text, '{"2":"Obecne"}');
    });

    it('shows the id of an entry without a name', async () => {
      await addEntry(table, '', { id: 7 });
      assert.equal((await connector.call(action)).text, '{"7":"7"}');
    });

    it('is an empty object when there is nothing to list', async () => {
      assert.equal((await connector.call(action)).text, '{}');
    });
  });
}
