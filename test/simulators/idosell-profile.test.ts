import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_CLASSES, Profile, type OperationName } from '../../connector/integrations/idosell/client/profile.ts';
import { faultNumbers } from '../../simulators/idosell/numbers.ts';
import { renamedProfile } from '../../simulators/idosell/renamed.ts';
import { aProfile } from './idosell-ask.ts';

const FILE = join(import.meta.dirname, '..', '..', 'config', 'idosell.default.json');

/** What an owner fills in; everything else in the file repeats what holds anyway. */
const FILLED_IN = new Set([
  ...['name', 'host', 'login', 'passwordEnv', 'dropshippingKeyEnv', 'payer', 'couriers', 'trackingTemplates'],
]);

describe('the profiles of the IdoSell simulator', () => {
  it('begin with a file that can be used, and repeats only defaults', () => {
    const file = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, unknown>>;
    const { name, host, login, passwordEnv, dropshippingKeyEnv } = Profile.parse(file);
    const bare: Readonly<Record<string, unknown>> = Profile.parse({
      ...{ name, host, login, passwordEnv, dropshippingKeyEnv },
    });
    const repeated = Object.entries(file).filter(([key]) => !FILLED_IN.has(key));
    assert.ok(repeated.length > 0);
    for (const [key, value] of repeated) assert.deepEqual(value, bare[key], key);
  });

  it('can have every name of the wire changed', () => {
    const before = aProfile({ statusIds: { '7': 'new' } });
    const after = renamedProfile(before);
    const kept = new Set(['7', 'null', 'default']);
    const changed = [
      ...(['names', 'words', 'faults', 'operations', 'statusIds', 'statusMap', 'coarseStatusMap'] as const),
      ...(['alertStatuses', 'lostStatuses'] as const),
    ];
    for (const key of changed) {
      // In the tables the wire's words are the keys; elsewhere they are the values.
      const words = (profile: Profile) =>
        new Set(
          key.endsWith('Map')
            ? Object.keys(profile[key])
            : leaves(key === 'faults' ? numbersOf(profile) : profile[key]),
        );
      const [old, fresh] = [words(before), words(after)];
      assert.deepEqual(
        [...old].filter((word) => fresh.has(word) && !kept.has(word)),
        [],
        key,
      );
    }
    const single = [
      ...(['endpointTemplate', 'apiVersion', 'soapNamespace', 'soapAction', 'authBlock', 'loginField'] as const),
      ...(['systemKeyField', 'sessionKeyField', 'dropshippingKeyField', 'referenceField', 'referencePrefix'] as const),
    ];
    for (const key of single) assert.notEqual(after[key], before[key], key);
    assert.deepEqual(
      [after.login, after.host, after.timeZone, after.maxElements],
      [before.login, before.host, before.timeZone, before.maxElements],
    );
  });

  it('give every fault a number, the own one of the operation first', () => {
    const profile = aProfile({
      faults: { common: { '0': 'done', '1': 'auth', '90': 'empty' }, operations: { placeOrder: { '1': 'rejected' } } },
    });
    const numbers = (operation: OperationName, fault: (typeof FAULT_CLASSES)[number]) =>
      faultNumbers(profile, operation, fault).join();
    assert.equal(numbers('placeOrder', 'rejected'), '1');
    assert.equal(numbers('placeOrder', 'auth'), '91', 'its 1 means something else');
    assert.equal(numbers('importBasket', 'auth'), '1');
    assert.equal(numbers('importBasket', 'empty'), '90');
    assert.deepEqual(faultNumbers(aProfile(), 'placeOrder', 'supplier-unavailable'), ['3', '4']);
  });
});

function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.values(value).flatMap(leaves);
}

const numbersOf = ({ faults }: Profile) =>
  [faults.common, ...Object.values(faults.operations)].flatMap((table) => Object.keys(table));
