import { counter, type Order } from '../../connector/baselinker/check/response-schemas.ts';
import type { Parameters } from '../../connector/baselinker/check/client.ts';
import { readBack } from './read-back.ts';
import { parcelOf } from './selling.ts';
import { entryNamed, type Step } from './step.ts';

export const sending: Step = {
  title: 'The order is paid, packed and sent',
  why: 'You do this in BaseLinker, and BaseLinker tells your shop. Here too it may say a thing twice.',
  async run(scenario) {
    const { client, summary, now } = scenario;
    const id = summary.marketplaceOrder;
    const shipped = entryNamed(summary.lists.get('StatusesList'), /wysłan/i);
    if (id === undefined || !shipped) {
      client.conclude(false, '', 'there is no order to send, or no status that is called "Wysłane".');
      return;
    }
    const update = (words: string, type: string, value: string, more: Parameters = {}): Promise<unknown> =>
      client.ask({
        by: 'sends',
        words,
        action: 'OrderUpdate',
        parameters: { orders_ids: id, update_type: type, update_value: value, ...more },
        schema: counter,
        tell: ({ counter: orders }) => ({ says: orders === 1 ? 'noted' : `${orders} orders were found` }),
      });
    const parcel = `6200${Math.floor(now().getTime() / 1000)}`.padEnd(24, '0');
    const sent = (words: string): Promise<unknown> =>
      update(words, 'delivery_number', parcel, { delivery_method_name: 'InPost' });
    await update(`Order ${id} is paid.`, 'paid', '1');
    await update(`Order ${id} is now "${shipped[1]}".`, 'status', shipped[0]);
    await sent(`Its parcel has the number ${parcel}.`);
    await sent('In case you did not hear it: the parcel once more.');
    const order = await readBack(scenario, id, shipped, paidAndBought);
    client.conclude(
      order?.paid === 1 && order.status_id === shipped[0] && parcelOf(order) === parcel,
      `order ${id} is paid and sent, and your shop knows the parcel.`,
      'the order in the shop is not as BaseLinker left it.',
    );
    summary.written.push('it is paid, and its parcel number is known');
  },
};

function paidAndBought(order: Order) {
  return {
    state: order.paid === 1 ? 'paid' : 'not paid',
    entries: [
      `${order.delivery_fullname}, ${order.delivery_method} ${order.delivery_point_id}`,
      ...order.products.map(({ quantity, name, price }) => `${quantity} × ${name}, ${price} each`),
    ],
  };
}
