import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { callerAddress } from '../../../connector/baselinker/wire/caller-address.ts';

/** The caller of a request that came over this line, with this header. */
function caller(trusted: string | undefined, line: string, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return callerAddress(trusted)({ headers, socket: { remoteAddress: line } } as unknown as IncomingMessage);
}

describe('the address of a caller', () => {
  it('is that of the line where no proxy is named, whatever a header says', () => {
    assert.equal(caller(undefined, '203.0.113.9', '198.51.100.7'), '203.0.113.9');
    assert.equal(caller('10.0.0.1', '203.0.113.9', '198.51.100.7'), '203.0.113.9');
    assert.equal(caller('1', '10.0.0.1'), '10.0.0.1');
  });

  for (const [entry, address] of [
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.7:5678', '198.51.100.7'],
    [' 198.51.100.7:1 ', '198.51.100.7'],
    ['"198.51.100.7:5678"', '198.51.100.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:5678', '2001:db8::7'],
    ['"[2001:db8::7]:5678"', '2001:db8::7'],
    ['2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['[::ffff:198.51.100.7]:5678', '198.51.100.7'],
    ['::ffff:c633:6407', '198.51.100.7'],
  ] as const) {
    it(`is ${address} where the proxy says ${entry}`, () => {
      assert.equal(caller('1', '10.0.0.1', entry), address);
      assert.equal(caller('10.0.0.0/8', '::ffff:10.0.0.1', `192.0.2.1, ${entry}`), address);
    });
  }

  it('is found behind proxies that are named with a port, too', () => {
    assert.equal(caller('10.0.0.1,10.0.0.2', '10.0.0.1', '198.51.100.7:1, 10.0.0.2:443'), '198.51.100.7');
    assert.equal(caller('10.0.0.1,2001:db8::2', '10.0.0.1', '198.51.100.7:1, [2001:db8::2]:443'), '198.51.100.7');
    assert.equal(caller('2', '10.0.0.1', '192.0.2.1, 198.51.100.7:1, 10.0.0.2:443'), '198.51.100.7');
  });

  it('is that of the last proxy that is believed where what it says is no address', () => {
    for (const entry of [
      'unknown',
      '_hidden',
      '1.2.3',
      '1.2.3.4:x',
      '[::1',
      '1.2.3.4:5:6',
      '300.1.1.1',
      'a'.repeat(9000),
    ]) {
      assert.equal(caller('1', '10.0.0.1', entry), '10.0.0.1', entry);
      assert.equal(caller('10.0.0.0/8', '10.0.0.1', `192.0.2.1, ${entry}, 10.0.0.2`), '10.0.0.2', entry);
    }
    assert.equal(caller('1', '10.0.0.1', ''), '10.0.0.1');
    assert.equal(caller('1', '10.0.0.1', ' , '), '10.0.0.1');
  });
});
