import type { Log } from './log.ts';

/** Collects rows on the answering path, and has them written off it. */
export interface RowBuffer<Row> {
  add(row: Row): void;
  /** Writes what is left, once. */
  stop(): Promise<void>;
}

const FLUSH_MS = 1000;
const FLUSH_ROWS = 200;
/** While a write is under way so many may wait; a database that cannot keep up costs rows, not memory. */
const MAX_WAITING = 5000;

/**
 * What cannot be written is dropped, with one warning until a write succeeds again: a record of the past is not worth an
 * answer.
 */
export function createRowBuffer<Row>(
  write: (rows: readonly Row[]) => Promise<void>,
  { what, log, flushMs = FLUSH_MS }: { readonly what: string; readonly log: Log; readonly flushMs?: number },
): RowBuffer<Row> {
  let waiting: Row[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let isWriting = false;
  let isStopped = false;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const rows = waiting;
    waiting = [];
    if (rows.length > 0) writing = writing.then(() => writeDown(rows));
    return writing;
  }

  async function writeDown(rows: readonly Row[]): Promise<void> {
    isWriting = true;
    try {
      await write(rows);
      if (dropped > 0) log.info('written down again', { what, dropped });
      dropped = 0;
    } catch (error) {
      if (dropped === 0) log.warn('not written down', { what, err: error });
      dropped += rows.length;
    } finally {
      isWriting = false;
      if (waiting.length > 0) plan();
    }
  }

  function plan(): void {
    if (isStopped || isWriting) return;
    if (waiting.length >= FLUSH_ROWS) void flush();
    // Not a reason to keep the process: stop() writes what is left.
    else timer ??= setTimeout(() => void flush(), flushMs).unref();
  }

  return {
    add(row) {
      if (waiting.length >= MAX_WAITING) {
        dropped += 1;
        return;
      }
      waiting.push(row);
      plan();
    },
    async stop() {
      isStopped = true;
      await flush();
    },
  };
}
