import type { z } from 'zod';
import { variantKey } from '../../../../connector/domain/variant-ref.ts';
import type { Order } from '../../../../connector/domain/order.ts';
import type { Supply } from '../../../../connector/domain/supply.ts';
import { newestPart } from '../../../../connector/storage/supply-parts.ts';
import type { SupplyPart } from '../../../../connector/domain/supply-part.ts';
import { Profile } from '../../../../connector/integrations/idosell/client/profile.ts';
import { createLog } from '../../../../connector/lib/log.ts';
import { openWholesalers, type Wholesaler } from '../../../../connector/compose/wholesalers.ts';
import type { Delivery, Outcome, RelayedOrder, Target } from '../../../../connector/contracts/target.ts';
import { idoSellTarget } from '../../../../connector/integrations/idosell/ordering/index.ts';
import { startIdoSell, type IdoSell, type IdoSellOptions } from '../../../../simulators/idosell/index.ts';
import { testDatabase } from '../../../support/database.ts';
import { memoryStream } from '../../../support/memory-stream.ts';
import { aRelayedOrder } from '../../../relay/an-order.ts';

export const NOW = new Date('2027-01-04T09:00:00Z');
export const PASSWORD = 'Sklep-Demo_2026';
export const DROPSHIPPING_KEY = 'DROPKEY-EXAMPLE-1';

/** The profile of these tests as its file would hold it; the pace is as fast as it can be. */
export const aProfile = (changes: object = {}): z.input<typeof Profile> => ({
  name: 'hurt',
  host: '127.0.0.1',
  login: 'sklep-demo',
  passwordEnv: 'IDOSELL_PASSWORD',
  dropshippingKeyEnv: 'IDOSELL_KEY',
  minIntervalMs: 0,
  couriers: { '*': ['100149', '100150'] },
  payer: { firm: 'Sklep Demo', nip: '1111111111', street: 'Handlowa 1', zipCode: '70-001', city: 'Szczecin' },
  ...changes,
});
/** A clock that is moved by hand; a wholesaler and whoever calls it see the same time. */
export function aClock(start = NOW) {
  let now = start;
  return {
    now: () => now,
    pass: (seconds: number): void => {
      now = new Date(now.getTime() + seconds * 1000);
    },
  };
}

export interface TestWholesaler {
  readonly simulator: IdoSell;
  readonly supplier: Wholesaler;
  readonly target: Target;
  readonly clock: ReturnType<typeof aClock>;
  /** Delivers it, as the relay would. */
  deliver(order: RelayedOrder, changes?: Partial<Delivery>): Promise<Outcome>;
  part(orderId?: string): Promise<SupplyPart | undefined>;
  log(): string;
  /** The same account in another process. */
  another(): Omit<TestWholesaler, 'another' | 'close'>;
  close(): Promise<void>;
}

/** A wholesaler with ten mugs and ten books, and our account there. */
export async function aWholesaler(
  changes: object = {},
  options: Partial<IdoSellOptions> = {},
): Promise<TestWholesaler> {
  const clock = aClock();
  const simulator = await startIdoSell({
    profile: Profile.parse(aProfile(changes)),
    password: PASSWORD,
    dropshippingKey: DROPSHIPPING_KEY,
    now: clock.now,
    products: [
      { codes: { internal: '501-uniw' }, name: 'Kubek', stock: '10', price: '10', weight: '0.3' },
      { codes: { internal: '502-uniw', producer: '5900000000029' }, name: 'Książka', stock: '10', price: '20' },
    ],
    ...options,
  });
  const inAProcess = (owner: string): Omit<TestWholesaler, 'another' | 'close'> => {
    const stream = memoryStream();
    const [supplier] = openWholesalers(
      [{ path: 'test.json', json: simulator.profile, password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY }],
      { db: testDatabase().db, owner, now: clock.now, log: createLog('debug', stream) },
    );
    if (!supplier) throw new Error('no wholesaler');
    const target = idoSellTarget({ ...supplier, now: clock.now });
    return {
      ...{ simulator, supplier, target, clock },
      async deliver(order, more = {}) {
        const delivery = { ...order, lastDigest: '', attempt: 1, ...more };
        const [outcome] = await target.deliver([delivery], AbortSignal.timeout(15_000));
        if (!outcome) throw new Error('no outcome');
        return outcome;
      },
      part: (orderId = '1001') => newestPart(testDatabase().db, supplier.profile.name, orderId),
      log: () => stream.text(),
    };
  };
  let processes = 1;
  return {
    ...inAProcess('process-1'),
    another: () => inAProcess(`process-${(processes += 1)}`),
    close: () => simulator.close(),
  };
}

const MUG: Supply = { wholesaler: 'hurt', code: '501-uniw', codeType: 'internal' };

/** A paid order of one mug that the wholesaler supplies. */
export const aSupplied = (changes: Partial<Order> = {}, supplies: ReadonlyMap<string, Supply> = mugs()): RelayedOrder =>
  aRelayedOrder(changes, { supplies });

export const mugs = (changes: Partial<Supply> = {}): ReadonlyMap<string, Supply> =>
  new Map([[variantKey({ productId: '501', variantId: '0' }), { ...MUG, ...changes }]]);
