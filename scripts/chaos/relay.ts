/**
 * node --import tsx scripts/chaos/relay.ts [--rounds 3]: everything that can break while orders are on their way to a
 * party, again and again, with the party's books compared with the shop's after each blow.
 */

import { parseArgs } from 'node:util';
import { understood } from '../../connector/lib/usage.ts';
import { BLOWS } from './relay-blows.ts';
import { openRelayGround, type RelayGround } from './relay-ground.ts';
import { changeMuch, openWriters } from './relay-orders.ts';
import { verifyRelay } from './relay-verify.ts';
import { Violation } from './violation.ts';

const { values } = understood(() => parseArgs({ options: { rounds: { type: 'string', default: '1' } } }), '--rounds N');

async function storm(ground: RelayGround): Promise<void> {
  const writers = openWriters(ground);
  await Promise.all([writers.place('baselinker'), writers.place('shop')]);
  await verifyRelay(ground, writers.orders);
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const blow of BLOWS) {
      const beganAt = performance.now();
      await blow.strike(ground, () => changeMuch(writers));
      await verifyRelay(ground, writers.orders);
      ground.party.behave();
      const { requests, store } = ground.party;
      const figures = `${writers.orders.length} orders, ${requests.length} requests, ${store.doubles.length} told twice`;
      console.log(`${((performance.now() - beganAt) / 1000).toFixed(1).padStart(5)} s  ${blow.name}: ${figures}`);
    }
  }
}

// An ordinary end, so that the private database is taken along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const ground = await openRelayGround();
try {
  await storm(ground);
  console.log('Nothing was lost, nothing went backwards, and nothing was told twice without need.');
} catch (error) {
  if (!(error instanceof Violation)) throw error;
  console.error(`\nViolated: ${error.message}`);
  process.exitCode = 1;
} finally {
  await ground.close();
}
process.exit();
