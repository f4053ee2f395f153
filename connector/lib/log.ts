import { AsyncLocalStorage } from 'node:async_hooks';
import winston from 'winston';
import { batchedStream } from './batched-stream.ts';

export type Log = Pick<winston.Logger, 'error' | 'warn' | 'info' | 'debug' | 'child'>;

/** Fields that never reach a log: keys, and what identifies a buyer. Compared without case, `_` and `-`. */
const REDACTED = new Set([
  'blpass',
  'password',
  'key',
  'apikey',
  'xapikey',
  'authorization',
  'secret',
  'systemkey',
  'sessionkey',
  'dropshippingkey',
  'email',
  'phone',
  'address',
  'fullname',
  'company',
  'nip',
]);
const REDACTED_ENDINGS = ['fullname', 'company', 'address', 'phone', 'email', 'nip', 'postcode', 'city'];

/** The deepest a log field is walked; what lies below is left out. */
const MAX_DEPTH = 6;

const scope = new AsyncLocalStorage<{ readonly requestId: string }>();

/**
 * Every log line written while `run` is under way carries the request id. Up to Node 22 this makes every promise of the
 * process dearer once it was used, so it is for what is long and rare (docs/decisions/0012).
 */
export function withRequestId<T>(requestId: string, run: () => T): T {
  return scope.run({ requestId }, run);
}

/** A log every line of which carries the request id: for what is short and frequent, and is handed its log. */
export function logOf(requestId: string, log: Log): Log {
  return log.child({ requestId });
}

export function createLog(level: string, stream: NodeJS.WritableStream = batchedStream(process.stderr)): Log {
  return winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), redacted(), written()),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston types its transports loosely
    transports: [new winston.transports.Stream({ stream })],
  });
}

const redacted = winston.format((info) => {
  for (const [name, value] of Object.entries(info)) {
    if (name !== 'level' && name !== 'message' && name !== 'timestamp') info[name] = clean(name, value, 0);
  }
  const requestId = scope.getStore()?.requestId;
  if (requestId !== undefined) info['requestId'] = requestId;
  return info;
});

/** Where winston looks for the finished line. */
const MESSAGE = Symbol.for('message');

/** winston's own writer sorts the names and looks at every value once more; ours are clean already. */
const written = winston.format((info) => {
  const { level, message, timestamp, ...fields } = info;
  info[MESSAGE] = JSON.stringify({ level, message, ...fields, timestamp });
  return info;
});

function clean(name: string, value: unknown, depth: number): unknown {
  if (isSecret(name) && value !== undefined && value !== '') return '[redacted]';
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) return cleanError(value, depth);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => clean(name, item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, clean(inner, item, depth + 1)]));
}

/** A driver's error repeats the statement with its values: name, message, code and stack are what a reader needs. */
function cleanError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined || depth >= MAX_DEPTH ? {} : { cause: clean('cause', error.cause, depth + 1) }),
  };
}

function isSecret(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  return REDACTED.has(plain) || REDACTED_ENDINGS.some((ending) => plain.endsWith(ending));
}
