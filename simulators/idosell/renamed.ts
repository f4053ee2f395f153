import { Profile } from '../../connector/integrations/idosell/client/profile.ts';

type Text = Readonly<Record<string, string>>;

const NUMBER_STEP = 700; // far from every number that the default profile has

/**
 * The same wholesaler with other names for everything: whoever writes a name, a word or a number of the wire into code
 * instead of taking it from the profile is found out. Shared by tests of both sides.
 */
export function renamedProfile(profile: Profile): Profile {
  const { names, words, faults, webhook } = profile;
  return Profile.parse({
    ...profile,
    endpointTemplate: 'https://{host}/inne/{gate}/?co={method}&jako={format}&wersja={version}',
    apiVersion: '77',
    soapNamespace: 'urn:inne:{method}',
    soapAction: '{namespace}/{method}/wykonaj',
    operations: renamedOperations(profile.operations),
    ...{ authBlock: 'qAuth', loginField: 'qLogin', systemKeyField: 'qSystem', sessionKeyField: 'qSession' },
    ...{ dropshippingKeyField: 'qDrop', referenceField: 'qNote', externalReferenceField: 'qReference' },
    referencePrefix: 'NASZ=',
    names: mapped(names as Readonly<Record<string, Text>>, (group) => mapped(group, name)),
    words: mapped(words as Readonly<Record<string, Text>>, (group) => mapped(group, (word) => `w-${word}`)),
    faults: {
      common: renumbered(faults.common),
      operations: mapped(faults.operations as Readonly<Record<string, Text>>, renumbered),
    },
    statusMap: keyed(profile.statusMap, symbol),
    coarseStatusMap: keyed(profile.coarseStatusMap, symbol),
    statusIds: mapped(profile.statusIds, symbol),
    alertStatuses: profile.alertStatuses.map(symbol),
    lostStatuses: profile.lostStatuses.map(symbol),
    webhook: { ...webhook, aliases: mapped(webhook.aliases, (aliases) => aliases.map((alias) => `hook_${alias}`)) },
  });
}

const name = (wire: string) => `q${wire.charAt(0).toUpperCase()}${wire.slice(1)}`;
const symbol = (word: string) => `s_${word}`;

function renamedOperations(operations: Profile['operations']) {
  return mapped(operations, (endpoint) =>
    endpoint ? { gate: `Brama${endpoint.gate}`, method: name(endpoint.method) } : endpoint,
  );
}

const renumbered = (table: Text): Text =>
  keyed(table, (number) => (number === 'default' ? number : String(Number(number) + NUMBER_STEP)));

const mapped = <Value, Other>(from: Readonly<Record<string, Value>>, change: (value: Value) => Other) =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));

const keyed = <Value>(from: Readonly<Record<string, Value>>, change: (key: string) => string) =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [change(key), value]));
