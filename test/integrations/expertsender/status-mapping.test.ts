import assert from 'node:assert/strict';
import fc from 'fast-check';
import { loadConfig } from '../../../config/index.ts';
import type { StatusMeaning } from '../../../connector/domain/order.ts';
import { isAlias } from '../../../connector/integrations/expertsender/customer.ts';
import { orderWriter } from '../../../connector/integrations/expertsender/order-mapping.ts';
import type { ExpertSenderSettings, PlatformStatus } from '../../../connector/integrations/expertsender/settings.ts';
import { mapStatus } from '../../../connector/integrations/expertsender/status-mapping.ts';
import { anOrder, aRelayedOrder } from '../../relay/an-order.ts';
import { aStatus, ourSettings } from './our-settings.ts';

type Payment = 'prepaid' | 'unpaid' | 'in part' | 'on delivery' | 'on delivery, collected';

const AMOUNTS: Readonly<Record<Payment, [paidAmount: string, cashOnDelivery: boolean]>> = {
  prepaid: ['36.89', false],
  unpaid: ['0.00', false],
  'in part': ['36.88', false],
  'on delivery': ['0.00', true],
  'on delivery, collected': ['36.89', true],
};

function statusOf(meaning: StatusMeaning | undefined, payment: Payment, settings: Partial<ExpertSenderSettings> = {}) {
  const [paidAmount, cashOnDelivery] = AMOUNTS[payment];
  const order = anOrder({ payment: { ...anOrder().payment, paidAmount, cashOnDelivery } });
  return mapStatus({ order, origin: undefined, supplies: new Map(), ...aStatus(meaning) }, ourSettings(settings))
    ?.status;
}

describe('the status for ExpertSender', () => {
  const table: Record<StatusMeaning, Record<Payment, PlatformStatus>> = {
    new: row('paid', 'placed', 'placed', 'placed', 'paid'),
    paid: row('paid', 'paid', 'paid', 'placed', 'paid'),
    shipped: row('paid', 'paid', 'paid', 'placed', 'paid'),
    completed: row('completed', 'completed', 'completed', 'completed', 'completed'),
    cancelled: row('canceled', 'canceled', 'canceled', 'canceled', 'canceled'),
    returned: row('completed', 'completed', 'completed', 'completed', 'completed'),
  };
  for (const [meaning, payments] of Object.entries(table)) {
    for (const [payment, expected] of Object.entries(payments)) {
      it(`of an order that is ${meaning} and paid ${payment} is ${expected}`, () => {
        assert.equal(statusOf(meaning as StatusMeaning, payment as Payment), expected);
      });
    }
  }

  it('is paid for an order that costs nothing, but for one that is paid on delivery', () => {
    const free = (cashOnDelivery: boolean) =>
      aRelayedOrder({ total: '0.00', payment: { ...anOrder().payment, paidAmount: '0.00', cashOnDelivery } });
    assert.equal(mapStatus(free(false), ourSettings())?.status, 'paid');
    assert.equal(mapStatus(free(true), ourSettings())?.status, 'placed');
  });

  it('never says paid of an order on delivery whose money is not there, nor of a status that means nothing', () => {
    const meanings = fc.constantFrom<(StatusMeaning | undefined)[]>('new', 'paid', 'shipped', 'returned', undefined);
    fc.assert(fc.property(meanings, (meaning) => statusOf(meaning, 'on delivery') !== 'paid'));
    assert.equal(statusOf(undefined, 'prepaid'), undefined);
  });

  it('is that of the setting where it names the status', () => {
    const statuses = new Map<string, PlatformStatus>([['1', 'completed']]);
    assert.equal(statusOf('new', 'unpaid', { statuses }), 'completed');
    assert.equal(statusOf(undefined, 'unpaid', { statuses }), 'completed');
  });

  it('refuses an order whose status means nothing, and says what to do', () => {
    const mapped = orderWriter(ourSettings())(aRelayedOrder({}, aStatus(undefined, '17')));
    assert.ok('unfit' in mapped);
    assert.match(mapped.unfit, /status 17 .*EXPERTSENDER_STATUSES.*17=/);
  });

  it('spells a cancellation as the setting does', () => {
    const mapped = orderWriter(ourSettings({ canceledAs: 'Cancelled' }))(aRelayedOrder({}, aStatus('cancelled')));
    assert.equal('wire' in mapped && mapped.wire.status, 'Cancelled');
  });

  function row(...[a, b, c, d, e]: [PlatformStatus, PlatformStatus, PlatformStatus, PlatformStatus, PlatformStatus]) {
    return { prepaid: a, unpaid: b, 'in part': c, 'on delivery': d, 'on delivery, collected': e };
  }
});

