import type { RelayFigures } from './relay.ts';

export interface Verdict {
  readonly what: string;
  readonly toReach: string;
  readonly found: string;
  readonly held: boolean;
}

/** Against the floor in the same run, and against the server that has nobody to tell. */
const TARGETS = { deliveries: 0.8, orderAdd: 1.15 };

export function relayVerdicts(relay: RelayFigures | undefined): Verdict[] {
  if (!relay) return [];
  const longer = 1 / relay.orderAdd;
  return [
    ...relay.deliveries.map(({ workers, batch, floor, connector, speed }) => ({
      what:
        `the relay, ${workers === 1 ? '1 worker' : `${workers} workers`}, ${batch === 1 ? '1 order' : `${batch} orders`} a call: ` +
        `deliveries/s (floor ${floor.toFixed(0)}, connector ${connector.toFixed(0)})`,
      toReach: `≥ ${TARGETS.deliveries}`,
      found: speed.toFixed(2),
      held: speed >= TARGETS.deliveries,
    })),
    {
      what: 'OrderAdd with a target switched on: time a request against none',
      toReach: `≤ ${TARGETS.orderAdd}`,
      found: longer.toFixed(2),
      held: longer <= TARGETS.orderAdd,
    },
  ];
}
