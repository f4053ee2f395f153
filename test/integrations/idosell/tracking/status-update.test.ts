import assert from 'node:assert/strict';
import type { SupplyState } from '../../../../connector/domain/supply.ts';
import type { Package } from '../../../../connector/integrations/idosell/client/client.ts';
import { Profile } from '../../../../connector/integrations/idosell/client/profile.ts';
import {
  statusUpdateOf,
  type ReportedStatus,
} from '../../../../connector/integrations/idosell/tracking/status-update.ts';
import { aProfile } from '../ordering/a-wholesaler.ts';

const NOW = new Date('2027-03-10T09:00:00Z');
const EARLIER = new Date('2027-03-09T09:00:00Z');
const LATER = new Date('2027-03-10T08:00:00Z');
const profile = Profile.parse(aProfile({ trackingTemplates: { '7': 'https://track.example.test/{number}' } }));

const aPackage = (changes: Partial<Package> = {}): Package => ({
  ...{ courierId: '7', courierName: 'Kurier Demo', number: 'DEMO 1', trackingUrl: '' },
  ...changes,
});

interface Known {
  readonly state?: SupplyState;
  readonly symbolAt?: Date | undefined;
  readonly placedAt?: Date;
}

function news(told: Partial<ReportedStatus>, { state = 'submitted', symbolAt, placedAt = EARLIER }: Known = {}) {
  const part = {
    ...{ id: '1', orderId: '1001', reference: '1001/A', state, symbol: 'new', symbolAt, placedAt },
    ...{ supplierOrderId: 'sklep-demo-1', supplierSerial: '40211', courierId: '', trackingTemplate: '' },
  };
  const status = { symbol: '', coarse: '', changedAt: undefined, dispatchedAt: undefined, packages: [], ...told };
  return statusUpdateOf(part, status, profile, NOW);
}

describe('what a wholesaler tells', () => {
  it('of an order that is closed outside means sent only with a parcel or a date', () => {
    assert.equal(news({ symbol: 'finished_ext' }).state, 'processing');
    assert.equal(news({ symbol: 'finished_ext', packages: [aPackage()] }).state, 'shipped');
    assert.equal(news({ symbol: 'finished_ext', dispatchedAt: LATER }).state, 'shipped');
    assert.equal(news({ symbol: 'finished_ext', packages: [aPackage({ number: '' })] }).state, 'processing');
  });

  it('of a loss ends even what was sent, and a person is told', () => {
    const lost = news({ symbol: 'lost' }, { state: 'shipped' });
    assert.deepEqual([lost.state, lost.alert, lost.pollAt], ['cancelled', true, undefined]);
    assert.match(lost.note, /hurt tells "lost"/);
    assert.equal(news({ symbol: 'canceled' }, { state: 'shipped' }).state, undefined);
    assert.equal(news({ symbol: 'returned' }, { state: 'shipped' }).state, 'returned');
  });

  it('without a date never leads back', () => {
    for (const symbol of ['new', 'on_order', 'packed_ready', 'ready', 'suspended']) {
      assert.equal(news({ symbol }, { state: 'shipped' }).state, undefined, symbol);
    }
    assert.equal(news({ symbol: 'on_order' }, { state: 'packed' }).state, undefined);
    assert.equal(news({ symbol: 'on_order' }, { state: 'on_hold' }).state, 'processing');
  });

  it('with an older date changes nothing, with a newer one even what was sent', () => {
    const old = news({ symbol: 'on_order', changedAt: EARLIER }, { state: 'packed', symbolAt: LATER });
    assert.deepEqual([old.state, old.symbolAt], [undefined, LATER]);
    const fresh = news({ symbol: 'on_order', changedAt: LATER }, { state: 'packed', symbolAt: EARLIER });
    assert.deepEqual([fresh.state, fresh.symbolAt], ['processing', LATER]);
  });

  it('in a word that nobody knows keeps the last state, and a person is told', () => {
    for (const symbol of ['teleported', 'constructor', '__proto__', 'FINISHED']) {
      const odd = news({ symbol }, { state: 'packed' });
      assert.deepEqual([odd.state, odd.alert], [undefined, true]);
      assert.ok(odd.note.includes(symbol));
    }
  });

  it('of a failed cancellation leaves the order where it was', () => {
    const kept = news({ symbol: 'on_order', coarse: 'notCanceled' }, { state: 'processing' });
    assert.deepEqual([kept.state, kept.alert, kept.symbol], ['processing', true, 'on_order/notCanceled']);
    assert.equal(news({ coarse: 'notCanceled' }, { state: 'packed' }).state, undefined);
    assert.equal(news({ coarse: 'finished' }).state, 'shipped');
  });

  it('in the text "false" is a false order, not nothing', () => {
    assert.deepEqual([news({ symbol: 'false' }).state, news({ symbol: 'false' }).alert], ['cancelled', true]);
  });

  it('of parcels are those with a number, each once, with a link', () => {
    const packages = [
      aPackage(),
      aPackage(),
      aPackage({ number: '' }),
      aPackage({ number: 'B', trackingUrl: 'https://x' }),
    ];
    assert.deepEqual(news({ symbol: 'finished', packages }).parcels, [
      { carrier: 'Kurier Demo', trackingNumber: 'DEMO 1', trackingUrl: 'https://track.example.test/DEMO%201' },
      { carrier: 'Kurier Demo', trackingNumber: 'B', trackingUrl: 'https://track.example.test/B' },
    ]);
  });

  it('too late is not asked for any more, and a person is told', () => {
    const late = news({ symbol: 'on_order' }, { placedAt: new Date('2027-01-01T00:00:00Z') });
    assert.deepEqual([late.pollAt, late.alert], [undefined, true]);
    assert.match(late.note, /has not sent the order within 60 days/);
  });
});
