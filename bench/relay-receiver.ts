import { createServer, type ServerResponse } from 'node:http';

/** A remote system that takes whatever it is sent, at once; but while its door is shut, it lets everybody wait. */
export interface RelayReceiver {
  readonly url: string;
  /** Since the door was shut: what was sent, oldest first. */
  readonly bodies: readonly Buffer[];
  /** Lets requests wait for their answers from now on, and forgets those that were. */
  shut(): void;
  /** Resolves when so many wait. */
  areWaiting(count: number): Promise<void>;
  open(): void;
  close(): Promise<void>;
}

export async function openRelayReceiver(): Promise<RelayReceiver> {
  let isShut = false;
  let bodies: Buffer[] = [];
  let waiting: ServerResponse[] = [];
  let onWaiting = (): void => undefined;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      bodies.push(Buffer.concat(chunks));
      if (!isShut) answer(res);
      else {
        waiting.push(res);
        onWaiting();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    get bodies() {
      return bodies;
    },
    shut() {
      isShut = true;
      bodies = [];
    },
    areWaiting: (count) =>
      new Promise((resolve) => {
        onWaiting = () => {
          if (waiting.length >= count) resolve();
        };
        onWaiting();
      }),
    open() {
      isShut = false;
      const all = waiting;
      waiting = [];
      all.forEach(answer);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(res: ServerResponse): void {
  res.writeHead(201, { 'Content-Length': 0 }).end();
}
