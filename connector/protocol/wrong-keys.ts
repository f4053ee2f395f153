import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import express, { type Express, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/** How long somebody who has used up the tries waits for each further no, and how many may wait at a time. */
const PENALTY_MS = 1000;
const MOST_WAITING = 100;

/**
 * Counts wrong keys by sender; false, after a pause, once a sender has used up its tries. Only what follows a wrong key is
 * limited: the right key is always let in, or a stranger behind the same proxy could lock BaseLinker out.
 */
export function wrongKeyCounter(
  mostPerMinute: number,
  trustedProxies?: string,
): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const counter = limiter(mostPerMinute, trustedProxies);
  let waiting = 0;
  return async (req, res) => {
    const { locals } = await counted(counter, req, res);
    if (locals['triesUsedUp'] !== true) return true;
    if (waiting < MOST_WAITING) {
      waiting += 1;
      await setTimeout(PENALTY_MS);
      waiting -= 1;
    }
    return false;
  };
}

/** An app of its own: who the sender is, behind proxies or not, Express knows. */
function limiter(mostPerMinute: number, trustedProxies: string | undefined): Express {
  const app = express();
  app.disable('x-powered-by');
  if (trustedProxies !== undefined) app.set('trust proxy', proxies(trustedProxies));
  const count = rateLimit({
    windowMs: WINDOW_MS,
    limit: mostPerMinute,
    standardHeaders: false,
    legacyHeaders: false,
    // Its checks of the proxy settings print to the console; ours stand in the settings.
    validate: false,
    handler: (_, res, next) => {
      res.locals['triesUsedUp'] = true;
      next();
    },
  });
  return app.use(count);
}

/** Express makes the two its own while it passes them through. */
function counted(counter: Express, req: IncomingMessage, res: ServerResponse): Promise<Response> {
  const [its, answer] = [req as Request, res as Response];
  return new Promise((resolve) => counter(its, answer, () => resolve(answer)));
}

/** A number of hops, or the addresses of the proxies. */
function proxies(setting: string): number | string {
  return /^\d+$/.test(setting) ? Number(setting) : setting;
}
