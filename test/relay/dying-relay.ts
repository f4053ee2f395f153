import { connect } from '../../connector/db/connect.ts';
import { createLog } from '../../connector/lib/log.ts';
import { startRelay } from '../../connector/relay/worker.ts';
import { aTarget, NOW } from './a-relay.ts';
import { aRelayedOrder } from './an-order.ts';

/**
 * A relay in a process of its own. Its remote system takes the order, and the process then never gets to know: it waits
 * there to be killed. Arguments: the database's URL, the remote system's URL.
 */
const [databaseUrl = '', partyUrl = ''] = process.argv.slice(2);

startRelay({
  db: connect(databaseUrl),
  targets: [
    aTarget({
      async answer({ order }) {
        await fetch(partyUrl, { method: 'POST', body: order.id });
        return new Promise(() => undefined);
      },
    }),
  ],
  readOrders: (ids) => Promise.resolve(ids.map((id) => aRelayedOrder({ id }))),
  owner: `dying-${process.pid}`,
  now: () => NOW,
  random: () => 0.5,
  log: createLog('error'),
  giveUpDays: 14,
  onDelivery: () => undefined,
});
