import assert from 'node:assert/strict';
import type { Order } from '../../../../connector/domain/order.ts';
import { Profile } from '../../../../connector/integrations/idosell/client/profile.ts';
import { recipientOf } from '../../../../connector/integrations/idosell/ordering/recipient.ts';
import { anOrder } from '../../../relay/an-order.ts';
import { aProfile } from './a-wholesaler.ts';

const PROFILE = Profile.parse(aProfile());
const LOCKER = { id: 'WAW01', name: 'Paczkomat', address: '', postcode: '', city: '' };

type Where = Partial<Order['delivery']>;

/** What the wholesaler is told of an order that goes there. */
function told(where: Where, changes: Partial<Order> = {}) {
  const order = anOrder({ ...changes, delivery: { ...anOrder().delivery, ...where } });
  const address = recipientOf(order, PROFILE);
  if ('unfit' in address) assert.fail(address.unfit);
  return address;
}

function problem(where: Where, changes: Partial<Order> = {}): string {
  const order = anOrder({ ...changes, delivery: { ...anOrder().delivery, ...where } });
  const address = recipientOf(order, PROFILE);
  assert.ok('unfit' in address, 'the address is fit');
  return address.unfit;
}

describe('the consumer as a wholesaler is told of them', () => {
  it('needs a house number in Poland, where a courier goes to the door', () => {
    assert.match(problem({ address: 'ul. Długa' }), /no house number/);
    assert.match(problem({ address: 'ul. Długa', country: '', countryCode: '' }), /no house number/);
  });

  const cottage = { address: 'Rose Cottage, Church Lane', postcode: 'GL54 2HN', city: 'Cheltenham' };
  for (const [title, where] of [
    ['in Great Britain', { ...cottage, country: '', countryCode: 'GB' }],
    ['in Great Britain by its other code', { ...cottage, country: '', countryCode: 'UK' }],
    ['in Slovakia', { address: 'Šulekovská cesta', postcode: '811 06', country: 'Slovensko', countryCode: '' }],
  ] as const) {
    it(`needs none ${title}`, () => assert.equal(told(where).street, where.address));
  }

  it('needs none for a parcel locker', () => {
    assert.equal(told({ address: 'ul. Długa' }, { pickupPoint: LOCKER }).street, 'ul. Długa');
  });

  it('has the code of a country that the shop knows by another code, or by its name', () => {
    const abroad = { address: 'Ermou 5', postcode: '105 63' };
    assert.equal(told({ ...abroad, country: '', countryCode: 'EL' }).countryId, 'GR');
    assert.equal(told({ ...abroad, country: 'Niderlandy', countryCode: '' }).countryId, 'NL');
    assert.equal(told({ ...abroad, country: 'Republika Czeska', countryCode: '' }).zipCode, '105 63');
    assert.equal(told({ country: '', countryCode: '' }).countryId, 'PL');
  });

  it('cannot live in a country that is not known, which is said instead of what Poland asks', () => {
    assert.equal(
      problem({ country: 'Atlantyda', countryCode: '', postcode: '12345', address: 'Pałac' }),
      'the delivery address: the country Atlantyda is not known',
    );
    assert.match(problem({ country: '', countryCode: 'ZZ' }), /the country ZZ is not known/);
  });

  it('has a phone number that can exist, or none', () => {
    const german = { countryCode: 'DE', country: '', postcode: '10115' };
    assert.equal(told(german, { phone: '030 901820' }).phone, '+4930901820');
    for (const phone of ['000000000', 'zadzwoń', '12']) assert.equal(told(german, { phone }).phone, '');
    assert.equal(told({}, { phone: '+48 (0) 600 100 200' }).phone, '+48600100200');
    assert.equal(told({}, { phone: '022 1234567' }).phone, '+48221234567');
  });

  it('needs a phone number in Poland, and may have one of another country', () => {
    for (const phone of ['000000000', '+48000000000', '100-000-000']) {
      assert.match(problem({}, { phone }), /the phone number does not exist/);
    }
    for (const phone of ['', '12']) assert.match(problem({}, { phone }), /the phone number has not nine digits/);
    assert.equal(told({}, { phone: '+380 50 123 45 67' }).phone, '+380501234567');
  });
});
