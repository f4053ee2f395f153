import { randomUUID } from 'node:crypto';
import type { Ask } from './database.ts';

type Row = [at: string, name: string, bytes: number, ms: number, requestId: string];

const FLUSH_ROWS = 200;
const FLUSH_MS = 1000;
const INSERT = `INSERT INTO bl_calls (at, kind, name, result, bytes, ms, request_id)
  SELECT j.at, 'call', j.name, 'ok', j.bytes, j.ms, j.request_id
  FROM JSON_TABLE(?, '$[*]' COLUMNS (at VARCHAR(23) PATH '$[0]', name VARCHAR(64) PATH '$[1]',
    bytes INT UNSIGNED PATH '$[2]', ms INT UNSIGNED PATH '$[3]', request_id VARCHAR(36) PATH '$[4]')) AS j`;

/**
 * The connector owes a searchable row for every call, so the floor writes it, too: the same columns, and in the same
 * batches. Nothing else of what stands around a call is asked of it: no log, no metrics.
 */
export function openCalls(ask: Ask): (name: string, bytes: number, ms: number) => void {
  let rows: Row[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const full = rows;
    rows = [];
    ask(INSERT, [JSON.stringify(full)]).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  };
  return (name, bytes, ms) => {
    rows.push([new Date().toISOString().slice(0, 23).replace('T', ' '), name, bytes, Math.round(ms), randomUUID()]);
    if (rows.length >= FLUSH_ROWS) flush();
    else timer ??= setTimeout(flush, FLUSH_MS);
  };
}
