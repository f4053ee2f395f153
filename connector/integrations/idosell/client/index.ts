import type { Log } from '../../../lib/log.ts';
import { SYSTEM_CLOCK, type MonotonicClock } from '../../../lib/rate.ts';
import { openAccount } from './session/account.ts';
import { getAddresses, updateAddress } from './operations/addresses.ts';
import { checkAvailability, clearBasket, importBasket } from './operations/basket.ts';
import type { IdoSell } from './client.ts';
import { listCouriers, listCouriersForOrder } from './operations/couriers.ts';
import { checkEndpoints } from './endpoints.ts';
import { jsonCodec } from './codec/json.ts';
import { throttle } from '../../../lib/throttle.ts';
import { getOrderStatuses } from './operations/order-statuses.ts';
import { cancelOrder, placeOrder } from './operations/orders.ts';
import type { Profile } from './profile.ts';
import { soapCodec } from './codec/soap.ts';
import { getSupplierData } from './operations/supplier.ts';

export interface IdoSellDeps {
  readonly profile: Profile;
  /** By `innerHash`: the password itself is not needed and not kept. */
  readonly innerHash: string;
  readonly dropshippingKey: string;
  readonly now: () => Date;
  /** The clock of sessions and of the pace. */
  readonly clock?: MonotonicClock;
  readonly log?: Pick<Log, 'warn' | 'debug'>;
}

/** Throws for a profile that cannot be spoken by: a name that XML does not know, an address that is not safe. */
export function openIdoSell({
  profile,
  innerHash,
  dropshippingKey,
  now,
  clock = SYSTEM_CLOCK,
  log,
}: IdoSellDeps): IdoSell {
  checkEndpoints(profile);
  const codec = profile.format === 'soap' ? soapCodec(profile) : jsonCodec(profile);
  const accountThrottle = throttle({ concurrency: profile.maxConcurrency, gapMs: profile.minIntervalMs, clock });
  const account = openAccount({
    calls: { profile, codec, throttle: accountThrottle, clock, now },
    innerHash,
    dropshippingKey,
    log,
  });
  return {
    checkAvailability: checkAvailability(account),
    importBasket: importBasket(account),
    clearBasket: clearBasket(account),
    listCouriers: listCouriers(account),
    listCouriersForOrder: listCouriersForOrder(account),
    placeOrder: placeOrder(account),
    getOrderStatuses: getOrderStatuses(account),
    cancelOrder: cancelOrder(account),
    getAddresses: getAddresses(account),
    updateAddress: updateAddress(account),
    getSupplierData: getSupplierData(account),
    ensureSession: (lastsMs, signal) => account.ensureSession(lastsMs, signal),
    dropSession: () => account.dropSession(),
  };
}
