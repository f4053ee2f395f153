import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { NextFunction } from 'express';
import { Refusal } from '../domain/refusal.ts';
import { logOf, type Log } from '../lib/log.ts';
import { withoutValues } from '../lib/personal.ts';
import { isOneOf } from '../lib/secrets.ts';
import type { Action } from './action.ts';
import type { CallRequest } from './body.ts';
import { errorReply, neutralRefusal, STATUS_OF } from './errors.ts';
import { readBody, type Form, type ReadBody } from './form.ts';
import { FILE } from './multipart.ts';
import { writeReply } from './reply.ts';

export interface EndpointParts<Context> {
  readonly actions: readonly Action<Context>[];
  readonly contextOf: (call: CurrentCall) => Context;
  /** The valid communication keys: one, or two while a key is being changed. */
  readonly keys: readonly string[];
  readonly httpErrors: '200' | 'status';
  /** What a POST of no bytes is answered: BaseLinker's connection test was seen to send one (1.2). */
  readonly emptyPost: 'file-version' | 'no-password';
  /** The address from which a call comes. */
  callerOf(req: IncomingMessage): string;
  /** Counts a wrong key against its sender; false when that sender has used up its tries. */
  mayTryAgain(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** What kind of database trouble an error is, if it is one. */
  databaseTrouble(error: unknown): 'db_connection' | 'db_query' | undefined;
  readonly log: Log;
  /** Makes the id of a call. */
  readonly newId: () => string;
  /** Told of every answer once it was sent; must neither throw nor wait. */
  readonly onAnswered?: (call: AnsweredCall) => void;
}

/** The call that is under way. */
export interface CurrentCall {
  /** In every line of its log, and in whatever it writes down. */
  readonly id: string;
  readonly log: Log;
}

export interface AnsweredCall {
  /** As in the log; '' when the body could not be read. */
  readonly requestId: string;
  /** Undefined when no action of ours was named. */
  readonly action: string | undefined;
  /** `ok`, or the code of the refusal. */
  readonly result: string;
  /** Why it was refused, without the values that were sent; left out of what was not. */
  readonly reason?: string;
  /** Of the answer, as sent. */
  readonly bytes: number;
  readonly ms: number;
}

/** From this size on an answer is compressed for callers who ask for it; below, it would cost more than it saves. */
const GZIP_FROM_BYTES = 16 * 1024;
const gzipped = promisify(gzip);

/**
 * BaseLinker's one address. The order of checks is that of the official file (protocol/baselinker.md 1.5): key, then
 * action, then parameters. Expects the raw body in `req.body`, and nothing of Express.
 */
export function endpoint<Context>(
  parts: EndpointParts<Context>,
): (req: CallRequest, res: ServerResponse) => Promise<void> {
  const byName = new Map(parts.actions.map((action) => [action.name.toLowerCase(), action]));

  const findAction = (form: Form): Action<Context> => {
    const name = typeof form['action'] === 'string' ? form['action'].trim() : '';
    const action = byName.get(name.toLowerCase());
    if (action) return action;
    throw new Refusal(
      'unsupported_action',
      name === '' ? 'no action was named' : `no such action: ${name.slice(0, 60)}`,
    );
  };

  const readCall = async (
    req: CallRequest,
    res: ServerResponse,
    log: Log,
  ): Promise<{ form: Form; action: Action<Context> }> => {
    if (req.method !== 'POST') throw nothingToSeeHere();
    const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    if (bytes.length === 0 && parts.emptyPost === 'file-version') {
      const form = { action: 'FileVersion' };
      return { form, action: findAction(form) };
    }
    const body = readBody(req.headers['content-type'] ?? '', bytes);
    await checkKey(body, req, res, log);
    if (body.problem) throw body.problem;
    return { form: body.form, action: findAction(body.form) };
  };

  const checkKey = async (
    { form, problem }: ReadBody,
    req: IncomingMessage,
    res: ServerResponse,
    log: Log,
  ): Promise<void> => {
    const given = form['bl_pass'];
    if (given === undefined || given === '' || given === FILE) {
      if (given === FILE) throw new Refusal('no_password', 'bl_pass was sent as a file, not as a form field');
      throw new Refusal('no_password', problem ? `bl_pass was not found: ${problem.message}` : 'bl_pass was not sent');
    }
    if (typeof given === 'string' && isOneOf(given, parts.keys)) return;
    // Programs that shut out who guesses look for this line (docs/operating.md): its form does not change.
    log.warn('wrong key', { caller: parts.callerOf(req) });
    const again = (await parts.mayTryAgain(req, res)) ? '' : '; too many wrong keys from this address, wait a minute';
    throw new Refusal('incorrect_password', `bl_pass is not the communication key of this shop${again}`);
  };

  const asRefusal = (error: unknown, log: Log): Refusal => {
    if (error instanceof Refusal) return error;
    const trouble = parts.databaseTrouble(error) ?? 'internal_error';
    log.error('call failed', { err: error, code: trouble });
    return neutralRefusal(trouble);
  };

  return async (req, res) => {
    const startedAt = performance.now();
    const id = parts.newId();
    const log = logOf(id, parts.log);
    let action: string | undefined;
    let refusal: Refusal | undefined;
    let text: string;
    try {
      const call = await readCall(req, res, log);
      action = call.action.name;
      text = writeReply(await call.action.answer(call.form, parts.contextOf({ id, log })));
    } catch (error) {
      refusal = asRefusal(error, log);
      text = writeReply(errorReply(refusal));
    }
    const status = refusal && parts.httpErrors === 'status' ? STATUS_OF[refusal.code] : 200;
    const bytes = await send(req, res, status, text);
    const call: AnsweredCall = {
      requestId: id,
      action,
      result: refusal?.code ?? 'ok',
      ...(refusal && { reason: reasonOf(refusal, parts.keys) }),
      bytes,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
    };
    log.info('call answered', { ...call });
    parts.onAnswered?.(call);
  };
}

/** What the caller is told, fit to be kept: a key that came in another field stays out of it, too. */
function reasonOf({ message }: Refusal, keys: readonly string[]): string {
  return withoutValues(keys.reduce((text, key) => text.replaceAll(key, '[key]'), message));
}

/** Errors of reading the body (too large, broken compression, cut short) in the protocol's own words. */
export function unreadableBody(parts: Pick<EndpointParts<never>, 'httpErrors' | 'log' | 'onAnswered'>) {
  return (error: unknown, req: IncomingMessage, res: ServerResponse, next: NextFunction): void => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { type, status } = error as { type?: unknown; status?: unknown };
    const isOurs = typeof status !== 'number' || status >= 500;
    const refusal = isOurs ? neutralRefusal('internal_error') : new Refusal('invalid_parameter', bodyProblem(type));
    const reason = refusal.message;
    if (isOurs) parts.log.error('call failed', { err: error });
    else parts.log.info('body refused', { type, reason });
    const httpStatus = parts.httpErrors === 'status' ? STATUS_OF[refusal.code] : 200;
    void send(req, res, httpStatus, writeReply(errorReply(refusal))).then((bytes) =>
      parts.onAnswered?.({ requestId: '', action: undefined, result: refusal.code, reason, bytes, ms: 0 }),
    );
  };
}

