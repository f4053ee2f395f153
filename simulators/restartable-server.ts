import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** A server on the loopback that can be gone and come back under the same address. */
export interface RestartableServer {
  readonly port: number;
  open(): Promise<void>;
  shut(): Promise<void>;
}

const OPEN_MS = 5000; // somebody else may have been given the port for a moment

export async function openServer(
  wanted: number,
  serve: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
): Promise<RestartableServer> {
  const create = (): Server =>
    createServer((req, res) => {
      serve(req, res).catch((error: unknown) => {
        // A simulator that is wrong itself must not look like a remote system in trouble.
        process.stderr.write(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        res.destroy();
      });
    });
  let server: Server | undefined = create();
  const port = await listen(server, wanted);
  return {
    port,
    open: async () => {
      if (server) return;
      const deadline = performance.now() + OPEN_MS;
      for (;;) {
        const next = create();
        try {
          await listen(next, port);
          server = next;
          return;
        } catch (error) {
          if (performance.now() > deadline) throw error;
          await wait(50);
        }
      }
    },
    shut: async () => {
      const closing = server;
      server = undefined;
      if (!closing) return;
      await new Promise<void>((resolve) => {
        closing.close(() => resolve());
        closing.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
