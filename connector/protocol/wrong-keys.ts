import type { Request, Response } from 'express';
import { rateLimit } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/**
 * Counts wrong keys by sender; false once a sender has used up its tries. Only what follows a wrong key is limited: the
 * right key is always let in, or a stranger behind the same proxy could lock BaseLinker out.
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
  return async (req, res) => {
    await count(req, res, () => undefined);
    return res.locals['triesUsedUp'] !== true;
  };
}
