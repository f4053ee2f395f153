import { FEW_RELAY_FAULTS } from '../../scripts/chaos/relay-faults.ts';
import { openRelayHarness, type RelayHarness } from '../../scripts/chaos/relay-harness.ts';
import { changeMuch, openWriters, type KnownOrder, type Writers } from '../../scripts/chaos/relay-orders.ts';
import { until, verifyRelay } from '../../scripts/chaos/relay-verify.ts';

/** Of one blow with its repair; usually about a second. */
const BLOW_MS = 60_000;

describe('the relay when things break', function () {
  this.timeout(BLOW_MS);
  let ground: RelayHarness;
  let writers: Writers;

  before(async function () {
    this.timeout(2 * BLOW_MS);
    ground = await openRelayHarness();
    writers = openWriters(ground);
    await writers.place('baselinker');
    await writers.place('shop');
    await verifyRelay(ground, writers.orders);
  });
  after(() => ground.close());

  for (const blow of FEW_RELAY_FAULTS) {
    it(`loses nothing and tells nothing out of turn: ${blow.name}`, async () => {
      await blow.inject(ground, () => changeMuch(writers));
      await verifyRelay(ground, writers.orders);
      ground.simulator.behave();
    });
  }

  for (const [what, on, change, back] of [
    [
      'its status',
      'PUT /orders',
      (order) => writers.changeStatus(order, 'paid'),
      (order) => writers.changeStatus(order, 'new'),
    ],
    ['its content', 'POST /orders', (order) => writers.amend(order), (order) => writers.takeBack(order)],
  ] as const satisfies [string, string, Change, Change][]) {
    it(`tells it when an order goes back to ${what} of before, while nobody knows what the party has`, async () => {
      const order = await writers.place('baselinker');
      await verifyRelay(ground, writers.orders);
      const seen = ground.simulator.store.history(order.id).length;
      ground.noteFault();
      ground.simulator.misbehave({ fault: { kind: 'drop', at: 'accepted' }, times: 1, on });
      await change(order);
      await until('the party took the change', () => ground.simulator.store.history(order.id).length > seen);
      await back(order);
      await verifyRelay(ground, writers.orders);
    });
  }
});

type Change = (order: KnownOrder) => Promise<void>;
