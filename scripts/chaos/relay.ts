/**
 * node --import tsx scripts/chaos/relay.ts [--rounds 3]: everything that can break while orders are on their way to a
 * remote system, again and again, with the remote system's books compared with the shop's after each blow.
 */

import { parseArgs } from 'node:util';
import { understood } from '../../connector/lib/usage.ts';
import { RELAY_FAULTS } from './relay-faults.ts';
import { openRelayHarness, type RelayHarness } from './relay-harness.ts';
import { changeMuch, openWriters } from './relay-orders.ts';
import { verifyRelay } from './relay-verify.ts';
import { Violation } from './violation.ts';

const { values } = understood(() => parseArgs({ options: { rounds: { type: 'string', default: '1' } } }), '--rounds N');

async function relayLoadRun(harness: RelayHarness): Promise<void> {
  const writers = openWriters(harness);
  await Promise.all([writers.place('baselinker'), writers.place('shop')]);
  await verifyRelay(harness, writers.orders);
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const fault of RELAY_FAULTS) {
      const beganAt = performance.now();
      await fault.inject(harness, () => changeMuch(writers));
      await verifyRelay(harness, writers.orders);
      harness.simulator.behave();
      const { requests, store } = harness.simulator;
      const figures = `${writers.orders.length} orders, ${requests.length} requests, ${store.doubles.length} told twice`;
      console.log(`${((performance.now() - beganAt) / 1000).toFixed(1).padStart(5)} s  ${fault.name}: ${figures}`);
    }
  }
}

// An ordinary end, so that the private database is taken along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const harness = await openRelayHarness();
try {
  await relayLoadRun(harness);
  console.log('Nothing was lost, nothing went backwards, and nothing was told twice without need.');
} catch (error) {
  if (!(error instanceof Violation)) throw error;
  console.error(`\nViolated: ${error.message}`);
  process.exitCode = 1;
} finally {
  await harness.close();
}
process.exit();
