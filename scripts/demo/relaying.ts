import { counter } from '../../connector/check/answers.ts';
import { counted } from '../../connector/check/layout.ts';
import type { PartyState } from '../../simulators/expertsender/control.ts';
import { entryNamed, type Step } from './step.ts';

/** The day's order, as ExpertSender has it. */
const orderIn = (state: PartyState | undefined, id: string): PartyState['orders'][string] | undefined =>
  state?.orders[id];

/** So many calls in a row fail: fewer than make the connector leave a party alone for longer. */
const FAILING_CALLS = 2;

export const arrival: Step = {
  title: 'ExpertSender hears of the order, too',
  why: 'The connector tells your marketing platform by itself, so that it knows who has bought what. Here a stand-in plays its part: nothing leaves this computer.',
  async run({ desk, tally, party }) {
    const id = tally.marketplaceOrder;
    if (id === undefined) {
      desk.conclude(false, '', 'there is no order to tell of.');
      return;
    }
    const state = await party.stateWhen(({ orders }) => orders[id] !== undefined);
    const order = orderIn(state, id);
    if (order) {
      desk.note(
        'ExpertSender has',
        `order ${id}: ${order.status ?? ''}, ${order.totalValue.toFixed(2)} ${order.currency ?? ''}`,
      );
      for (const { quantity, name, price } of order.products)
        desk.entry(`${quantity} × ${name}, ${price.toFixed(2)} each`);
    }
    desk.conclude(
      order?.status === 'Placed' && order.history.length === 1,
      'the order was sent to your shop twice, and told to ExpertSender once.',
      `ExpertSender was told ${counted(order?.history.length ?? 0, 'time')} of order ${id}.`,
    );
    // For the next step: what happens there is to find nobody at home.
    await party.misbehave({ fault: { kind: 'unavailable', retryAfter: 1 }, times: FAILING_CALLS });
    desk.note('Meanwhile', 'ExpertSender is down for a moment: it answers "503, come back in a second".');
  },
};

export const following: Step = {
  title: 'ExpertSender is back, and catches up',
  why: 'While it was down, your order was paid and sent. Nobody has waited for ExpertSender, and nothing is forgotten.',
  async run({ desk, tally, party }) {
    const id = tally.marketplaceOrder;
    const completed = entryNamed(tally.lists.get('StatusesList'), /zrealizowan/i);
    if (id === undefined || !completed) {
      desk.conclude(false, '', 'there is no order to follow, or no status that is called "Zrealizowane".');
      return;
    }
    const down = await party.stateWhen(({ unavailable }) => unavailable > 0);
    desk.note('While it was down', `it was called ${counted(down?.unavailable ?? 0, 'time')}, in vain`);
    await party.behave();
    const paid = orderIn(await party.stateWhen((state) => orderIn(state, id)?.status === 'Paid'), id);
    desk.note('Now it has', `order ${id}: ${paid?.status ?? 'not as it stands'}`);
    await desk.ask({
      by: 'sends',
      words: `The parcel has arrived: order ${id} is now "${completed[1]}".`,
      action: 'OrderUpdate',
      parameters: { orders_ids: id, update_type: 'status', update_value: completed[0] },
      schema: counter,
      tell: ({ counter: orders }) => ({ says: orders === 1 ? 'noted' : `${orders} orders were found` }),
    });
    const state = await party.stateWhen((state) => orderIn(state, id)?.status === 'Completed');
    const history = orderIn(state, id)?.history ?? [];
    const words = history.map(({ status }) => status ?? 'no status');
    desk.note('Now it has', `order ${id}: ${words.at(-1) ?? 'not as it stands'}`);
    desk.conclude(
      (down?.unavailable ?? 0) > 0 && words.join() === 'Placed,Paid,Completed' && state?.complaints.length === 0,
      `ExpertSender has followed the order: ${words.join(', then ')}; each once, in spite of its bad moment.`,
      `ExpertSender was told: ${words.join(', ')}. ${state?.complaints.join('; ') ?? ''}`,
    );
    tally.relayed.push(`order ${id} is there and ${words.at(-1)?.toLowerCase() ?? 'not told'}`);
  },
};
