import type { Verdict } from './judge.ts';

/** Below a megabyte, in characters of JSON that are mostly one byte each; the limit is not documented (section 7). */
const MOST_CHARACTERS = 700_000;

/**
 * Sends records together; a no to several says nothing of any one of them, so they are sent again in halves until what is
 * not liked stands alone. One verdict for each record, in their order.
 */
export async function inHalves<T>(
  records: readonly T[],
  send: (records: readonly T[]) => Promise<Verdict>,
  charactersOf: (record: T) => number = (record) => JSON.stringify(record).length,
): Promise<readonly Verdict[]> {
  if (records.length === 0) return [];
  const characters = records.reduce((sum, record) => sum + charactersOf(record), 0);
  if (characters <= MOST_CHARACTERS || records.length === 1) {
    const verdict = await send(records);
    if (verdict.kind !== 'no' || records.length === 1) return records.map(() => verdict);
  }
  const middle = Math.ceil(records.length / 2);
  const first = await inHalves(records.slice(0, middle), send, charactersOf);
  return [...first, ...(await inHalves(records.slice(middle), send, charactersOf))];
}
