import assert from 'node:assert/strict';
import { createLog, logOf, withRequestId } from '../../connector/lib/log.ts';
import { memoryStream } from '../support/memory-stream.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): { line: Record<string, unknown>; text: string } {
  const stream = memoryStream();
  write(createLog('info', stream));
  return { line: JSON.parse(stream.text()) as Record<string, unknown>, text: stream.text() };
}

describe('the log', () => {
  it('hides keys and what tells who a buyer is, however deep', () => {
    const { text } = logged((log) =>
      log.info('order placed', {
        bl_pass: 'secret-key',
        order: { email: 'ala@example.test', delivery_fullname: 'Ala Nowak', lines: [{ sku: 'A', phone: '500600700' }] },
        headers: { 'x-api-key': 'party-key', Authorization: 'Basic abc' },
      }),
    );
    assert.doesNotMatch(text, /secret-key|ala@|Nowak|500600700|party-key|Basic/);
    assert.match(text, /"sku":"A"/);
  });

  it('writes an error with its code, its stack and its causes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const { line } = logged((log) =>
      log.error('call failed', { err: new Error('order 7: cannot be read', { cause }) }),
    );
    const err = line['err'] as { message: string; stack: string; cause: { code: string } };
    assert.equal(err.message, 'order 7: cannot be read');
    assert.equal(err.cause.code, 'ECONNREFUSED');
    assert.equal(line['message'], 'call failed');
  });

  it('writes whatever it is given', () => {
    const round: Record<string, unknown> = { at: new Date('2027-01-04T09:00:00Z'), id: 2n ** 64n, gone: undefined };
    round['again'] = round;
    const { line } = logged((log) => log.info('odd', { round }));
    const { at, id } = line['round'] as Record<string, unknown>;
    assert.deepEqual([at, id], ['2027-01-04T09:00:00.000Z', '18446744073709551616']);
  });

  it('carries the request id in every line of a log of its own, and in no other', () => {
    const stream = memoryStream();
    const log = createLog('info', stream);
    const own = logOf('r-1', log);
    own.info('at the beginning', { email: 'ala@example.test' });
    own.error('at the end', { err: new Error('broken') });
    log.info('beside it');
    const lines = stream
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ message, requestId }) => [message, requestId]),
      [
        ['at the beginning', 'r-1'],
        ['at the end', 'r-1'],
        ['beside it', undefined],
      ],
    );
    assert.equal(lines[0]?.['email'], '[redacted]');
    assert.equal((lines[1]?.['err'] as { message: string }).message, 'broken');
  });

  it('carries the request id through everything that is awaited', async () => {
    const stream = memoryStream();
    const log = createLog('info', stream);
    await withRequestId('r-1', async () => {
      await Promise.resolve();
      log.info('in the middle');
    });
    assert.match(stream.text(), /"requestId":"r-1"/);
  });
});
