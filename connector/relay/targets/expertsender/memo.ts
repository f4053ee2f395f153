import { createHash } from 'node:crypto';
import type { Mapped } from './order.ts';

/** What was told last: the status by its word, everything else by its digest, so that no personal data stays behind. */
export interface Memo {
  readonly status: string;
  readonly content: string;
}

/** An order that cannot be told has a memo too: it differs from every other, so that it becomes due and its refusal seen. */
export function memoOf(mapped: Mapped): Memo {
  if ('unfit' in mapped) return { status: '', content: digest(mapped.unfit) };
  const { status, ...content } = mapped.wire;
  return { status, content: digest(JSON.stringify(content)) };
}

export function writeMemo({ status, content }: Memo): string {
  return JSON.stringify({ status, content });
}

/** Undefined when nothing was delivered yet, or by a version that left something else behind. */
export function readMemo(text: string): Memo | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null || !('status' in value) || !('content' in value)) return undefined;
    const { status, content } = value;
    return typeof status === 'string' && typeof content === 'string' ? { status, content } : undefined;
  } catch {
    return undefined;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
