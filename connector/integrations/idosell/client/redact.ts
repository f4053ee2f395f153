import { redactPersonalData } from '../../../lib/redact.ts';
import { escapeXml } from '../../../lib/xml.ts';
import type { WireAddress } from './client.ts';

/** What may not be repeated to anybody, whoever says it. */
export interface Redactions {
  readonly secrets: readonly string[];
  /** Of the consumer whom the call is about. */
  readonly persons: readonly string[];
}

const MAX_REASON = 300;

/** Words of the remote system as they may be kept: it quotes what it was sent, the keys and the consumer included. */
export function redact(text: string, { secrets, persons }: Redactions): string {
  if (text === '') return '';
  const hidden = [...secrets.flatMap(spellings), ...persons].filter((one) => one !== '');
  const plain = hidden
    .sort((a, b) => b.length - a.length)
    .reduce((rest, one) => rest.replaceAll(new RegExp(pattern(one), 'giu'), '***'), text.replace(/[\s\p{Cc}]+/gu, ' '));
  return redactPersonalData(redactPhones(plain, persons)).trim().slice(0, MAX_REASON);
}

/** A key may come back as it was written into a message or an address. */
function spellings(secret: string): readonly string[] {
  return [secret, escapeXml(secret), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/** A number is recognised whatever stands between its digits, with and without the country's prefix. */
function redactPhones(text: string, persons: readonly string[]): string {
  return persons
    .filter((one) => /^\+?[\d ()/.-]{7,}$/.test(one))
    .map((one) => one.replace(/\D/g, '').slice(-9))
    .filter((digits) => digits.length >= 7)
    .reduce((rest, digits) => rest.replaceAll(new RegExp(digits.replaceAll(/\B/g, '[ ()/.-]*'), 'g'), '***'), text);
}

/** A short name is a part of many words. */
function pattern(hidden: string): string {
  const literal = escapeRegExp(hidden);
  return hidden.length < 4 ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal;
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A message may quote the street alone, without what it is called by and the number of the house. */
const road = (street: string): string => street.replace(/\s+\d.*$/s, '').replace(/^(?:ul|al|os|pl)\.?\s+/i, '');

/** What tells who somebody is; single letters say nothing and would blot out every word. */
export function personsOf(address: Partial<WireAddress>): readonly string[] {
  const { firstName = '', lastName = '', firm = '', street = '', phone = '', email = '' } = address;
  const names = [firstName, lastName].flatMap((name) => [name, ...name.split(/[\s-]+/)]);
  const all = [...names, `${firstName} ${lastName}`, firm, street, road(street), phone, email];
  return [...new Set(all.map((one) => one.trim().replace(/\s+/g, ' ')))].filter((one) => one.length >= 2);
}
