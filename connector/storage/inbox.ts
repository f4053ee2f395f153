import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

/** A notification of a remote system, as it arrived. */
export interface Message {
  readonly id: string;
  readonly source: string;
  readonly contentType: string;
  readonly body: Buffer;
  readonly receivedAt: Date;
  /** How often it was looked at in vain. */
  readonly attempts: number;
}

/** `unmatched`: of an order that we do not know; `unreadable`: nothing could be read from it. Never renamed. */
export type MessageState = 'new' | 'done' | 'unmatched' | 'unreadable';

/** Stores a message; the same body again is a duplicate, whatever has become of the first. */
export async function storeMessage(
  db: Knex,
  message: Pick<Message, 'source' | 'contentType' | 'body'> & { readonly isReadable: boolean },
  at: Date,
): Promise<void> {
  const { source, contentType, body, isReadable } = message;
  await db('bl_inbox')
    .insert({
      ...{ source, digest: createHash('sha256').update(body).digest(), body },
      content_type: contentType.slice(0, 100),
      state: isReadable ? 'new' : 'unreadable',
      due_at: isReadable ? at : null,
      received_at: at,
    })
    .onConflict(['source', 'digest'])
    .merge(['source']);
}

/** What is to be looked at now, oldest first. */
export async function dueMessages(db: Knex, source: string, now: Date, limit: number): Promise<readonly Message[]> {
  const rows = await db<Row>('bl_inbox')
    .where({ source })
    .andWhere('due_at', '<=', now)
    .orderBy(['due_at', 'id'])
    .limit(limit)
    .select();
  return rows.map(({ id, content_type, body, received_at, tries: attempts }) => ({
    ...{ id: String(id), source, contentType: content_type, body, receivedAt: received_at, attempts },
  }));
}

/** Without `dueAt` it is never looked at again. */
export async function settleMessage(
  db: Knex,
  { id, attempts }: Pick<Message, 'id' | 'attempts'>,
  end: { readonly state: MessageState; readonly note: string; readonly dueAt?: Date },
): Promise<void> {
  await db<Row>('bl_inbox')
    .where({ id })
    .update({ state: end.state, note: end.note.slice(0, 500), due_at: end.dueAt ?? null, tries: attempts + 1 });
}

/** For the operator: what could not be matched or read, newest first. */
export async function unprocessedMessages(
  db: Knex,
  limit: number,
): Promise<
  readonly { readonly id: string; readonly source: string; readonly state: string; readonly receivedAt: Date }[]
> {
  const rows = await db<Row>('bl_inbox')
    .whereIn('state', ['unmatched', 'unreadable'])
    .orderBy('id', 'desc')
    .limit(limit)
    .select();
  return rows.map(({ id, source, state, received_at }) => ({ id: String(id), source, state, receivedAt: received_at }));
}

/** Deletes at most `limit` messages, the oldest first. */
export async function deleteOldMessages(db: Knex, before: Date, limit: number): Promise<number> {
  const ids = await db<Row>('bl_inbox')
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit)
    .pluck<(number | string)[]>('id');
  return ids.length === 0 ? 0 : db<Row>('bl_inbox').whereIn('id', ids).del();
}

interface Row {
  readonly id: number | string;
  readonly source: string;
  readonly content_type: string;
  readonly body: Buffer;
  readonly state: string;
  readonly note: string;
  readonly tries: number;
  readonly due_at: Date | null;
  readonly received_at: Date;
}
