import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationName } from '../../connector/integrations/idosell/client/profile.ts';
import type { Moment } from '../../simulators/fault-injection.ts';
import type { SupplyHarness } from './supply-harness.ts';
import { Violation } from './violation.ts';

/** Something that breaks while orders are on their way to a wholesaler, and is repaired. */
export interface SupplyFault {
  readonly name: string;
  inject(harness: SupplyHarness): Promise<void>;
}

const STRUCK_WITHIN_MS = 20_000;

const OPERATIONS = [
  ...(['authenticate', 'checkAvailability', 'listCouriersForOrder'] as const),
  ...(['importBasket', 'placeOrder', 'getOrderStatuses'] as const),
] as const satisfies readonly OperationName[];

const MOMENTS = ['connected', 'received', 'accepted', 'answered'] as const satisfies readonly Moment[];

type Operation = (typeof OPERATIONS)[number];

/** Two orders are placed, and `breaks` happens while the call of one of them stands at the moment. */
async function whenAt(harness: SupplyHarness, operation: Operation, moment: Moment, breaks: () => Promise<unknown>) {
  const { simulator } = harness;
  if (operation === 'authenticate') simulator.shop.accounts.endSessions();
  if (operation === 'getOrderStatuses') {
    simulator.misbehave({ fault: { kind: 'drop', at: 'accepted' }, on: 'placeOrder', times: 1 });
  }
  const late = new AbortController();
  const struck = new Promise<void>((resolve, reject) => {
    simulator.when(moment, operation, () => breaks().then(() => resolve(), reject));
    sleep(STRUCK_WITHIN_MS, undefined, { signal: late.signal }).then(
      () => reject(new Violation(`no call of ${operation} came to the moment "${moment}"`)),
      () => undefined,
    );
  });
  await harness.place(1 + (harness.orders.length % 3));
  await struck.finally(() => late.abort());
}

/** The call is broken off at its second order: the first one shows what is left behind for others. */
const another = (harness: SupplyHarness): Promise<void> => harness.place(1 + (harness.orders.length % 3));

function fault(what: string, operation: Operation, moment: Moment, inject: SupplyFault['inject']): SupplyFault {
  return { name: `${what}, ${operation} ${moment}`, inject };
}

const everywhere = (make: (operation: Operation, moment: Moment) => SupplyFault): readonly SupplyFault[] =>
  OPERATIONS.flatMap((operation) => MOMENTS.map((moment) => make(operation, moment)));

const connectorKill = (operation: Operation, moment: Moment): SupplyFault =>
  fault('kill -9 of the connector', operation, moment, async (harness) => {
    await whenAt(harness, operation, moment, () => harness.killConnector());
    await harness.startConnector();
    await another(harness);
  });

const databaseKill = (operation: Operation, moment: Moment): SupplyFault =>
  fault('kill -9 of the database', operation, moment, async (harness) => {
    await whenAt(harness, operation, moment, () => harness.killDatabase());
    await harness.startDatabase();
    await another(harness);
  });

/** Whatever is under way is dropped, and for a while nobody answers. */
const partyDown = (operation: Operation, moment: Moment): SupplyFault =>
  fault('the wholesaler goes down', operation, moment, async (harness) => {
    await whenAt(harness, operation, moment, () => harness.simulator.down());
    await another(harness);
    await harness.simulator.up();
  });

export const SUPPLY_FAULTS: readonly SupplyFault[] = [
  ...everywhere(connectorKill),
  ...everywhere(databaseKill),
  ...everywhere(partyDown),
];

/** Where most can go wrong, for the suite: most of the time goes into starting what was killed. */
export const FEW_SUPPLY_FAULTS: readonly SupplyFault[] = [
  connectorKill('importBasket', 'received'),
  connectorKill('placeOrder', 'received'),
  connectorKill('placeOrder', 'accepted'),
  databaseKill('placeOrder', 'accepted'),
  partyDown('placeOrder', 'connected'),
];
