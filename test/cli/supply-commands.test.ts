import assert from 'node:assert/strict';
import { Command } from 'commander';
import { nativeShop } from '../../connector/shops/native/index.ts';
import { addSupplyCommands, type SupplyOperatorContext } from '../../connector/cli/supply-commands.ts';
import { idoSellTarget } from '../../connector/integrations/idosell/ordering/index.ts';
import { newestPart } from '../../connector/storage/supply-parts.ts';
import { added, rowOf, STATUS } from '../orders/a-shop.ts';
import { DROPSHIPPING_KEY, PASSWORD } from '../integrations/idosell/ordering/a-wholesaler.ts';
import { aSuppliedShop, supplied, type SuppliedShop } from '../supply/a-supplied-shop.ts';
import { emptyTables, testDatabase } from '../support/database.ts';

const HOUR = 3600;

describe('the operator asks about wholesalers', () => {
  let shop: SuppliedShop;
  let printed: string[] = [];
  beforeEach(async () => {
    await emptyTables();
    printed = [];
    shop = await aSuppliedShop();
  });
  afterEach(async () => {
    await shop.close();
    const everything = printed.join('\n');
    for (const secret of [PASSWORD, DROPSHIPPING_KEY]) assert.ok(!everything.includes(secret), 'a secret was printed');
  });

  async function ask(...words: readonly string[]): Promise<{ code: number; said: string[] }> {
    const said: string[] = [];
    let code = -1;
    const { db } = testDatabase();
    const { supplier, clock } = shop;
    const desk: SupplyOperatorContext = {
      ...{ db, connection: 'baselinker', wholesalers: ['hurt'], suppliers: [supplier], now: clock.now },
      shop: nativeShop(db, { currency: 'PLN', removedProductsDays: 30, now: clock.now }),
      targets: [idoSellTarget({ ...supplier, now: clock.now })],
      print: (line) => said.push(line),
      signal: new AbortController().signal,
    };
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    addSupplyCommands(program, async (work) => {
      code = await work(desk);
    });
    // exitOverride is not handed down to commands that were added before.
    for (const command of program.commands.flatMap((one) => [one, ...one.commands])) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
    }
    await program.parseAsync(['idosell', ...words], { from: 'user' });
    printed.push(...said);
    return { code, said };
  }
  const part = (orderId: string) => newestPart(testDatabase().db, 'hurt', orderId);

  it('whether something can be had, by exit code too', async () => {
    const there = await ask('stock', 'hurt', '501-uniw=10');
    assert.deepEqual(there, { code: 0, said: ['501-uniw (internal): yes, 10 there', 'All of it can be had.'] });
    const gone = await ask('stock', 'hurt', '501-uniw=11', 'NO-1:producer');
    assert.equal(gone.code, 1);
    assert.equal(gone.said.at(-1), 'Not all of it can be had.');
    await shop.simulator.down();
    const lost = await ask('stock', 'hurt', '501-uniw');
    assert.equal(lost.code, 2);
    assert.match(lost.said[0] ?? '', /It did not work \(lost\)/);
    await shop.simulator.up();
    await assert.rejects(ask('stock', 'nobody', '1'), /nobody is not switched on\. Switched on: hurt\./);
  });

  it('whether the profile fits', async () => {
    const { code, said } = await ask('test', 'hurt');
    assert.equal(code, 0);
    assert.equal(said[0], 'sklep-demo is logged in at hurt.');
    assert.match(said[1] ?? '', /^They are Hurtownia Przykładowa/);
    assert.ok(said.includes('Courier 100149: Kurier Demo'));
    shop.simulator.block('sklep-demo', 'shop');
    assert.equal((await ask('test', 'hurt')).code, 1);
  });

  it('whether a profile fits that has no list of couriers', async () => {
    await shop.close();
    await emptyTables();
    shop = await aSuppliedShop({ operations: { listCouriers: null } });
    const { code, said } = await ask('test', 'hurt');
    assert.deepEqual([code, said.at(-1)], [0, 'It has no list of couriers: they are asked for with each order.']);
  });

  it('where orders stand, and which need a person', async () => {
    assert.deepEqual((await ask('list')).said, ['Nothing is there.']);
    assert.deepEqual(await ask('list', '--wholesaler', 'nosuch'), {
      code: 1,
      said: ['Nothing is there.', 'nosuch is not switched on.'],
    });
    const id = await added(shop, supplied());
    await shop.relay();
    assert.deepEqual((await ask('list', '--order', id)).said, [
      `Order ${id} at hurt: submitted, reference ${id}/A, there sklep-demo-1 (new)`,
    ]);
    assert.deepEqual((await ask('list', '--alerts')).said, ['Nothing is there.']);
    shop.simulator.setStatus('sklep-demo-1', 'payment_waiting');
    shop.clock.pass(HOUR);
    await shop.poll();
    assert.match((await ask('list', '--alerts', '--wholesaler', 'hurt')).said[0] ?? '', /hurt tells "payment_waiting"/);
  });

  describe('and decides', () => {
    /** A person was asked whether the wholesaler has it. */
    async function unknown(at: 'received' | 'accepted'): Promise<string> {
      shop.simulator.misbehave({ fault: { kind: 'drop', at }, on: 'placeOrder', times: 1 });
      shop.simulator.misbehave({ fault: { kind: 'house', fault: 'empty' }, on: 'getOrderStatuses', times: 3 });
      const id = await added(shop, supplied());
      for (let time = 0; time < 4; time += 1) {
        await shop.relay();
        shop.clock.pass(HOUR / 6);
      }
      assert.equal((await part(id))?.state, 'unknown');
      const [said = ''] = (await ask('list', '--alerts')).said;
      assert.ok(said.includes(`connector idosell placed hurt ${id} NUMBER`), said);
      assert.ok(said.includes(`connector idosell resend hurt ${id}`), said);
      return id;
    }

    it('that it is there, and its status is asked', async () => {
      const id = await unknown('accepted');
      assert.deepEqual(await ask('placed', 'hurt', id, 'sklep-demo-1'), {
        code: 0,
        said: [`Order ${id} is sklep-demo-1 at hurt: its status is asked now.`],
      });
      await shop.relay();
      await shop.simulator.dispatch('sklep-demo-1', { numbers: ['DEMO1'], notify: false });
      assert.equal(await shop.poll(), 1);
      assert.equal(String((await rowOf(id))['status_id']), STATUS.sent);
      assert.equal((await ask('resend', 'hurt', id)).code, 1);
    });

    it('that it is not there, and it is sent again', async () => {
      const id = await unknown('received');
      assert.equal((await ask('resend', 'hurt', id)).code, 0);
      await shop.relay();
      assert.deepEqual(
        shop.simulator.shop.orders.all.map(({ reference }) => reference),
        [`${id}/A-2`],
      );
    });

    it('that it is not there, and hears of it when it was there after all', async () => {
      const id = await unknown('accepted');
      shop.simulator.misbehave({ fault: { kind: 'house', fault: 'empty' }, on: 'getOrderStatuses', times: 1 });
      await ask('resend', 'hurt', id);
      await shop.relay();
      await shop.simulator.dispatch('sklep-demo-1', { numbers: ['DEMO1'] });
      await fetch(shop.webhook, { method: 'POST', body: JSON.stringify({ reference: `${id}/A`, status: 'finished' }) });
      await shop.readNotifications();
      const { said } = await ask('list', '--alerts');
      assert.match(said.join('\n'), new RegExp(`hurt has ${id}/A after all, which was given up and sent anew`));
    });

    it('nothing about an order of which nobody is asked', async () => {
      assert.deepEqual(await ask('resend', 'hurt', '17'), { code: 1, said: ['Order 17 was never sent to hurt.'] });
      const id = await added(shop, supplied());
      await shop.relay();
      for (const words of [
        ['placed', 'hurt', id, 'x'],
        ['resend', 'hurt', id],
      ]) {
        const { code, said } = await ask(...words);
        assert.deepEqual([code, said], [1, [`Order ${id} is submitted at hurt: that is nothing to decide.`]]);
      }
      assert.equal((await ask('keep', 'hurt', '17')).said[0], 'The shop has no order 17.');
    });

    it('that a change was settled with the wholesaler', async () => {
      const id = await added(shop, supplied());
      await shop.relay();
      await added(shop, supplied({ delivery_address: 'Krótka 1' }));
      await shop.relay();
      assert.match((await ask('list', '--alerts')).said[0] ?? '', new RegExp(`connector idosell keep hurt ${id}`));
      assert.deepEqual(await ask('keep', 'hurt', id), { code: 0, said: [`Order ${id} counts as settled with hurt.`] });
      await shop.relay();
      const row = await testDatabase().db('bl_outbox').where({ order_id: id }).first<{ state: string }>('state');
      assert.equal(row.state, 'done');
      assert.equal(shop.simulator.shop.orders.all.length, 1);
    });
  });

  it('for the addresses there, and changes one', async () => {
    assert.deepEqual((await ask('addresses', 'hurt')).said, ['It keeps none.']);
    await added(shop, supplied());
    await shop.relay();
    const [line = ''] = (await ask('addresses', 'hurt')).said;
    const [number = ''] = line.split(':');
    assert.match(line, /Kim, Nowak.*Lipowa 7\/2/);
    assert.equal((await ask('address', 'hurt', number, 'street=Krótka 1=2', 'city=Kraków')).code, 0);
    assert.match((await ask('addresses', 'hurt', number)).said[0] ?? '', /Krótka 1=2.*Kraków/);
    await assert.rejects(ask('address', 'hurt', number, 'shoe=42'), /shoe is none of firstName/);
  });
});
