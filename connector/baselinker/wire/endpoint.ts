import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { NextFunction } from 'express';
import { ApiError } from '../../domain/api-error.ts';
import { logOf, type Log } from '../../lib/log.ts';
import { withoutValues } from '../../lib/redact.ts';
import { isOneOf } from '../../lib/secrets.ts';
import type { Action } from './action.ts';
import type { CallRequest } from './body.ts';
import { errorBody, neutralError, STATUS_OF } from './errors.ts';
import { readBody, type Form, type ReadBody } from './form.ts';
import { FILE } from './multipart.ts';
import { writeJson } from './response.ts';

export interface EndpointDeps<Context> {
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
  allowsAnotherTry(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** What kind of database trouble an error is, if it is one. */
  databaseErrorCode(error: unknown): 'db_connection' | 'db_query' | undefined;
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
 * BaseLinker's one address. The order of checks is that of the official file (docs/protocol/baselinker.md 1.5): key, then
 * action, then parameters. Expects the raw body in `req.body`, and nothing of Express.
 */
export function endpoint<Context>(
  deps: EndpointDeps<Context>,
): (req: CallRequest, res: ServerResponse) => Promise<void> {
  const byName = new Map(deps.actions.map((action) => [action.name.toLowerCase(), action]));

  const findAction = (form: Form): Action<Context> => {
    const name = typeof form['action'] === 'string' ? form['action'].trim() : '';
    const action = byName.get(name.toLowerCase());
    if (action) return action;
    throw new ApiError(
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
    if (bytes.length === 0 && deps.emptyPost === 'file-version') {
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
      if (given === FILE) throw new ApiError('no_password', 'bl_pass was sent as a file, not as a form field');
      throw new ApiError('no_password', problem ? `bl_pass was not found: ${problem.message}` : 'bl_pass was not sent');
    }
    if (typeof given === 'string' && isOneOf(given, deps.keys)) return;
    // Programs that shut out who guesses look for this line (docs/operating.md): its form does not change.
    log.warn('wrong key', { caller: deps.callerOf(req) });
    const again = (await deps.allowsAnotherTry(req, res))
      ? ''
      : '; too many wrong keys from this address, wait a minute';
    throw new ApiError('incorrect_password', `bl_pass is not the communication key of this shop${again}`);
  };

  const asApiError = (error: unknown, log: Log): ApiError => {
    if (error instanceof ApiError) return error;
    const code = deps.databaseErrorCode(error) ?? 'internal_error';
    log.error('call failed', { err: error, code });
    return neutralError(code);
  };

  return async (req, res) => {
    const startedAt = performance.now();
    const id = deps.newId();
    const log = logOf(id, deps.log);
    let action: string | undefined;
    let apiError: ApiError | undefined;
    let text: string;
    try {
      const call = await readCall(req, res, log);
      action = call.action.name;
      text = writeJson(await call.action.answer(call.form, deps.contextOf({ id, log })));
    } catch (error) {
      apiError = asApiError(error, log);
      text = writeJson(errorBody(apiError));
    }
    const status = apiError && deps.httpErrors === 'status' ? STATUS_OF[apiError.code] : 200;
    const bytes = await send(req, res, status, text);
    const call: AnsweredCall = {
      requestId: id,
      action,
      result: apiError?.code ?? 'ok',
      ...(apiError && { reason: reasonOf(apiError, deps.keys) }),
      bytes,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
    };
    log.info('call answered', { ...call });
    deps.onAnswered?.(call);
  };
}

/** What the caller is told, fit to be kept: a key that came in another field stays out of it, too. */
function reasonOf({ message }: ApiError, keys: readonly string[]): string {
  return withoutValues(keys.reduce((text, key) => text.replaceAll(key, '[key]'), message));
}

/** Errors of reading the body (too large, broken compression, cut short) in the protocol's own words. */
export function unreadableBody(deps: Pick<EndpointDeps<never>, 'httpErrors' | 'log' | 'onAnswered'>) {
  return (error: unknown, req: IncomingMessage, res: ServerResponse, next: NextFunction): void => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { type, status } = error as { type?: unknown; status?: unknown };
    const isOurs = typeof status !== 'number' || status >= 500;
    const apiError = isOurs ? neutralError('internal_error') : new ApiError('invalid_parameter', bodyProblem(type));
    const reason = apiError.message;
    if (isOurs) deps.log.error('call failed', { err: error });
    else deps.log.info('body refused', { type, reason });
    const httpStatus = deps.httpErrors === 'status' ? STATUS_OF[apiError.code] : 200;
    void send(req, res, httpStatus, writeJson(errorBody(apiError))).then((bytes) =>
      deps.onAnswered?.({ requestId: '', action: undefined, result: apiError.code, reason, bytes, ms: 0 }),
    );
  };
}

function bodyProblem(type: unknown): string {
  if (type === 'entity.too.large') return 'the body is too large';
  if (type === 'encoding.unsupported') return 'the body is compressed in a way that is not known here';
  return 'the body could not be read';
}

/** A browser that opens the address sees that somebody is at home, and nothing else (1.2). */
function nothingToSeeHere(): ApiError {
  return new ApiError(
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
