const MAX_CHARACTERS = 200;

/** The beginning of a text that a note quotes: one that is too long must not push the other notes off the order. */
export function excerpt(text: string): string {
  // A character takes two units at most; one more shows whether anything is left out.
  const characters = Array.from(text.slice(0, 2 * MAX_CHARACTERS + 2));
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${characters.slice(0, MAX_CHARACTERS).join('')}…`;
}
