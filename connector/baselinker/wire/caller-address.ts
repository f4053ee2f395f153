import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import express from 'express';

/** Whether the sender of this address, so many hops away, is a proxy whose word is taken. */
type Trusts = (address: string, hop: number) => boolean;

/**
 * Who calls: the address of the line, or of X-Forwarded-For as far as proxies are trusted; '' where the line has none. An
 * entry may hold a port, as some proxies write it: kept, it would make a new sender of each connection. What is no address
 * is not believed, and the proxy that says it stands for its caller.
 */
export function callerAddress(trustedProxies: string | undefined): (req: IncomingMessage) => string {
  const trusts = trustIn(trustedProxies);
  return ({ headers, socket }) => {
    const header = headers['x-forwarded-for'] ?? [];
    const entries = [header].flat().join(',').split(',').reverse();
    let address = plainAddress(socket.remoteAddress ?? '') ?? '';
    let hop = 0;
    for (const entry of entries.filter((one) => one.trim() !== '')) {
      if (!trusts(address, hop)) break;
      const before = plainAddress(entry);
      if (before === undefined) break;
      address = before;
      hop += 1;
    }
    return address;
  };
}

/** A number of hops, or the addresses of the proxies; what they mean, Express knows. */
function trustIn(setting: string | undefined): Trusts {
  const app = express();
  if (setting !== undefined) app.set('trust proxy', /^\d+$/.test(setting) ? Number(setting) : setting);
  // The cast: Express keeps what it has made of the setting under this name.
  return app.get('trust proxy fn') as Trusts;
}

/** `[address]:port`, `[address]` or `address:port`; a bare IPv6 address has more colons than one. */
const WITH_PORT = /^(?:\[([^\]]*)\](?::\d{1,5})?|([^:]*):\d{1,5})$/;

/** Longer than any address with a port. */
const MAX_LENGTH = 80;

/** One address has one form, so that it is counted as one. */
function plainAddress(entry: string): string | undefined {
  if (entry.length > MAX_LENGTH) return undefined;
  const text = entry.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed, beforePort] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? beforePort ?? text;
  if (isIP(address) === 0) return undefined;
  return isIPv6(address) ? shortest(address) : address;
}

/** In the form of RFC 5952, without a zone; an IPv4 address that is written as IPv6 is an IPv4 address. */
function shortest(address: string): string {
  const form = new URL(`http://[${address.split('%', 1)[0] ?? ''}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(form) ?? [];
  if (high === undefined || low === undefined) return form;
  const bytes = [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 255]);
  return bytes.join('.');
}
