import { hash } from 'node:crypto';
import type { MappedOrder } from './order-mapping.ts';

/** What was told last: the status by its word, everything else by its digest, so that no personal data stays behind. */
export interface Digest {
  readonly status: string;
  readonly content: string;
}

/** An order with its digest, and of how many characters it is when it is written out: it is written once for both. */
export interface Measured {
  readonly order: MappedOrder;
  readonly memo: Digest;
  readonly characters: number;
}

/**
 * An order that cannot be told has a digest too: it differs from every other, so that it becomes due and its refusal
 * seen.
 */
export function digestOf(mapped: MappedOrder): Digest {
  return digestAndSize(mapped).memo;
}

export function digestAndSize(order: MappedOrder): Measured {
  return { order, ...measure(order) };
}

function measure(mapped: MappedOrder): Omit<Measured, 'order'> {
  if ('unfit' in mapped) return { memo: { status: '', content: digest(mapped.unfit) }, characters: 0 };
  const { status } = mapped.wire;
  // Undefined is not written out.
  const text = JSON.stringify({ ...mapped.wire, status: undefined });
  return { memo: { status, content: digest(text) }, characters: text.length + STATUS_CHARACTERS };
}

/** What the status adds to the text of an order, about. */
const STATUS_CHARACTERS = 24;

export function writeDigest({ status, content }: Digest): string {
  return JSON.stringify({ status, content });
}

/** Undefined when nothing was delivered yet, or by a version that left something else behind. */
export function readDigest(text: string): Digest | undefined {
  if (text === '') return undefined;
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
  return hash('sha256', text).slice(0, 32);
}
