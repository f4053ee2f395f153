import type { IncomingMessage } from 'node:http';
import express, { Router, type NextFunction, type Request, type Response } from 'express';
import type { Knex } from 'knex';
import { storeMessage } from '../storage/inbox.ts';
import type { Log } from '../lib/log.ts';
import { isOneOf } from '../lib/secrets.ts';
import type { RawMessage, ShipmentTracker } from '../contracts/shipment-tracker.ts';

export interface WebhookDeps {
  readonly db: Knex;
  readonly trackers: readonly ShipmentTracker[];
  /** The valid secrets: one, or two while it is being changed. */
  readonly secrets: readonly string[];
  /** The address from which a message comes. */
  callerOf(req: IncomingMessage): string;
  readonly now: () => Date;
  readonly log: Log;
}

/** A sender waits for two seconds; what cannot be kept in this time it must send again. */
const STORE_WITHIN_MS = 900;

/**
 * The endpoint for notifications of remote systems (docs/protocol/idosell.md section 6): a message is stored as it came
 * before it is answered, and processed afterwards. A wrong secret is answered like an unknown address.
 */
export function webhookRouter(deps: WebhookDeps): Router {
  const router = Router({ caseSensitive: true });
  router.all('/hooks/idosell/:name/:secret', (req: Request, res: Response, next: NextFunction) => {
    const tracker = trackerOf(deps, req);
    if (!tracker) next();
    else receive(deps, tracker, req, res).catch((error: unknown) => next(error));
  });
  return router;
}

function trackerOf(deps: WebhookDeps, req: Request): ShipmentTracker | undefined {
  const { trackers, secrets } = deps;
  const { name, secret } = req.params;
  // Compared even for an unknown name, so that the response time does not reveal which names exist.
  const isSecretValid = typeof secret === 'string' && isOneOf(secret, secrets);
  // In the form of 'wrong key' (baselinker/wire/endpoint.ts), for the same reason.
  if (!isSecretValid) deps.log.warn('wrong secret', { caller: deps.callerOf(req) });
  const tracker = trackers.find(({ wholesaler }) => wholesaler === name);
  if (!isSecretValid || !tracker) return undefined;
  return req.method === 'POST' || (req.method === 'GET' && tracker.webhook.allowsGet) ? tracker : undefined;
}

async function receive(deps: WebhookDeps, tracker: ShipmentTracker, req: Request, res: Response): Promise<void> {
  const { log } = deps;
  const message = req.method === 'GET' ? queryOf(req) : await bodyOf(req, res, tracker.webhook.maxBytes);
  if (typeof message === 'number') {
    log.info('notification refused', { source: tracker.name, status: message });
    answer(res, message);
    return;
  }
  const isReadable = tracker.webhook.read(message) !== undefined;
  const isStored = await storeInTime(deps, tracker, message, isReadable);
  log.info('notification received', { source: tracker.name, bytes: message.body.length, isReadable, isKept: isStored });
  answer(res, !isStored ? 503 : isReadable ? 200 : 400);
}

async function storeInTime(
  { db, now, log }: WebhookDeps,
  tracker: ShipmentTracker,
  message: RawMessage,
  isReadable: boolean,
): Promise<boolean> {
  const stored = storeMessage(db, { source: tracker.name, ...message, isReadable }, now()).then(
    () => true,
    (error: unknown) => {
      log.error('a notification could not be kept', { source: tracker.name, err: error });
      return false;
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), STORE_WITHIN_MS);
  });
  try {
    return await Promise.race([stored, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function queryOf(req: Request): RawMessage {
  const query = req.originalUrl.split('?').slice(1).join('?');
  return { contentType: 'application/x-www-form-urlencoded', body: Buffer.from(query, 'utf8') };
}

/** The body, or the HTTP status that refuses it. */
function bodyOf(req: Request, res: Response, maxBytes: number): Promise<RawMessage | number> {
  const read = express.raw({ type: () => true, limit: maxBytes });
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
