import type { ResponseClass } from './classify-response.ts';

/** Below a megabyte, in characters of JSON that are mostly one byte each; the limit is not documented (section 7). */
const MAX_CHARACTERS = 700_000;

/**
 * Sends records together; a no to several says nothing of any one of them, so they are sent again in halves until what is
 * not liked stands alone. One verdict for each record, in their order.
 */
export async function bisect<T>(
  records: readonly T[],
  send: (records: readonly T[]) => Promise<ResponseClass>,
  charactersOf: (record: T) => number = (record) => JSON.stringify(record).length,
): Promise<readonly ResponseClass[]> {
  if (records.length === 0) return [];
  const characters = records.reduce((sum, record) => sum + charactersOf(record), 0);
  if (characters <= MAX_CHARACTERS || records.length === 1) {
    const response = await send(records);
    if (response.kind !== 'rejected' || records.length === 1) return records.map(() => response);
  }
  const middle = Math.ceil(records.length / 2);
  const first = await bisect(records.slice(0, middle), send, charactersOf);
  return [...first, ...(await bisect(records.slice(middle), send, charactersOf))];
}
