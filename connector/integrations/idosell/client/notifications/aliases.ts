import type { Package } from '../client.ts';
import type { Profile } from '../profile.ts';
import { asList, asText, isFields, type ResponseValue, type ResponseFields } from '../codec/response.ts';

export type Aliases = Profile['webhook']['aliases'];
export type Alias = keyof Aliases;

/** A text, and the name that it was found under, compared without case, `_` and `-`. */
export interface AliasMatch {
  readonly name: string;
  readonly text: string;
}

/** The map itself and what is below it, level by level; what stands in lists apart. */
export interface SearchScope {
  readonly direct: readonly ResponseFields[];
  readonly listed: readonly ResponseFields[];
}

/** A notification is about an order and its parcels; whatever has more parts than this is looked through no further. */
const MAX_PLACES = 2000;

export function placesIn(from: ResponseFields): SearchScope {
  const direct: ResponseFields[] = [from];
  const listed: ResponseFields[] = [];
  const add = (to: ResponseFields[], found: readonly ResponseFields[]): void => {
    for (const one of found) if (to.length < MAX_PLACES) to.push(one);
  };
  // Both lists grow while they are walked.
  for (const place of direct) {
    for (const value of place.values()) {
      if (isFields(value)) add(direct, [value]);
      else add(listed, mapsOf(value));
    }
  }
  for (const place of listed) for (const value of place.values()) add(listed, mapsOf(value));
  return { direct, listed };
}

function mapsOf(value: ResponseValue): readonly ResponseFields[] {
  return typeof value === 'object' ? asList(value).filter(isFields) : [];
}

export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function valuesOf(place: ResponseFields, name: string): readonly ResponseValue[] {
  const found: ResponseValue[] = [];
  for (const [key, value] of place) if (plainName(key) === name) found.push(value);
  return found;
}

/** Of this map alone; '' for none. */
export function textIn(place: ResponseFields, name: string): string {
  return (
    valuesOf(place, name)
      .map(asText)
      .find((text) => text !== '') ?? ''
  );
}

/** The first hit, alias by alias. */
export function firstIn(places: readonly ResponseFields[], aliases: readonly string[]): AliasMatch | undefined {
  for (const name of aliases.map(plainName)) {
    for (const place of places) {
      const text = textIn(place, name);
      if (text !== '') return { name, text };
    }
  }
  return undefined;
}

/** Here or anywhere below; what stands in lists comes last. */
export function firstBelow(from: ResponseFields, aliases: readonly string[]): AliasMatch | undefined {
  const { direct, listed } = placesIn(from);
  return firstIn(direct, aliases) ?? firstIn(listed, aliases);
}

type Courier = Pick<Package, 'courierId' | 'courierName'>;

const NO_COURIER: Courier = { courierId: '', courierName: '' };

/** The consignment's number stands for a parcel whose own is nowhere told (docs/protocol/idosell.md 4.7). */
export function parcelsIn(from: ResponseFields, aliases: Aliases, outer: Courier = NO_COURIER): readonly Package[] {
  if (from.size === 0) return [];
  const courier = courierIn(from, aliases.courier) ?? outer;
  const as = (number: string): Package => ({ ...courier, number, trackingUrl: '' });
  const own = numbersIn(from, aliases.packageNumber).map(as);
  const inner = [...from.values()]
    .flatMap((value) => mapsOf(value).slice(0, MAX_PLACES))
    .flatMap((one) => parcelsIn(one, aliases, courier));
  if (own.length + inner.length > 0) return [...own, ...inner];
  return numbersIn(from, aliases.shippingNumber).map(as);
}

/** A number, a list of them, or several in one text. */
function numbersIn(from: ResponseFields, aliases: readonly string[]): readonly string[] {
  return aliases
    .map(plainName)
    .flatMap((name) => valuesOf(from, name))
    .flatMap(asList)
    .flatMap((one) => asText(one).split(/[,;]/))
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** The aliases name the id and the name in one breath: what is a number is the id. */
function courierIn(from: ResponseFields, aliases: readonly string[]): Courier | undefined {
  const texts = aliases.map((name) => textIn(from, plainName(name)));
  const id = texts.find((text) => /^\d+$/.test(text));
  const name = texts.find((text) => /\D/.test(text));
  return id === undefined && name === undefined ? undefined : { courierId: id ?? '', courierName: name ?? '' };
}
