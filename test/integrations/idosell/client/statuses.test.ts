import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SUPPLY_STATES, type SupplyState } from '../../../../connector/domain/supply.ts';
import {
  meaningOf,
  replaces,
  symbolOf,
  type StatusWord,
} from '../../../../connector/integrations/idosell/client/statuses.ts';
import { trackingLink } from '../../../../connector/integrations/idosell/tracking/tracking-link.ts';
import { aProfile } from './a-wholesaler.ts';

const NOWHERE = { url: 'http://127.0.0.1:1' };
const PROFILE = aProfile(NOWHERE);

const word = (symbol: string, changes: Partial<StatusWord> = {}): StatusWord => ({
  ...{ symbol, coarse: '', hasParcel: false, dispatchedAt: undefined },
  ...changes,
});

describe('what a symbol means', () => {
  const table: [symbol: string, state: SupplyState | undefined, alerts: boolean][] = [
    ['new', 'submitted', false],
    ['payment_waiting', 'awaiting_supplier_payment', true],
    ['delivery_waiting', 'backordered', true],
    ['wait_for_dispatch', 'scheduled', false],
    ['suspended', 'on_hold', true],
    ['on_order', 'processing', false],
    ['packed', 'processing', false],
    ['packed_ready', 'packed', false],
    ['ready', 'ready_to_ship', false],
    ['finished', 'shipped', false],
    ['finished_ext', 'processing', false],
    ['joined', 'on_hold', true],
    ['missing', 'cancelled', true],
    ['lost', 'cancelled', true],
    ['false', 'cancelled', true],
    ['canceled', 'cancelled', false],
    ['returned', 'returned', false],
    ['complained', 'on_hold', true],
    ['complainted', 'on_hold', true],
    ['', undefined, false],
  ];
  for (const [symbol, state, alerts] of table) {
    it(`"${symbol}" is ${state ?? 'nothing new'}${alerts ? ', and told to the operator' : ''}`, () => {
      const isLost = symbol === 'lost';
      assert.deepEqual(meaningOf(word(symbol), PROFILE), { state, alerts, isKnown: true, isLost });
    });
  }

  it('finished_ext is shipped with a parcel or a date of dispatch', () => {
    assert.equal(meaningOf(word('finished_ext', { hasParcel: true }), PROFILE).state, 'shipped');
    assert.equal(meaningOf(word('finished_ext', { dispatchedAt: new Date(0) }), PROFILE).state, 'shipped');
  });

  it('one that nobody knows changes nothing and is to be warned of, names of prototypes among them', () => {
    for (const symbol of ['Wysyłka specjalna', 'toString', '__proto__', 'constructor', 'default', '17']) {
      assert.deepEqual(meaningOf(word(symbol), PROFILE), {
        ...{ state: undefined, alerts: false, isKnown: false, isLost: false },
      });
    }
  });

  it('the coarse word counts where the symbol says nothing, and never cancels by failing', () => {
    const coarse = (symbol: string, said: string) => meaningOf(word(symbol, { coarse: said }), PROFILE);
    assert.equal(coarse('', 'finished').state, 'shipped');
    assert.equal(coarse('our-own', 'canceled').state, 'cancelled');
    assert.equal(coarse('on_order', 'finished').state, 'processing');
    assert.deepEqual(coarse('on_order', 'notCanceled'), {
      ...{ state: 'processing', alerts: true, isKnown: true, isLost: false },
    });
    assert.deepEqual(coarse('notCanceled', ''), { state: undefined, alerts: true, isKnown: true, isLost: false });
  });

  it('a number is looked up in the list of the account', () => {
    const profile = aProfile(NOWHERE, { statusIds: { '12': 'suspended' } });
    assert.deepEqual(
      [symbolOf('12', profile), symbolOf('13', profile), symbolOf('valueOf', profile)],
      ['suspended', '13', 'valueOf'],
    );
  });
});

