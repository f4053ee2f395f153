import { connect, createServer, type Server, type Socket } from 'node:net';

/** A line on the loopback that can be made to fail in the ways that lines fail. */
export interface FaultyProxy {
  readonly port: number;
  /** Lines that are open now. */
  readonly lines: number;
  /** Everything passes, on lines that are open and on new ones, until told otherwise. */
  forward(): void;
  /** Ends all open lines at once, without a farewell. */
  cut(): void;
  /** New lines are accepted and all bytes are swallowed, both ways; open lines stay open. */
  blackHole(): void;
  /** Bytes arrive this much later, in both directions. */
  delay(ms: number): void;
  /** New lines are ended at once; open ones stay. */
  refuse(): void;
  /** New lines lead elsewhere, as after a failover; open ones stay where they are. */
  switchTo(target: Target): void;
  close(): Promise<void>;
}

interface Target {
  readonly host?: string;
  readonly port: number;
}

type Mode =
  | { readonly kind: 'forward' }
  | { readonly kind: 'black-hole' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'refuse' };

export async function startFaultyProxy(first: Target): Promise<FaultyProxy> {
  const sockets = new Set<Socket>();
  let target = first;
  let mode: Mode = { kind: 'forward' };
  const server = createServer((near) => {
    if (mode.kind === 'refuse') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target.port, target.host ?? '127.0.0.1');
    join(near, far);
    join(far, near);
  });
  await listen(server);

  function join(from: Socket, to: Socket): void {
    sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => pass(to, bytes));
    from.on('end', () => pass(to, undefined));
    // A broken line ends its other half too; the error itself is what was asked for.
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      if (mode.kind !== 'black-hole') to.destroySoon();
    });
  }

  function pass(to: Socket, bytes: Buffer | undefined): void {
    switch (mode.kind) {
      case 'black-hole':
        return;
      case 'delay':
        // Timers of one length fire in the order they were set, so the bytes keep theirs.
        setTimeout(() => write(to, bytes), mode.ms);
        return;
      case 'forward':
      case 'refuse':
        write(to, bytes);
    }
  }

  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    get lines() {
      return sockets.size / 2;
    },
    forward: () => (mode = { kind: 'forward' }),
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    blackHole: () => (mode = { kind: 'black-hole' }),
    delay: (ms) => (mode = { kind: 'delay', ms }),
    refuse: () => (mode = { kind: 'refuse' }),
    switchTo: (next) => (target = next),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function write(to: Socket, bytes: Buffer | undefined): void {
  if (!to.writable) return;
  if (bytes) to.write(bytes);
  else to.end();
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
