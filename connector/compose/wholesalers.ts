import type { Knex } from 'knex';
import type { z } from 'zod';
import { accountLease, type AccountLease } from '../storage/account-lease.ts';
import { SUPPLY_PRIVILEGES } from '../storage/required-privileges.ts';
import { changePart, earlierParts, newestPart, openPart, partInBasket, partsOfOrder } from '../storage/supply-parts.ts';
import { inTransaction } from '../db/transaction.ts';
import type { Queryable } from '../db/unit-of-work.ts';
import type { PartChange, SupplyPart } from '../domain/supply-part.ts';
import type { IdoSell } from '../integrations/idosell/client/client.ts';
import { endpointProblems } from '../integrations/idosell/client/endpoints.ts';
import { openIdoSell } from '../integrations/idosell/client/index.ts';
import { Profile } from '../integrations/idosell/client/profile.ts';
import { innerHash } from '../integrations/idosell/client/session/system-key.ts';
import type { Log } from '../lib/log.ts';
import { SettingsError } from '../lib/settings-error.ts';
import type { SupplyPartRepository } from '../integrations/idosell/ordering/supply-part-repository.ts';
import { released } from '../integrations/idosell/ordering/basket-owner.ts';
import { targetName } from '../integrations/idosell/ordering/index.ts';
import { readPrivileges, missingPrivileges } from '../db/privileges.ts';
import type { Capability, Shop } from '../contracts/shop.ts';
import { idoSellTracker } from '../integrations/idosell/tracking/index.ts';
import type { ShipmentTracker } from '../contracts/shipment-tracker.ts';

/** A profile as the settings give it: its file, and the secrets that it names. */
export interface GivenProfile {
  readonly path: string;
  readonly json: unknown;
  readonly password: string;
  readonly dropshippingKey: string;
}

/** One wholesaler, as the relay, the endpoints and the operator's commands know it. */
export interface Wholesaler {
  readonly profile: Profile;
  readonly client: IdoSell;
  readonly repository: SupplyPartRepository;
  readonly account: AccountLease;
  readonly letter: string;
  readonly tracker: ShipmentTracker;
}

export interface WholesalerDeps {
  readonly db: Knex;
  readonly owner: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** Throws an Error that names every problem of every profile. */
export function openWholesalers(given: readonly GivenProfile[], deps: WholesalerDeps): readonly Wholesaler[] {
  const profiles = readProfiles(given);
  return given.flatMap(({ password, dropshippingKey }, n) => {
    const profile = profiles[n];
    return profile ? [openWholesaler(profile, { password, dropshippingKey }, letterOf(n), deps)] : [];
  });
}

/** What an order needs of the shop on its way to a wholesaler and back, whatever BaseLinker may write. */
const SHOP_PRIVILEGES: readonly Capability[] = ['read-supplies', 'update-orders'];

/** What our account may not do that the wholesalers need, in a sentence each; none when all is well. */
export async function supplyWarnings(
  db: Knex,
  shop: Pick<Shop, 'probe'>,
  wholesalers: readonly string[],
): Promise<readonly string[]> {
  if (wholesalers.length === 0) return [];
  const { warnings } = await shop.probe();
  const missing = missingPrivileges(await readPrivileges(db), SUPPLY_PRIVILEGES);
  return [
    ...warnings.filter((warning) => SHOP_PRIVILEGES.some((capability) => warning.startsWith(`${capability}: `))),
    ...(missing.length > 0 ? [`${wholesalers.join(', ')}: our account lacks ${missing.join(', ')}`] : []),
  ];
}

function openWholesaler(
  profile: Profile,
  secrets: Pick<GivenProfile, 'password' | 'dropshippingKey'>,
  letter: string,
  { db, owner, now, log }: WholesalerDeps,
): Wholesaler {
  const { dropshippingKey } = secrets;
  const client = openIdoSell({ profile, innerHash: innerHash(secrets.password), dropshippingKey, now, log });
  return {
    ...{ profile, client, letter },
    repository: supplyPartRepository(db, profile.name, now, log),
    account: accountLease({ db, owner, now, name: `account:${profile.name}`, leaseMs: leaseMs(profile) }),
    tracker: idoSellTracker({ profile, client, now }),
  };
}

/** From one renewal to the next there are at most two calls. */
function leaseMs({ timeoutSeconds }: Profile): number {
  return Math.max(60_000, 3 * timeoutSeconds * 1000);
}

function readProfiles(given: readonly GivenProfile[]): readonly Profile[] {
  const problems: string[] = [];
  const profiles = given.flatMap(({ path, json }) => {
    const { success, data, error } = Profile.safeParse(json);
    const found = success ? endpointProblems(data) : error.issues.map(sentenceOf);
    problems.push(...found.map((problem) => `✖ ${path}: ${problem}`));
    return success ? [data] : [];
  });
  const names = profiles.map(({ name }) => name);
  for (const name of new Set(names.filter((one, n) => names.indexOf(one) !== n))) {
    problems.push(`✖ two profiles have the name ${name}`);
  }
  if (problems.length > 0) {
    throw new SettingsError(['profiles of IDOSELL_PROFILES are not usable:', ...problems].join('\n'));
  }
  return profiles;
}

/** Which key, and what is wrong with it; a value is never repeated. */
function sentenceOf({ path, message, ...issue }: z.core.$ZodIssue): string {
  const key = path.join('.');
  // A file of JSON holds no undefined: what is of that type is not there.
  if (issue.code === 'invalid_type' && message.endsWith('received undefined')) return `${key} is missing`;
  const advice = issue.code === 'unrecognized_keys' ? ' (docs/idosell.md lists every key)' : '';
  return key === '' || message.startsWith(key) ? `${message}${advice}` : `${key}: ${message}${advice}`;
}

/** A to Z, then AA: by the place in the setting, so that the parts of one order have different references. */
function letterOf(n: number): string {
  const last = String.fromCharCode(65 + (n % 26));
  return n < 26 ? last : `${letterOf(Math.floor(n / 26) - 1)}${last}`;
}

function supplyPartRepository(db: Knex, wholesaler: string, now: () => Date, log: Log): SupplyPartRepository {
  return {
    find: (orderId) => newestPart(db, wholesaler, orderId),
    ofOrder: (orderId) => partsOfOrder(db, orderId),
    abandonedAttempts: ({ orderId, attempt }) => earlierParts(db, { wholesaler, orderId, attempt }),
    open: (part) => openPart(db, { ...part, wholesaler, attempt: 1 }, now()),
    basketOwner: () => partInBasket(db, wholesaler),
    async handOver(owner, part, change) {
      await inTransaction(db, async (unit) => {
        if (owner.id !== part.id) await changed(unit, owner, released(owner));
        await changed(unit, part, change);
      });
      return readBack(part);
    },
    async change(part, change) {
      await changed(db, part, change);
      const after = await readBack(part);
      if (after.alert && !part.alert) {
        const { orderId, state, note } = after;
        log.warn('a wholesaler’s order needs a person', { source: targetName(wholesaler), orderId, state, note });
      }
      return after;
    },
  };

  async function changed(on: Queryable, part: SupplyPart, change: PartChange): Promise<void> {
    const isChanged = await changePart(on, part, change, now());
    if (!isChanged) throw new Error(`order ${part.orderId} at ${wholesaler} was changed by somebody else meanwhile`);
  }

  /** What was written may have been cut. */
  async function readBack({ orderId }: SupplyPart): Promise<SupplyPart> {
    const part = await newestPart(db, wholesaler, orderId);
    if (!part) throw new Error(`order ${orderId} at ${wholesaler} is gone`);
    return part;
  }
}
