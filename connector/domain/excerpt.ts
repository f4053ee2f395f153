const MOST_CHARACTERS = 200;

/** The beginning of a text that a note quotes: one that is too long must not push the other notes off the order. */
export function excerpt(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const characters = Array.from(text.slice(0, 2 * MOST_CHARACTERS));
  return `${characters.slice(0, MOST_CHARACTERS).join('')}…`;
}
