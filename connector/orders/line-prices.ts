import { excerpt } from '../domain/cut-text.ts';
import type { OrderDraftLine } from '../domain/incoming-order.ts';
import { formatMoney, lineValue, roundMoney } from '../domain/money.ts';

/** The price of a unit where a line gives none: a gift. */
const NOTHING = '0.00';

/** So many lines are named one by one; the comments have room for other notes, too. */
const MAX_NAMED = 20;

/** The price of one piece as it was sent. */
export function sentPrice({ price }: OrderDraftLine): string {
  return price ?? NOTHING;
}

/** The same as a shop stores it, with two decimals. */
export function storedPrice(line: OrderDraftLine): string {
  return formatMoney(roundMoney(sentPrice(line)));
}

/** A note for every line whose stored price times its quantity differs from the line's total. */
export function notesOnRounding(lines: readonly OrderDraftLine[]): string[] {
  const notes = lines.flatMap((line, n) => {
    const [sent, stored, { quantity }] = [sentPrice(line), storedPrice(line), line];
    const value = lineValue(sent, quantity);
    if (lineValue(stored, quantity) === value) return [];
    const pieces = `${quantity} pieces come to ${formatMoney(value)}`;
    return [`line ${n + 1}: ${excerpt(sent)} a piece is stored as ${stored}; ${pieces}`];
  });
  const others = notes.length - MAX_NAMED;
  return others > 0 ? [...notes.slice(0, MAX_NAMED), `${others} more lines were rounded like these`] : notes;
}
