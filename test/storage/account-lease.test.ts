import assert from 'node:assert/strict';
import { accountLease } from '../../connector/storage/account-lease.ts';
import { aClock, aGate } from '../relay/a-relay.ts';
import { emptyTables, testDatabase } from '../support/database.ts';

const LEASE_MS = 90_000;

describe('an account', () => {
  beforeEach(emptyTables);

  const clock = aClock();
  const lockOf = (owner: string, name = 'account:hurt') =>
    accountLease({ db: testDatabase().db, name, owner, leaseMs: LEASE_MS, now: clock.now });
  /** Holds the account until the gate opens; resolves once it does. */
  async function holding(owner: string): Promise<{ letGo(): Promise<void> }> {
    const [begun, gate] = [aGate(), aGate()];
    const held = lockOf(owner).withLease(patience(), () => {
      begun.open();
      return gate.passed;
    });
    await begun.passed;
    return {
      async letGo() {
        gate.open();
        await held;
      },
    };
  }
  const patience = (ms = 10_000): AbortSignal => AbortSignal.timeout(ms);

  it('is worked on by one at a time, within a process and between processes', async () => {
    const [one, other] = [lockOf('one'), lockOf('other')];
    let underWay = 0;
    let max = 0;
    const work = async (): Promise<string> => {
      underWay += 1;
      max = Math.max(max, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return 'done';
    };
    const all = await Promise.all([one, other, one, other, one].map((lock) => lock.withLease(patience(), work)));
    assert.deepEqual([max, new Set(all)], [1, new Set(['done'])]);
  });

  it('is no other account’s concern', async () => {
    const held = await holding('one');
    assert.equal(await lockOf('one', 'account:other').withLease(patience(), () => Promise.resolve(1)), 1);
    await held.letGo();
  });

  it('is not had by whose timeout ends first, and the work is not begun', async () => {
    const held = await holding('one');
    const begun: string[] = [];
    const result = await lockOf('other').withLease(patience(250), () => Promise.resolve(begun.push('begun')));
    assert.deepEqual([result, begun], [undefined, []]);
    await held.letGo();
  });

  it('is free after work that failed', async () => {
    await assert.rejects(
      lockOf('one').withLease(patience(), () => Promise.reject(new Error('broken'))),
      /broken/,
    );
    assert.equal(await lockOf('other').withLease(patience(1000), () => Promise.resolve('mine')), 'mine');
  });

  it('goes to another when its holder hangs, who is told so and does not take it back from them', async () => {
    const [begun, hangs] = [aGate(), aGate()];
    const renewals: boolean[] = [];
    const late = lockOf('one').withLease(patience(), async (renew) => {
      renewals.push(await renew());
      begun.open();
      await hangs.passed;
      renewals.push(await renew());
    });
    await begun.passed;
    clock.pass(LEASE_MS / 1000);
    const held = lockOf('other').withLease(patience(), async (renew) => {
      hangs.open();
      await late;
      // Whoever came late has returned nothing but their own lease.
      assert.equal(await lockOf('third').withLease(patience(250), () => Promise.resolve('mine')), undefined);
      return renew();
    });
    assert.equal(await held, true);
    assert.deepEqual(renewals, [true, false]);
  });

  it('is kept by who renews it in time', async () => {
    const result = await lockOf('one').withLease(patience(), async (renew) => {
      for (let time = 0; time < 3; time += 1) {
        clock.pass(LEASE_MS / 1000 - 1);
        if (!(await renew())) return 'lost';
      }
      return lockOf('other').withLease(patience(150), () => Promise.resolve('taken'));
    });
    assert.equal(result, undefined);
  });
});
