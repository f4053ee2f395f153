import { setTimeout } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { rateLimit } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/** How long somebody who has used up the tries waits for each further no, and how many may wait at a time. */
const PENALTY_MS = 1000;
const MOST_WAITING = 100;

/**
 * Counts wrong keys by sender; false, after a pause, once a sender has used up its tries. Only what follows a wrong key is
 * limited: the right key is always let in, or a stranger behind the same proxy could lock BaseLinker out.
 */
export function wrongKeyCounter(mostPerMinute: number): (req: Request, res: Response) => Promise<boolean> {
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
  let waiting = 0;
  return async (req, res) => {
    await count(req, res, () => undefined);
    if (res.locals['triesUsedUp'] !== true) return true;
    if (waiting < MOST_WAITING) {
      waiting += 1;
      await setTimeout(PENALTY_MS);
      waiting -= 1;
    }
    return false;
  };
}
