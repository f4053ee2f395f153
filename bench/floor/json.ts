// eslint-disable-next-line no-control-regex
const NEEDS_ESCAPES = /[\u0000-\u001f"\\\ud800-\udfff]/;

export function quote(text: string): string {
  return NEEDS_ESCAPES.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Rows that stand in the order of their first column, by that column. */
export function byFirst<Row extends readonly [number, ...unknown[]]>(rows: readonly Row[]): Map<number, Row[]> {
  const lists = new Map<number, Row[]>();
  let current = -1;
  let list: Row[] = [];
  for (const row of rows) {
    if (row[0] !== current) {
      current = row[0];
      list = [];
      lists.set(current, list);
    }
    list.push(row);
  }
  return lists;
}
