import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Names this run of this process among all that share a database; another run has another name. */
export function instanceId(): string {
  return `${hostname().slice(0, 30)}:${process.pid}:${randomBytes(6).toString('hex')}`;
}
