const POLISH = new Intl.Collator('pl', { sensitivity: 'base' });
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/**
 * True when `first` stands before `second` although it belongs after it in the Polish alphabet. Databases and ICU
 * disagree about blanks and punctuation, so a pair that such a character decides is let pass.
 */
export function isMisplaced(first: string, second: string): boolean {
  const one = Array.from(first.normalize('NFC'));
  const other = Array.from(second.normalize('NFC'));
  for (let at = 0; at < one.length; at += 1) {
    const a = one[at] ?? '';
    const b = other[at];
    if (b === undefined) return true;
    if (POLISH.compare(a, b) === 0) continue;
    return LETTER_OR_DIGIT.test(a) && LETTER_OR_DIGIT.test(b) && POLISH.compare(a, b) > 0;
  }
  return false;
}
