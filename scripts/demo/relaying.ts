import { counter } from '../../connector/baselinker/check/response-schemas.ts';
import { counted } from '../../connector/baselinker/check/text-layout.ts';
import type { SimulatorState } from '../../simulators/expertsender/control.ts';
import { entryNamed, type Step } from './step.ts';

/** The day's order, as ExpertSender has it. */
const orderIn = (state: SimulatorState | undefined, id: string): SimulatorState['orders'][string] | undefined =>
  state?.orders[id];

/** So many calls in a row fail: fewer than make the connector leave a remote system alone for longer. */
const FAILING_CALLS = 2;

export const arrival: Step = {
  title: 'ExpertSender hears of the order, too',
  why: 'The connector tells your marketing platform by itself, so that it knows who has bought what. Here a stand-in plays its part: nothing leaves this computer.',
  async run({ client, summary, expertSender }) {
    const id = summary.marketplaceOrder;
    if (id === undefined) {
      client.conclude(false, '', 'there is no order to tell of.');
      return;
    }
    const state = await expertSender.stateWhen(({ orders }) => orders[id] !== undefined);
    const order = orderIn(state, id);
    if (order) {
      client.note(
        'ExpertSender has',
        `order ${id}: ${order.status ?? ''}, ${order.totalValue.toFixed(2)} ${order.currency ?? ''}`,
      );
      for (const { quantity, name, price } of order.products)
        client.entry(`${quantity} × ${name}, ${price.toFixed(2)} each`);
    }
    client.conclude(
      order?.status === 'Placed' && order.history.length === 1,
      'the order was sent to your shop twice, and told to ExpertSender once.',
      `ExpertSender was told ${counted(order?.history.length ?? 0, 'time')} of order ${id}.`,
    );
    // For the next step: what happens there is to find nobody at home.
    await expertSender.misbehave({ fault: { kind: 'unavailable', retryAfter: 1 }, times: FAILING_CALLS });
    client.note('Meanwhile', 'ExpertSender is down for a moment: it answers "503, come back in a second".');
  },
};

export const following: Step = {
  title: 'ExpertSender is back, and catches up',
  why: 'While it was down, your order was paid and sent. Nobody has waited for ExpertSender, and nothing is forgotten.',
  async run({ client, summary, expertSender }) {
    const id = summary.marketplaceOrder;
    const completed = entryNamed(summary.lists.get('StatusesList'), /zrealizowan/i);
    if (id === undefined || !completed) {
      client.conclude(false, '', 'there is no order to follow, or no status that is called "Zrealizowane".');
      return;
    }
    const down = await expertSender.stateWhen(({ unavailable }) => unavailable > 0);
    client.note('While it was down', `it was called ${counted(down?.unavailable ?? 0, 'time')}, in vain`);
    await expertSender.behave();
    const paid = orderIn(await expertSender.stateWhen((state) => orderIn(state, id)?.status === 'Paid'), id);
    client.note('Now it has', `order ${id}: ${paid?.status ?? 'not as it stands'}`);
    await client.ask({
      by: 'sends',
      words: `The parcel has arrived: order ${id} is now "${completed[1]}".`,
      action: 'OrderUpdate',
      parameters: { orders_ids: id, update_type: 'status', update_value: completed[0] },
      schema: counter,
      tell: ({ counter: orders }) => ({ says: orders === 1 ? 'noted' : `${orders} orders were found` }),
    });
    const state = await expertSender.stateWhen((state) => orderIn(state, id)?.status === 'Completed');
    const history = orderIn(state, id)?.history ?? [];
    const words = history.map(({ status }) => status ?? 'no status');
    client.note('Now it has', `order ${id}: ${words.at(-1) ?? 'not as it stands'}`);
    client.conclude(
      (down?.unavailable ?? 0) > 0 && words.join() === 'Placed,Paid,Completed' && state?.complaints.length === 0,
      `ExpertSender has followed the order: ${words.join(', then ')}; each once, in spite of its bad moment.`,
      `ExpertSender was told: ${words.join(', ')}. ${state?.complaints.join('; ') ?? ''}`,
    );
    summary.relayed.push(`order ${id} is there and ${words.at(-1)?.toLowerCase() ?? 'not told'}`);
  },
};
