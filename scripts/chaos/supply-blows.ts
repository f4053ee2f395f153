import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationName } from '../../connector/idosell/profile.ts';
import type { Moment } from '../../simulators/troubles.ts';
import type { SupplyGround } from './supply-ground.ts';
import { Violation } from './violation.ts';

/** Something that breaks while orders are on their way to a wholesaler, and is repaired. */
export interface SupplyBlow {
  readonly name: string;
  strike(ground: SupplyGround): Promise<void>;
}

const STRUCK_WITHIN_MS = 20_000;

const OPERATIONS = [
  ...(['authenticate', 'checkAvailability', 'listCouriersForOrder'] as const),
  ...(['importBasket', 'placeOrder', 'getOrderStatuses'] as const),
] as const satisfies readonly OperationName[];

const MOMENTS = ['connected', 'received', 'accepted', 'answered'] as const satisfies readonly Moment[];

type Operation = (typeof OPERATIONS)[number];

/** Two orders are placed, and `breaks` happens while the call of one of them stands at the moment. */
async function whenAt(ground: SupplyGround, operation: Operation, moment: Moment, breaks: () => Promise<unknown>) {
  const { party } = ground;
  if (operation === 'authenticate') party.shop.accounts.endSessions();
  if (operation === 'getOrderStatuses') {
    party.misbehave({ fault: { kind: 'drop', at: 'accepted' }, on: 'placeOrder', times: 1 });
  }
  const late = new AbortController();
  const struck = new Promise<void>((resolve, reject) => {
    party.when(moment, operation, () => breaks().then(() => resolve(), reject));
    sleep(STRUCK_WITHIN_MS, undefined, { signal: late.signal }).then(
      () => reject(new Violation(`no call of ${operation} came to the moment "${moment}"`)),
      () => undefined,
    );
  });
  await ground.place(1 + (ground.orders.length % 3));
  await struck.finally(() => late.abort());
}

/** The call is broken off at its second order: the first one shows what is left behind for others. */
const another = (ground: SupplyGround): Promise<void> => ground.place(1 + (ground.orders.length % 3));

function blow(what: string, operation: Operation, moment: Moment, strike: SupplyBlow['strike']): SupplyBlow {
  return { name: `${what}, ${operation} ${moment}`, strike };
}

const everywhere = (make: (operation: Operation, moment: Moment) => SupplyBlow): readonly SupplyBlow[] =>
  OPERATIONS.flatMap((operation) => MOMENTS.map((moment) => make(operation, moment)));

const connectorKill = (operation: Operation, moment: Moment): SupplyBlow =>
  blow('kill -9 of the connector', operation, moment, async (ground) => {
    await whenAt(ground, operation, moment, () => ground.killConnector());
    await ground.startConnector();
    await another(ground);
  });

const databaseKill = (operation: Operation, moment: Moment): SupplyBlow =>
  blow('kill -9 of the database', operation, moment, async (ground) => {
    await whenAt(ground, operation, moment, () => ground.killDatabase());
    await ground.startDatabase();
    await another(ground);
  });

/** Whatever is under way is dropped, and for a while nobody answers. */
const partyDown = (operation: Operation, moment: Moment): SupplyBlow =>
  blow('the wholesaler goes down', operation, moment, async (ground) => {
    await whenAt(ground, operation, moment, () => ground.party.down());
    await another(ground);
    await ground.party.up();
  });

export const SUPPLY_BLOWS: readonly SupplyBlow[] = [
  ...everywhere(connectorKill),
  ...everywhere(databaseKill),
  ...everywhere(partyDown),
];

/** Where most can go wrong, for the suite: most of the time goes into starting what was killed. */
export const FEW_SUPPLY_BLOWS: readonly SupplyBlow[] = [
  connectorKill('importBasket', 'received'),
  connectorKill('placeOrder', 'received'),
  connectorKill('placeOrder', 'accepted'),
  databaseKill('placeOrder', 'accepted'),
  partyDown('placeOrder', 'connected'),
];
