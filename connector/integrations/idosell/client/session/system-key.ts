import { createHash } from 'node:crypto';

/**
 * What is kept instead of the password: all that is needed of it (docs/protocol/idosell.md 3.2). It is worth as much as the
 * password, so it is a secret too. The password is taken as it is: no trimming, no normalisation.
 */
export function innerHash(password: string): string {
  return sha1(password);
}

/** The key of a day (`20261121`) by which the account logs in. */
export function systemKey(day: string, inner: string): string {
  return sha1(day + inner);
}

const sha1 = (text: string): string => createHash('sha1').update(text, 'utf8').digest('hex');
