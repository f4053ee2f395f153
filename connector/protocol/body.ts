import { AsyncResource } from 'node:async_hooks';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';

/**
 * Puts the raw body of a call into `req.body`. A body as it usually comes, unpacked and within the limit, is collected
 * here; whatever needs more care (packed, chunked, too large, cut short) goes through body-parser, which takes a third of
 * the processor time that a small call needs in all.
 */
export function rawBody(mostBytes: number): RequestHandler {
  const careful = express.raw({ type: () => true, limit: mostBytes });
  return (req: Request, res: Response, next: NextFunction): void => {
    const length = Number(req.headers['content-length']);
    const isPlain = req.headers['content-encoding'] === undefined && req.headers['transfer-encoding'] === undefined;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Express makes its requests by hand
    if (!isPlain || !(length > 0 && length <= mostBytes)) careful(req, res, next);
    else collect(req, next);
  };
}

/**
 * Node itself holds the body to the announced length; a caller that goes away early is told by `aborted`. What follows
 * is bound to this call, because events of a line are not: it would have no request id any more.
 */
function collect(req: Request, next: NextFunction): void {
  const chunks: Buffer[] = [];
  const call = new AsyncResource('CALL');
  const end = (error?: Error): void => {
    req.removeAllListeners('data').removeAllListeners('end').removeAllListeners('error').removeAllListeners('aborted');
    const outcome = error && Object.assign(error, { status: 400, type: 'request.aborted' });
    call.runInAsyncScope(next, undefined, ...(outcome ? [outcome] : []));
  };
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.once('end', () => {
    req.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    end();
  });
  req.once('error', end);
  req.once('aborted', () => end(new Error('request aborted')));
}
