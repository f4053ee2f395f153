import type { Profile } from '../profile.ts';
import { textOf, type ResponseFields } from './response.ts';

/** Our reference as a note that the wholesaler keeps with the order (docs/protocol/idosell.md 4.6). */
export function noteOf({ referencePrefix }: Profile, reference: string): string {
  return referencePrefix + reference;
}

/** The reference in such a note, which others may have written to: what follows the prefix in its line. '' for none. */
export function referenceIn({ referencePrefix }: Profile, note: string): string {
  const at = note.indexOf(referencePrefix);
  const [line = ''] = at === -1 ? [] : note.slice(at + referencePrefix.length).split(/[\r\n]/, 1);
  return line.trim();
}

/** The reference of an order as it is told: from the field of its own where there is one, else from the note. */
export function referenceOf(profile: Profile, order: ResponseFields): string {
  const { externalReferenceField, referenceField, referencePrefix } = profile;
  const bare = externalReferenceField === '' ? '' : textOf(order, externalReferenceField);
  if (bare === '') return referenceIn(profile, textOf(order, referenceField));
  return referencePrefix !== '' && bare.startsWith(referencePrefix) ? referenceIn(profile, bare) : bare;
}
