import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares over digests, so that neither content nor length of the expected value shows in the time taken. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/** True when the text is any of the valid values; every one is compared, whichever matches. */
export function isOneOf(given: string, valid: readonly string[]): boolean {
  return valid.map((expected) => sameSecret(given, expected)).includes(true);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