describe('an address that a marketplace lends', () => {
  const { aliasDomains } = ourSettings();
  for (const email of [
    ...[
      'x1+2@allegromail.pl',
      'A@ALLEGROMAIL.PL',
      'b@user.allegromail.pl',
      'c@members.ebay.co.uk',
      'd@members.ebay.de',
    ],
    ...['e@marketplace.amazon.pl', 'f@empik.com', 'g@notification.mirakl.net'],
  ]) {
    it(`is one: ${email}`, () => assert.equal(isAlias(email, aliasDomains), true));
  }
  for (const email of ['ala@example.test', 'a@notallegromail.pl', 'allegromail.pl@example.test', 'b@ebay.de', '']) {
    it(`is none: ${email}`, () => assert.equal(isAlias(email, aliasDomains), false));
  }
});

describe('the settings of ExpertSender', () => {
  const load = (env: Record<string, string>) =>
    loadConfig({
      ...{ DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop', BASELINKER_KEY: 'k'.repeat(32) },
      ...{ EXPERTSENDER_API_KEY: 'sender-key', ...env },
    }).expertSender;

  it('are off without a key, and complete with one', () => {
    assert.equal(load({ EXPERTSENDER_API_KEY: '' }), undefined);
    const { url, mode, batchSize, timeZone, websiteId, canceledAs } = load({}) ?? assert.fail();
    assert.deepEqual([url, mode, batchSize, timeZone], ['https://api.ecdp.app', 'AddOrReplace', 50, 'UTC']);
    assert.deepEqual([websiteId, canceledAs], [undefined, 'canceled']);
  });

  it('read lists of pairs', () => {
    const settings = load({
      EXPERTSENDER_STATUSES: '5=canceled, 7 = completed,',
      EXPERTSENDER_ORDER_ATTRIBUTES: 'DeliveryMethod=delivery_method,Source=source',
      EXPERTSENDER_PRODUCT_ATTRIBUTES: 'Colour=attribute:Kolor = x',
      EXPERTSENDER_WEBSITE_ID: '3',
    });
    assert.deepEqual(
      [...(settings?.statuses ?? [])],
      [
        ['5', 'canceled'],
        ['7', 'completed'],
      ],
    );
    assert.deepEqual([...(settings?.orderAttributes.values() ?? [])], ['delivery_method', 'source']);
    assert.deepEqual([...(settings?.productAttributes ?? [])], [['Colour', 'attribute:Kolor = x']]);
    assert.equal(settings?.websiteId, 3);
  });

  const wrong: [string, string][] = [
    ['EXPERTSENDER_URL', 'http://api.ecdp.app'],
    ['EXPERTSENDER_URL', 'https://user:secret@api.ecdp.app'],
    ['EXPERTSENDER_URL', 'api.ecdp.app'],
    ['EXPERTSENDER_API_KEY', 'a key'],
    ['EXPERTSENDER_STATUSES', '5=shipped'],
    ['EXPERTSENDER_STATUSES', '5'],
    ['EXPERTSENDER_ORDER_ATTRIBUTES', 'Mail=email'],
    ['EXPERTSENDER_ORDER_ATTRIBUTES', Array.from({ length: 11 }, (_, n) => `A${n}=source`).join(',')],
    ['EXPERTSENDER_PRODUCT_ATTRIBUTES', 'X=attribute:'],
    ['EXPERTSENDER_CANCELED_AS', 'gone'],
    ['EXPERTSENDER_ALIAS_DOMAINS', 'a@b@c'],
    ['EXPERTSENDER_WEBSITE_ID', '-1'],
    ['EXPERTSENDER_BATCH', '0'],
  ];
  for (const [name, value] of wrong) {
    it(`refuse ${name}=${value.slice(0, 40)}`, () => {
      assert.throws(
        () => load({ [name]: value }),
        (error: Error) => error.message.includes(name) && !/secret|a key/.test(error.message),
      );
    });
  }
});
