import assert from 'node:assert/strict';
import { openPrefetch } from '../../connector/relay/prefetch.ts';

/** What has ended is followed by whoever waits for it. */
const turn = () => new Promise(setImmediate);

/** A call under way, which ends as the test says. */
interface Call {
  readonly batch: string;
  readonly end: (isWell: boolean) => void;
}

function aGate(concurrency: number) {
  const calls: Call[] = [];
  const given: string[] = [];
  let nowMs = 0;
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  const gate = openPrefetch<string>({
    concurrency,
    deliver: (batch) => new Promise<boolean>((end) => calls.push({ batch, end })),
    release: (batch) => Promise.resolve(void given.push(batch)),
    onCapacity: () => undefined,
    nowMs: () => nowMs,
  });
  const end = async (batch: string, isWell = true): Promise<void> => {
    calls.find((one) => one.batch === batch)?.end(isWell);
    await turn();
  };
  return { gate, calls: () => calls.map(({ batch }) => batch), given, end, pass };
}

describe('the gate of a target', () => {
  it('has at first as much room as calls may be under way', async () => {
    const { gate, calls, end } = aGate(2);
    assert.equal(gate.capacity(), 2);
    gate.add('a');
    gate.add('b');
    assert.deepEqual([calls(), gate.capacity(), gate.isEmpty()], [['a', 'b'], 0, false]);
    await end('a', false);
    assert.equal(gate.capacity(), 1);
  });

  it('has room ahead for a remote system that answers quickly, and never more calls', async () => {
    const { gate, calls, end } = aGate(1);
    gate.add('a');
    await end('a');
    assert.equal(gate.capacity(), 4);
    for (const batch of ['b', 'c', 'd', 'e']) gate.add(batch);
    assert.deepEqual([calls(), gate.capacity()], [['a', 'b'], 0]);
    for (const batch of ['b', 'c', 'd']) await end(batch);
    assert.deepEqual(calls(), ['a', 'b', 'c', 'd', 'e']);
    await end('e');
    assert.ok(gate.isEmpty());
  });

  it('lets in ahead when half of its room is free', async () => {
    const { gate, end } = aGate(2);
    for (const batch of ['a', 'b']) gate.add(batch);
    for (const batch of ['a', 'b']) await end(batch);
    assert.equal(gate.capacity(), 8);
    for (const batch of ['c', 'd', 'e', 'f', 'g']) gate.add(batch);
    assert.equal(gate.capacity(), 0, 'three places alone are not worth a claim');
    await end('c');
    assert.equal(gate.capacity(), 4);
  });

  it('has none for one that takes its time', async () => {
    const { gate, end, pass } = aGate(1);
    gate.add('a');
    pass(200);
    await end('a');
    assert.equal(gate.capacity(), 1);
  });

  it('gives back what waits when a call shows that the remote system is not well', async () => {
    const { gate, calls, given, end } = aGate(1);
    gate.add('a');
    await end('a');
    gate.add('b');
    gate.add('c');
    await end('b', false);
    assert.deepEqual([calls(), given, gate.capacity()], [['a', 'b'], ['c'], 1]);
  });

  it('gives back what has waited so long that it may be stale', async () => {
    const { gate, calls, given, end, pass } = aGate(1);
    gate.add('a');
    await end('a');
    gate.add('b');
    gate.add('c');
    pass(1000);
    await end('b');
    assert.deepEqual([calls(), given, gate.isEmpty()], [['a', 'b'], ['c'], true]);
  });

  it('is closed once the calls under way have ended, and then gives back whatever comes', async () => {
    const { gate, calls, given, end } = aGate(1);
    gate.add('a');
    await end('a');
    gate.add('b');
    gate.add('c');
    let isClosed = false;
    const closing = gate.close().then(() => (isClosed = true));
    await turn();
    assert.deepEqual([given, isClosed], [['c'], false]);
    await end('b');
    await closing;
    gate.add('d');
    await gate.close();
    assert.deepEqual(
      [calls(), given],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    );
  });
});