describe('a state that is told', () => {
  const at = (minute: number | undefined) => (minute === undefined ? undefined : new Date(minute * 60_000));
  const moves = (from: SupplyState, to: SupplyState, changes: { was?: number; is?: number; isLost?: boolean } = {}) =>
    replaces(
      { state: from, changedAt: at(changes.was) },
      { state: to, changedAt: at(changes.is), isLost: changes.isLost ?? false },
    );

  it('is the first one', () =>
    assert.ok(replaces(undefined, { state: 'shipped', changedAt: undefined, isLost: false })));

  it('wins when it is newer by the wholesaler, and loses when it is older', () => {
    assert.equal(moves('shipped', 'processing', { was: 1, is: 2 }), true);
    assert.equal(moves('processing', 'shipped', { was: 2, is: 1 }), false);
  });

  const undated: [from: SupplyState, to: SupplyState, moves: boolean, isLost?: boolean][] = [
    ['submitted', 'processing', true],
    ['processing', 'submitted', false],
    ['processing', 'on_hold', true],
    ['on_hold', 'processing', true],
    ['on_hold', 'shipped', true],
    ['ready_to_ship', 'on_hold', true],
    ['ready_to_ship', 'packed', false],
    ['backordered', 'scheduled', true],
    ['packed', 'cancelled', true],
    ['shipped', 'processing', false],
    ['shipped', 'on_hold', false],
    ['shipped', 'returned', true],
    ['shipped', 'cancelled', false],
    ['shipped', 'cancelled', true, true],
    ['cancelled', 'processing', false],
    ['returned', 'shipped', false],
  ];
  for (const [from, to, isTaken, isLost = false] of undated) {
    it(`without dates ${isTaken ? 'moves' : 'does not move'} from ${from} to ${to}${isLost ? ' when goods were lost' : ''}`, () => {
      assert.equal(moves(from, to, { isLost }), isTaken);
      // One date alone, or the same twice, decides nothing.
      assert.equal(moves(from, to, { isLost, is: 5 }), isTaken);
      assert.equal(moves(from, to, { isLost, was: 5, is: 5 }), isTaken);
    });
  }

  it('never leads back from shipped without a newer date, whatever comes in whatever order', () => {
    const told = fc.record({ state: fc.constantFrom(...SUPPLY_STATES), isLost: fc.boolean() });
    fc.assert(
      fc.property(fc.array(told), (words) => {
        let state: SupplyState = 'shipped';
        for (const one of words) if (moves(state, one.state, one)) state = one.state;
        assert.ok(['shipped', 'returned', 'cancelled'].includes(state));
      }),
    );
  });
});

describe('a link to a parcel', () => {
  const profile = aProfile(NOWHERE, { trackingTemplates: { '7': 'https://t.example.test/?n={number}&x={number}' } });
  const parcel = { courierId: '7', courierName: 'K', number: 'A&B/1 ż$&', trackingUrl: '' };

  it('is the template of the courier with the number as an address takes it', () => {
    assert.equal(
      trackingLink(profile, parcel),
      'https://t.example.test/?n=A%26B%2F1%20%C5%BC%24%26&x=A%26B%2F1%20%C5%BC%24%26',
    );
  });

  it("is else the courier's own, else the wholesaler's, else none", () => {
    const other = { ...parcel, courierId: 'toString' };
    assert.equal(
      trackingLink(profile, { ...other, number: 'X' }, 'https://c.example.test/{number}'),
      'https://c.example.test/X',
    );
    assert.equal(
      trackingLink(profile, { ...other, trackingUrl: 'https://u.example.test/1' }),
      'https://u.example.test/1',
    );
    assert.equal(trackingLink(profile, other), '');
    assert.equal(trackingLink(profile, { ...parcel, number: '' }), '');
  });

  it('is never a script', () => {
    for (const trackingUrl of ['javascript:alert(1)', 'data:text/html,x', 'https://', '//x', 'ftp://x/']) {
      assert.equal(trackingLink(profile, { ...parcel, courierId: '8', trackingUrl }), '', trackingUrl);
    }
  });

  it('is made of whatever number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (number) => {
        const link = trackingLink(profile, { ...parcel, number });
        assert.equal(new URL(link).searchParams.get('n'), number.toWellFormed());
      }),
    );
  });
});
