import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { enqueue } from '../../connector/storage/outbox.ts';
import { changeHealth } from '../../connector/storage/target-health.ts';
import { inTransaction } from '../../connector/db/transaction.ts';
import { addRelayCommands, type OperatorContext } from '../../connector/cli/relay-commands.ts';
import type { Target } from '../../connector/contracts/target.ts';
import { nativeShop } from '../../connector/shops/native/index.ts';
import { until } from '../relay/a-relay.ts';
import { KEY } from '../support/app.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { addEntry, addOrder } from '../support/shop-rows.ts';

const ROOT = join(import.meta.dirname, '../..');
const NOW = new Date('2027-01-04T09:00:00Z');
const SINCE = '2027-01-04T09:00:00.000Z';

const shelf: Target = {
  name: 'shelf',
  batchSize: 1,
  concurrency: 1,
  wants: ({ order }) => order.email !== '',
  digest: ({ order, status }) => `${order.total} ${status.id}`,
  deliver: () => Promise.reject(new Error('nobody delivers here')),
};

describe('the operator asks the relay', () => {
  const db = () => testDatabase().db;
  beforeEach(emptyTables);

  async function ask(line: string, changes: Partial<OperatorContext> = {}): Promise<{ code: number; said: string[] }> {
    const said: string[] = [];
    let code = -1;
    const desk: OperatorContext = {
      db: db(),
      shop: nativeShop(db(), { currency: 'PLN', removedProductsDays: 30, now: () => NOW }),
      targets: [shelf],
      connection: 'baselinker',
      wholesalers: [],
      now: () => NOW,
      print: (text) => said.push(text),
      signal: new AbortController().signal,
      ...changes,
    };
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    addRelayCommands(program, async (work) => {
      code = await work(desk);
    });
    // exitOverride is not handed down to commands that were added before.
    for (const command of program.commands.flatMap((one) => [one, ...one.commands])) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    await program.parseAsync(['relay', ...line.split(' ')], { from: 'user' });
    return { code, said };
  }
  const due = (orderId: string, target = 'shelf') =>
    inTransaction(db(), (unit) => enqueue(unit, [target], orderId, NOW));
  const set = (orderId: string, columns: object) => db()('bl_outbox').where({ order_id: orderId }).update(columns);
  const row = async (orderId: string) => {
    const found: Readonly<Record<string, unknown>> | undefined = await db()('bl_outbox')
      .where({ order_id: orderId, target: 'shelf' })
      .first();
    return found;
  };
  const dueOrders = async () =>
    db()('bl_outbox').where({ target: 'shelf', state: 'due' }).orderBy('id').pluck<string[]>('order_id');

  describe('for its status', () => {
    it('and is told of every target: what waits, since when, what is parked, and whether it rests', async () => {
      for (const id of ['1', '2', '3', '4']) await due(id);
      await set('2', { state: 'leased' });
      await set('3', { state: 'parked' });
      await set('4', { state: 'done', delivered_at: NOW });
      await due('5', 'attic');
      const until = new Date(NOW.getTime() + 60_000);
      await changeHealth(db(), 'shelf', NOW, () => ({ failures: 6, openUntil: until, reason: 'HTTP 503' }));
      assert.deepEqual(await ask('status'), {
        code: 0,
        said: [
          'attic (off): 1 due, 0 under way, 0 parked, 0 delivered',
          `  the oldest waits since ${SINCE}`,
          'shelf (on): 1 due, 1 under way, 1 parked, 1 delivered',
          `  the oldest waits since ${SINCE}`,
          '  nothing is sent before 2027-01-04T09:01:00.000Z: HTTP 503',
        ],
      });
    });

    it('and is told that there is nothing', async () => {
      assert.deepEqual((await ask('status')).said, ['shelf (on): 0 due, 0 under way, 0 parked, 0 delivered']);
      assert.deepEqual((await ask('status', { targets: [] })).said, ['No target is switched on, and nothing waits.']);
    });
  });

  it('for a list of what is not delivered, and why', async () => {
    await due('1');
    await due('2');
    await due('3', 'attic');
    await set('1', { state: 'parked', attempts: 1, reason: 'HTTP 400: no postcode' });
    await set('2', { attempts: 2, reason: 'HTTP 503', due_at: new Date(NOW.getTime() + 60_000) });
    const parked = `Order 1 at shelf: parked since ${SINCE}, 1 try: HTTP 400: no postcode`;
    const attic = `Order 3 at attic: due since ${SINCE}, 0 tries`;
    const waiting = `Order 2 at shelf: due since ${SINCE}, 2 tries, next at 2027-01-04T09:01:00.000Z: HTTP 503`;
    assert.deepEqual((await ask('list')).said, [parked, attic, waiting]);
    assert.deepEqual((await ask('list --state parked')).said, [parked]);
    assert.deepEqual((await ask('list --target shelf')).said, [parked, waiting]);
    const short = '… only the newest 1 that are due; --limit shows more.';
    assert.deepEqual((await ask('list --state due --limit 1')).said, [attic, short]);
    assert.deepEqual((await ask('list --state leased')).said, ['Nothing is undelivered.']);
    for (const wrong of ['--state lost', '--limit 0', '--limit x']) await assert.rejects(ask(`list ${wrong}`), wrong);
  });

  describe('to try again', () => {
    const later = new Date(NOW.getTime() + 3_600_000);
    beforeEach(async () => {
      for (const id of ['1', '2', '3', '4']) await due(id);
      await set('1', { state: 'parked', attempts: 9, reason: 'HTTP 400' });
      await set('2', { state: 'parked' });
      await set('3', { due_at: later, attempts: 5 });
      await set('4', { state: 'done' });
    });

    it('some orders', async () => {
      assert.deepEqual(await ask('retry shelf 1 3'), { code: 0, said: ['2 orders are tried again now.'] });
      for (const id of ['1', '3']) {
        const { state, due_at, attempts } = (await row(id)) ?? {};
        assert.deepEqual([state, due_at, attempts], ['due', NOW, 0]);
      }
      assert.equal((await row('2'))?.['state'], 'parked');
    });

    it('and hears which have nothing to try', async () => {
      const { code, said } = await ask('retry shelf 4 77 1');
      assert.equal(code, 1);
      assert.deepEqual(said, [
        'Order 4 neither waits nor is parked at shelf.',
        'Order 77 neither waits nor is parked at shelf.',
        'One order is tried again now.',
      ]);
    });

    it('all that are parked, and only those', async () => {
      assert.deepEqual(await ask('retry shelf --all-parked'), { code: 0, said: ['2 orders are tried again now.'] });
      assert.deepEqual((await row('3'))?.['due_at'], later);
      await assert.rejects(ask('retry shelf 1 --all-parked'), /not both/);
    });

    it('all that wait, which ends the rest of the target', async () => {
      await changeHealth(db(), 'shelf', NOW, () => ({ failures: 6, openUntil: later, reason: 'key not valid' }));
      assert.deepEqual((await ask('retry shelf')).said, ['One order is tried again now.']);
      assert.deepEqual((await row('3'))?.['due_at'], NOW);
      assert.equal(
        (await ask('status')).said.some((line) => line.includes('key not valid')),
        false,
      );
    });

    it('at a target that is not switched on, and is warned', async () => {
      const { code, said } = await ask('retry shelf 1', { targets: [] });
      assert.deepEqual([code, said.at(-1)], [0, 'shelf is not switched on: nobody delivers to it.']);
    });

    it('at a target that there is not, and hears that nothing was done', async () => {
      for (const line of ['retry shlef', 'retry shlef 1', 'retry shlef --all-parked']) {
        const { code, said } = await ask(line);
        assert.deepEqual([code, said.at(-1)], [1, 'shlef is not switched on: nobody delivers to it.'], line);
      }
    });
  });

  it('to send orders again that were delivered', async () => {
    const [known, busy] = [await addOrder(), await addOrder()];
    await due(known);
    await due(busy);
    await set(known, { state: 'done', memo: '24.90 1' });
    await set(busy, { state: 'leased', leased_version: 1, memo: '24.90 1' });
    assert.deepEqual(await ask(`replay shelf ${known} ${busy} 999`), {
      code: 1,
      said: [
        `Order ${known}: is sent to shelf again.`,
        `Order ${busy}: a delivery is under way; repeat this when it has ended.`,
        'Order 999: the shop has no such order.',
      ],
    });
    const { state, memo: digest } = (await row(known)) ?? {};
    assert.deepEqual([state, digest], ['due', '']);
    assert.equal((await row(busy))?.['memo'], '24.90 1');
    assert.equal((await ask(`replay shelf ${await addOrder()}`)).code, 0);
    // A row for a target that there is not would wait, and sound the alarm, for ever.
    await assert.rejects(ask(`replay shlef ${known}`), /shlef is not switched on. Switched on: shelf\./);
    assert.deepEqual(await db()('bl_outbox').where({ target: 'shlef' }), []);
  });

  it('to compare all orders with what the target knows', async () => {
    const placed = (day: number, email = 'ala@example.test') =>
      addOrder({ email, created_at: new Date(`2026-06-0${day}T12:00:00Z`) });
    const [same, changed, fresh, unwanted] = [await placed(1), await placed(2), await placed(3), await placed(4, '')];
    for (const id of [same, changed]) {
      await due(id);
      await set(id, { state: 'done', memo: '24.90 1' });
    }
    await db()('shop_orders').where({ id: changed }).update({ status_id: 2 });
    assert.deepEqual(await ask('resync shelf --since 2026-06-03'), {
      code: 0,
      said: ['2 of 2 orders looked at, 1 to send', 'The resync is done: 1 of 2 orders are sent to shelf.'],
    });
    assert.deepEqual(await dueOrders(), [fresh]);
    assert.equal((await ask('resync shelf')).said.at(-1), 'The resync is done: 1 of 4 orders are sent to shelf.');
    assert.deepEqual(await dueOrders(), [changed, fresh]);
    assert.equal(await row(unwanted), undefined);
    assert.equal((await ask('resync shelf')).said.at(-1), 'The resync is done: 0 of 4 orders are sent to shelf.');
    await assert.rejects(ask('resync attic'), /attic is not switched on. Switched on: shelf\./);
    await assert.rejects(ask('resync shelf --since yesterday'));
  });

  describe('to send the orders of a past period', () => {
    const ids: string[] = [];
    beforeEach(async () => {
      ids.length = 0;
      const plain = { status_id: 1, email: 'ala@example.test', user_comments: '', admin_comments: '', total: '24.90' };
      const rows = Array.from({ length: 350 }, (_, n) => ({
        ...plain,
        created_at: new Date(Date.UTC(2026, 0, 1) + n * 3_600_000),
      }));
      const [first = 0] = await db()<object>('shop_orders').insert(rows);
      ids.push(...rows.map((_, n) => String(first + n)));
    });
    const PERIOD = 'backfill shelf --since 2026-01-01';
    const broken = { signal: AbortSignal.abort() };

    it('oldest first, in steps, each with its progress', async () => {
      const { code, said } = await ask(PERIOD);
      assert.deepEqual(
        [code, said],
        [
          0,
          [
            '100 of 350 orders looked at, 100 to send',
            '200 of 350 orders looked at, 200 to send',
            '300 of 350 orders looked at, 300 to send',
            '350 of 350 orders looked at, 350 to send',
            'The backfill is done: 350 of 350 orders are sent to shelf.',
          ],
        ],
      );
      assert.deepEqual(await dueOrders(), ids);
    });

    it('and nothing twice, when it is asked for again', async () => {
      await ask(PERIOD);
      await db()('bl_outbox').update({ state: 'done', memo: '24.90 1' });
      assert.equal((await ask(PERIOD)).said.at(-1), 'The backfill is done: 0 of 350 orders are sent to shelf.');
      assert.deepEqual(await dueOrders(), []);
    });

    it('up to a day, that day included', async () => {
      await assert.rejects(ask('backfill shelf --since 2026-01-03 --until 2026-01-01'), /--until lies before --since/);
      await ask('backfill shelf --since 2026-01-02 --until 2026-01-03');
      assert.deepEqual(await dueOrders(), ids.slice(24, 72));
    });

    it('and goes on behind the last step when it was broken off, up to the same end', async () => {
      const first = await ask(PERIOD, broken);
      assert.equal(first.code, 130);
      assert.equal(first.said.at(-1), `Broken off behind order ${ids[99]}. What was enqueued stays so.`);
      assert.equal((await dueOrders()).length, 100);
      await db()('bl_outbox').update({ state: 'done', memo: 'another' });
      await db()('shop_orders').insert({
        status_id: 1,
        user_comments: '',
        admin_comments: '',
        created_at: '2027-02-01',
      });
      const second = await ask(PERIOD, { now: () => new Date('2027-03-01T00:00:00Z') });
      assert.deepEqual([second.code, second.said[0]], [0, `Going on behind order ${ids[99]}.`]);
      assert.equal(second.said.at(-1), 'The backfill is done: 250 of 250 orders are sent to shelf.');
      assert.deepEqual(await dueOrders(), ids.slice(100));
    });

    it('and begins anew for another period', async () => {
      await ask(PERIOD, broken);
      const { said } = await ask('backfill shelf --since 2026-01-02');
      assert.equal(said.at(-1), 'The backfill is done: 250 of 326 orders are sent to shelf.');
    });

    it('once, when two operators ask at the same moment', async () => {
      const both = await Promise.allSettled([ask(PERIOD), ask(PERIOD)]);
      const [refused, done] = [
        both.find((one) => one.status === 'rejected'),
        both.find((one) => one.status === 'fulfilled'),
      ];
      assert.match(String(refused?.reason), /another backfill of this target is running/);
      assert.equal(done?.value.code, 0);
      const versions = await db()('bl_outbox').distinct('version').pluck<number[]>('version');
      assert.deepEqual([await dueOrders(), versions], [ids, [1]]);
    });
  });

  it('by the command line, and hears by the exit code whether it could be done', async () => {
    await due('1');
    await set('1', { state: 'parked', reason: 'HTTP 400' });
    const status = await run('relay', 'list');
    assert.deepEqual([status.code, status.out], [0, `Order 1 at shelf: parked since ${SINCE}, 0 tries: HTTP 400\n`]);
    const refused = await run('relay', 'resync', 'shelf');
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /shelf is not switched on\. Switched on: none\./);
  }).timeout(60_000);

  it('and breaks it off with Ctrl-C, between two steps; the same command goes on', async () => {
    await addEntry('shop_statuses', 'Nowe', { id: 1, meaning: 'new' });
    const rows = Array.from({ length: 150 }, () => ({
      ...{ status_id: 1, email: 'ala@example.test', user_comments: '', admin_comments: '', total: '24.90' },
      created_at: new Date('2026-02-01T12:00:00Z'),
    }));
    await db()<object>('shop_orders').insert(rows);
    const period = ['relay', 'backfill', 'expertsender', '--since', '2026-01-01', '--until', '2026-03-01'];
    const holding = await db().transaction();
    await holding('bl_cursors').insert({ name: 'backfill:expertsender', cursor_text: '', changed_at: NOW });
    const first = run(...period);
    // It has read its first page by then, and waits for the row that is held here.
    await until(async () => (await lockWaits()) > 0, 'the backfill to wait', 30_000);
    first.kill('SIGINT');
    await holding.rollback();
    const { code, out } = await first;
    assert.equal(code, 130, out);
    assert.match(out, /^100 of 150 orders looked at, 100 to send\nBroken off behind order \d+\. What was enqueued/);
    const again = await run(...period);
    assert.equal(again.code, 0, again.err);
    assert.match(
      again.out,
      /^Going on behind order \d+\.\n50 of 50 orders looked at, 50 to send\nThe backfill is done/,
    );
    assert.equal((await db()('bl_outbox').where({ target: 'expertsender', version: 1 })).length, 150);
  }).timeout(120_000);
});

/** Whoever asks again within 100 ms is shown the same list. */
async function lockWaits(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 150));
  const sql = "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  const [rows] = (await testDatabase().db.raw(sql)) as [unknown[]];
  return rows.length;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Promise<Ended> & { kill(signal: NodeJS.Signals): void } {
  const settings = { DATABASE_URL: testDatabase().url, BASELINKER_KEY: KEY, ...SWITCHED_ON[String(args[2])] };
  const env = { ...process.env, ...settings };
  const child = spawn(process.execPath, ['--import', 'tsx', 'connector/cli.ts', ...args], { cwd: ROOT, env });
  const heard = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (heard.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (heard.err += bytes.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...heard })));
  return Object.assign(ended, { kill: (signal: NodeJS.Signals) => void child.kill(signal) });
}

const SWITCHED_ON: Readonly<Record<string, object>> = {
  expertsender: { EXPERTSENDER_API_KEY: 'a-key', EXPERTSENDER_URL: 'http://127.0.0.1:9' },
};
