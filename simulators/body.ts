import type { IncomingMessage } from 'node:http';

export const TOO_LONG = Symbol('too long');

/** The body of a request; undefined when the connection broke before its end. */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | typeof TOO_LONG | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return length > maxBytes ? TOO_LONG : Buffer.concat(chunks);
}

/** Of one who commands the simulator; undefined where it is no JSON. */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of req as AsyncIterable<Buffer>) text += chunk.toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
