import { readXml, utf8, XmlError } from '../lib/xml.ts';
import type { Package } from './client.ts';
import { shopTime } from './day.ts';
import { readJson } from './json.ts';
import type { Profile } from './profile.ts';
import { referenceIn } from './reference.ts';
import { soapValue } from './soap-value.ts';
import { symbolOf } from './statuses.ts';
import { asText, isFields, Unreadable, type Wire, type WireFields } from './wire.ts';

/** What a wholesaler notifies of. Texts are '' where it does not say; it names the order in one way at least. */
export interface Notification {
  readonly orderId: string;
  readonly orderSerialNumber: string;
  /** Ours, without its prefix. */
  readonly reference: string;
  readonly symbol: string;
  readonly dispatchedAt: Date | undefined;
  readonly packages: readonly Package[];
}

type AliasName = keyof Profile['webhook']['aliases'];

/** Each field once, shallow ones first; a field of a list is met in every entry of it. */
type Found = readonly { readonly name: string; readonly value: Wire; readonly within: WireFields }[];

/**
 * Reads a notification in whatever form it comes: none is documented (protocol/idosell.md 6.1). Undefined when nothing that
 * names an order can be read from it.
 */
export function readNotification(
  { contentType, body }: { readonly contentType: string; readonly body: Uint8Array },
  profile: Profile,
): Notification | undefined {
  const message = wireOf(contentType, body, profile);
  if (message === undefined) return undefined;
  const found = fieldsIn(message);
  const text = (alias: AliasName): string => firstText(found, namesOf(profile, alias));
  const orderId = text('orderId');
  const orderSerialNumber = text('orderSerialNumber');
  const reference = referenceOf(text('reference'), profile);
  if (orderId === '' && orderSerialNumber === '' && reference === '') return undefined;
  return {
    ...{ orderId, orderSerialNumber, reference },
    symbol: symbolOf(text('status'), profile),
    dispatchedAt: shopTime(profile.timeZone).read(text('time')),
    packages: packagesIn(found, profile),
  };
}

function wireOf(contentType: string, body: Uint8Array, { names, webhook }: Profile): Wire | undefined {
  try {
    switch (formOf(contentType, body)) {
      case 'json':
        return readJson(body);
      case 'xml': {
        const root = readXml(body, { mostBytes: webhook.maxBytes });
        return soapValue(root, root, names.frame.item);
      }
      case 'form':
        return readPairs(body);
    }
  } catch (error) {
    if (error instanceof XmlError || error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** What a body looks like counts more than what it is said to be: senders often say nothing, or something wrong. */
function formOf(contentType: string, body: Uint8Array): 'json' | 'xml' | 'form' {
  const [first = ''] = /[^\s\uFEFF]/.exec(Buffer.from(body.subarray(0, 200)).toString('utf8')) ?? [];
  if (first === '<') return 'xml';
  if (first === '{' || first === '[') return 'json';
  return /json/i.test(contentType) ? 'json' : 'form';
}

/** `packages[0][number]=…` is the field `number`, and `numbers[]=…` a field `numbers` each time. */
function readPairs(body: Uint8Array): Wire {
  const text = utf8(body);
  if (text === undefined) throw new Unreadable('not UTF-8');
  return [...new URLSearchParams(text.trim())].map(([key, value]): Wire => {
    const steps = key.split(/[[\]]+/).filter((step) => step !== '' && !/^\d+$/.test(step));
    return new Map([[steps.at(-1) ?? key, value]]);
  });
}

function fieldsIn(message: Wire): Found {
  const found: { name: string; value: Wire; within: WireFields }[] = [];
  let level: readonly Wire[] = [message];
  while (level.length > 0) {
    const next: Wire[] = [];
    for (const value of level) {
      if (isFields(value)) {
        for (const [name, inner] of value) found.push({ name: plain(name), value: inner, within: value });
        next.push(...value.values());
      } else if (isList(value)) next.push(...value);
    }
    level = next;
  }
  return found;
}

const isList = (value: Wire): value is readonly Wire[] => Array.isArray(value);

/** Compared without case, `_` and `-`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

function namesOf({ webhook: { aliases } }: Profile, alias: AliasName): readonly string[] {
  return aliases[alias].map(plain);
}

function firstText(found: Found, names: readonly string[]): string {
  for (const name of names) {
    for (const { value } of found.filter((one) => one.name === name)) {
      const text = asText(value);
      if (text !== '') return text;
    }
  }
  return '';
}

/** In a field of its own it stands bare, in a note behind its prefix. */
function referenceOf(told: string, profile: Profile): string {
  const { referencePrefix } = profile;
  return referencePrefix !== '' && told.includes(referencePrefix) ? referenceIn(profile, told) : told;
}

/** Every number that stands anywhere, each once; a consignment's only where its parcel has none of its own. */
function packagesIn(found: Found, profile: Profile): readonly Package[] {
  const parcels = numbersOf(found, namesOf(profile, 'packageNumber'));
  const withParcel = new Set(parcels.map(({ within }) => within));
  const shipments = numbersOf(found, namesOf(profile, 'shippingNumber')).filter(
    ({ within }) => !withParcel.has(within),
  );
  const all =
    parcels.length > 0 && shipments.every(({ within }) => within.size === 1) ? parcels : [...parcels, ...shipments];
  const packages = all.map(({ number, within }) => ({ number, ...courierOf(within, found, profile), trackingUrl: '' }));
  return [...new Map(packages.map((one) => [one.number, one])).values()];
}

function numbersOf(found: Found, names: readonly string[]) {
  return found
    .filter(({ name }) => names.includes(name))
    .flatMap(({ value, within }) =>
      (isList(value) ? value : [value])
        .map(asText)
        .filter((number) => number !== '')
        .map((number) => ({ number, within })),
    );
}

/** Beside the number, or anywhere where it is said once for all. A courier's id is a number, its name is none. */
function courierOf(within: WireFields, found: Found, profile: Profile) {
  const names = namesOf(profile, 'courier');
  const beside = [...within].filter(([name]) => names.includes(plain(name))).map(([, value]) => asText(value));
  const anywhere = found.filter(({ name }) => names.includes(name)).map(({ value }) => asText(value));
  const told = (beside.some((text) => text !== '') ? beside : anywhere).filter((text) => text !== '');
  return {
    courierId: told.find((text) => /^\d+$/.test(text)) ?? '',
    courierName: told.find((text) => !/^\d+$/.test(text)) ?? '',
  };
}
