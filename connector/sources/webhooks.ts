import type { IncomingMessage } from 'node:http';
import express, { Router, type NextFunction, type Request, type Response } from 'express';
import type { Knex } from 'knex';
import { keepMessage } from '../db/inbox.ts';
import type { Log } from '../lib/log.ts';
import { isOneOf } from '../lib/secrets.ts';
import type { RawDelivery, Source } from './source.ts';

export interface WebhookParts {
  readonly db: Knex;
  readonly sources: readonly Source[];
  /** The valid secrets: one, or two while it is being changed. */
  readonly secrets: readonly string[];
  /** The address from which a message comes. */
  callerOf(req: IncomingMessage): string;
  readonly now: () => Date;
  readonly log: Log;
}

/** A sender waits for two seconds; what cannot be kept in this time it must send again. */
const KEPT_WITHIN_MS = 900;

/**
 * The door for parties that speak first (protocol/idosell.md section 6): what comes is kept as it came before it is answered,
 * and looked at afterwards. An address with a wrong secret is no address at all.
 */
export function webhookDoor(parts: WebhookParts): Router {
  const router = Router({ caseSensitive: true });
  router.all('/hooks/idosell/:name/:secret', (req: Request, res: Response, next: NextFunction) => {
    const source = sourceOf(parts, req);
    if (!source) next();
    else receive(parts, source, req, res).catch((error: unknown) => next(error));
  });
  return router;
}

function sourceOf(parts: WebhookParts, req: Request): Source | undefined {
  const { sources, secrets } = parts;
  const { name, secret } = req.params;
  // Compared in any case, so that the time says nothing of which names there are.
  const isRight = typeof secret === 'string' && isOneOf(secret, secrets);
  // In the form of 'wrong key' (protocol/endpoint.ts), for the same reason.
  if (!isRight) parts.log.warn('wrong secret', { caller: parts.callerOf(req) });
  const source = sources.find(({ wholesaler }) => wholesaler === name);
  if (!isRight || !source) return undefined;
  return req.method === 'POST' || (req.method === 'GET' && source.webhook.allowsGet) ? source : undefined;
}

async function receive(parts: WebhookParts, source: Source, req: Request, res: Response): Promise<void> {
  const { log } = parts;
  const delivery = req.method === 'GET' ? queryOf(req) : await bodyOf(req, res, source.webhook.mostBytes);
  if (typeof delivery === 'number') {
    log.info('notification refused', { source: source.name, status: delivery });
    answer(res, delivery);
    return;
  }
  const isReadable = source.webhook.read(delivery) !== undefined;
  const isKept = await keep(parts, source, delivery, isReadable);
  log.info('notification received', { source: source.name, bytes: delivery.body.length, isReadable, isKept });
  answer(res, !isKept ? 503 : isReadable ? 200 : 400);
}

async function keep(
  { db, now, log }: WebhookParts,
  source: Source,
  delivery: RawDelivery,
  isReadable: boolean,
): Promise<boolean> {
  const kept = keepMessage(db, { source: source.name, ...delivery, isReadable }, now()).then(
    () => true,
    (error: unknown) => {
      log.error('a notification could not be kept', { source: source.name, err: error });
      return false;
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), KEPT_WITHIN_MS);
  });
  try {
    return await Promise.race([kept, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function queryOf(req: Request): RawDelivery {
  const query = req.originalUrl.split('?').slice(1).join('?');
  return { contentType: 'application/x-www-form-urlencoded', body: Buffer.from(query, 'utf8') };
}

/** The body, or the HTTP status that refuses it. */
function bodyOf(req: Request, res: Response, mostBytes: number): Promise<RawDelivery | number> {
  const read = express.raw({ type: () => true, limit: mostBytes });
  return new Promise((resolve) => {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Express makes its requests by hand
    read(req, res, (error?: unknown) => {
      if (error !== undefined) {
        resolve((error as { type?: unknown }).type === 'entity.too.large' ? 413 : 400);
        return;
      }
      const body: unknown = req.body;
      resolve({
        contentType: req.headers['content-type'] ?? '',
        body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      });
    });
  });
}

const WORDS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'nothing can be read from this body',
  413: 'the body is too large',
  503: 'not now: please send it again',
};

function answer(res: Response, status: number): void {
  res
    .status(status)
    .type('text/plain')
    .send(WORDS[status] ?? '');
}
