import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';

/** What a remote system was sent. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it does about it. A dropped line before reading cannot have been carried out; one after reading may have been. */
export type Reply =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Text is sent as it is, everything else as JSON. */
      readonly body?: unknown;
      /** A slow remote system. */
      readonly afterMs?: number;
    }
  | 'silence'
  | 'drop-before-reading'
  | 'drop-after-reading';

export type Script = Reply | ((request: Received) => Reply);

/** The remote system: a real HTTP server on the loopback that answers from a script and remembers what it was sent. */
export interface StubServer {
  readonly url: string;
  /** Oldest first, those that got no answer included. */
  readonly received: readonly Received[];
  /** One for each request to come; the last one stays for all that follow. */
  answers(...script: readonly [Script, ...Script[]]): void;
  /** Resolves once so many requests were received in all. */
  hasReceived(count: number): Promise<void>;
  close(): Promise<void>;
}

const WAIT_MS = 10_000;

export async function startStubServer(...script: readonly [Script, ...Script[]]): Promise<StubServer> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  let replies: readonly Script[] = script;

  const next = (): Script => {
    const [first, ...rest] = replies;
    if (first === undefined) throw new Error('the script of the stub server is empty');
    if (rest.length > 0) replies = rest;
    return first;
  };

  const server = createServer((req, res) => void answer(req, res));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const planned = next();
    const isUnread = planned === 'drop-before-reading';
    const request = asReceived(req, isUnread ? '' : await textOf(req));
    received.push(request);
    for (const check of waiting) check();
    const reply = typeof planned === 'function' ? planned(request) : planned;
    if (reply === 'silence') return;
    if (typeof reply === 'string') req.socket.resetAndDestroy();
    else if (reply.afterMs === undefined) write(res, reply);
    else setTimeout(() => write(res, reply), reply.afterMs);
  }

  await listen(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stub server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    answers: (...fresh) => {
      replies = fresh;
    },
    hasReceived: (count) =>
      new Promise((resolve, reject) => {
        const failing = setTimeout(
          () => reject(new Error(`${received.length} of ${count} requests came in time`)),
          WAIT_MS,
        );
        const check = (): void => {
          if (received.length < count) return;
          clearTimeout(failing);
          waiting = waiting.filter((one) => one !== check);
          resolve();
        };
        waiting.push(check);
        check();
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function asReceived(req: IncomingMessage, body: string): Received {
  return { method: req.method ?? '', path: req.url ?? '', headers: req.headers, body };
}

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function write(res: ServerResponse, { status, headers = {}, body = '' }: Exclude<Reply, string>): void {
  if (res.destroyed) return;
  const isText = typeof body === 'string';
  res.writeHead(status, { 'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers });
  res.end(isText ? body : JSON.stringify(body));
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
