import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { testDatabase } from './database.ts';

/**
 * A server that greets as the test database does and then demands a login of another kind, as for an account of that
 * kind; the plugins themselves are not on every machine.
 */
export async function demandingLogin(plugin: string): Promise<{ port: number; close(): Promise<void> }> {
  const { hostname, port } = new URL(testDatabase().url);
  const server = createServer((near) => {
    const far = connect(Number(port || 3306), hostname);
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
    near.on('close', () => far.destroy());
    far.once('data', (greeting) => near.write(greeting));
    near.once('data', () => near.write(switchRequest(plugin)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** An AuthSwitchRequest: its length in three bytes, its place in the talk, and 0xfe, name, and what is to be signed. */
function switchRequest(plugin: string): Buffer {
  const body = Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${plugin}\0`), Buffer.alloc(32, 1)]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, 2]), body]);
}