function bodyProblem(type: unknown): string {
  if (type === 'entity.too.large') return 'the body is too large';
  if (type === 'encoding.unsupported') return 'the body is compressed in a way that is not known here';
  return 'the body could not be read';
}

/** A browser that opens the address sees that somebody is at home, and nothing else (1.2). */
function nothingToSeeHere(): Refusal {
  return new Refusal(
    'no_password',
    'This address speaks with BaseLinker only. Seeing this in a browser is normal: the connector is running. ' +
      'If BaseLinker itself is told this, it was given an address that redirects, from http:// to https:// as a rule: ' +
      'a redirect turns its POST into a GET, and nothing of the call arrives. Give BaseLinker the https:// address.',
  );
}

async function send(req: IncomingMessage, res: ServerResponse, status: number, text: string): Promise<number> {
  const plain = Buffer.from(text, 'utf8');
  const compressed = plain.length >= GZIP_FROM_BYTES && takesGzip(req.headers['accept-encoding']);
  const body = compressed ? await gzipped(plain, { level: constants.Z_BEST_SPEED }) : plain;
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
  });
  res.end(body);
  return body.length;
}

/** What is named counts more than `*`, and `;q=0` refuses it (RFC 9110, 12.5.3). */
function takesGzip(acceptEncoding = ''): boolean {
  const weights = new Map(
    acceptEncoding
      .toLowerCase()
      .split(',')
      .map((wish) => /^\s*([^;\s]*)\s*(?:;\s*q=([\d.]+))?/.exec(wish) ?? [])
      .map(([, encoding, weight = '1']) => [encoding, Number(weight)]),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
