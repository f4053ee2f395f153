import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/** How long somebody who has used up the tries waits for each further no, and how many may wait at a time. */
const PENALTY_MS = 1000;
const MAX_WAITING = 100;

/**
 * Counts wrong keys by sender; false, after a pause, once a sender has used up its tries. Only what follows a wrong key is
 * limited: the right key is always let in, or a stranger behind the same proxy could lock BaseLinker out.
 */
export function failedAuthLimiter(
  maxPerMinute: number,
  callerOf: (req: IncomingMessage) => string,
): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const isWithin = limiter(maxPerMinute, callerOf);
  let waiting = 0;
  return async (req, res) => {
    if (await isWithin(req, res)) return true;
    if (waiting < MAX_WAITING) {
      waiting += 1;
      await setTimeout(PENALTY_MS);
      waiting -= 1;
    }
    return false;
  };
}

/** True as long as the sender has tries left. */
function limiter(
  maxPerMinute: number,
  callerOf: (req: IncomingMessage) => string,
): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const count = rateLimit({
    windowMs: WINDOW_MS,
    limit: maxPerMinute,
    standardHeaders: false,
    legacyHeaders: false,
    // Whoever has an IPv6 address has a whole net of them.
    keyGenerator: (req) => ipKeyGenerator(callerOf(req)),
    // Its checks of the proxy settings print to the console; ours stand in the settings.
    validate: false,
    handler: (_req, _res, next) => next(USED_UP),
  });
  // The casts: of Express's additions the counter needs none, as nothing but the key is asked for.
  return (req, res) =>
    new Promise((resolve) => void count(req as Request, res as Response, (said) => resolve(said !== USED_UP)));
}

const USED_UP = 'used up';
