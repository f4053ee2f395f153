import { setTimeout as sleep } from 'node:timers/promises';
import { counter, ordersGet, type Order } from '../../connector/baselinker/check/response-schemas.ts';
import { validate } from '../../connector/baselinker/check/validate-response.ts';
import { suppliedForSale } from './sellable-variants.ts';
import { readBack } from './read-back.ts';
import { buyersOrder, parcelOf, sendOrder, shownLine } from './selling.ts';
import { entryNamed, type Scenario, type Step, type Variant } from './step.ts';

const NEWS_MS = 30_000; // usually less than seven seconds; a busy machine takes longer
const UNITS = 2;

export const wholesale: Step = {
  title: 'Somebody buys what lies at your wholesaler',
  why: 'Every tenth article of this shop is sent by a wholesaler, whose own shop runs on IdoSell. The connector orders it there by itself, for your buyer, as soon as the buyer has paid. Here too a stand-in plays the part.',
  async run(scenario) {
    const { client, summary, expertSender, wholesaler } = scenario;
    const [details] = suppliedForSale(scenario);
    if (!details) {
      client.conclude(false, '', 'nothing on the first page is supplied by the wholesaler');
      return;
    }
    const line = { variant: details, pieces: UNITS };
    const words = `A second order: ${shownLine(line)}, by courier. It is not paid yet.`;
    const id = await sendOrder(scenario, words, buyersOrder(scenario, [line], { at: scenario.now(), to: 'door' }));
    if (id === undefined) return;
    summary.suppliedOrder = { id, variant: details };
    // Whoever is told of every order has heard of it, so the wholesaler would have, too.
    await expertSender.stateWhen(({ orders }) => orders[id] !== undefined);
    const before = await wholesaler.state();
    client.note(
      'The wholesaler has',
      before.orders.length === 0 ? 'no order yet: it waits for the payment' : 'an order',
    );
    await client.ask({
      by: 'sends',
      words: `Order ${id} is paid.`,
      action: 'OrderUpdate',
      parameters: { orders_ids: id, update_type: 'paid', update_value: '1' },
      schema: counter,
      tell: ({ counter: orders }) => ({ says: orders === 1 ? 'noted' : `${orders} orders were found` }),
    });
    const after = await wholesaler.stateWhen(({ orders }) => orders.length > 0);
    const [order] = after?.orders ?? [];
    if (order) {
      client.note('The wholesaler has', `order ${order.orderId}, your number ${order.reference}`);
      client.entry(`${UNITS} × ${order.lines[0]?.code ?? 'nothing'}, ${left(after, details) ?? 'none'} are left there`);
      const { firstName = '', lastName = '', street = '', zipCode = '', city = '' } = order.address;
      client.entry(`to ${firstName} ${lastName}, ${street}, ${zipCode} ${city}`);
      client.entry(`to be paid by ${order.payer['firm'] ?? 'nobody'}`);
    }
    client.conclude(
      before.orders.length === 0 && after?.orders.length === 1 && isRight(order, details) && !after.complaints.length,
      `the wholesaler has order ${id} once, with your buyer's address and your own for the invoice.`,
      `order ${id} is not at the wholesaler as it should be. ${after?.complaints.join('; ') ?? ''}`,
    );
  },
};

type SupplierOrder = Awaited<ReturnType<Scenario['wholesaler']['state']>>['orders'][number];

function left(state: Awaited<ReturnType<Scenario['wholesaler']['state']>> | undefined, { sku }: Variant) {
  return state?.stock.find(({ codes }) => codes['internal'] === sku)?.stock;
}

function isRight(order: SupplierOrder | undefined, { sku }: Variant): boolean {
  const [line, ...others] = order?.lines ?? [];
  return line?.code === sku && line.quantity === String(UNITS) && others.length === 0;
}

export const parcel: Step = {
  title: 'The wholesaler sends it, and says so',
  why: 'Its shop notifies yours. Anybody could do that, so the connector asks back before it believes it, and writes the parcel number into your order.',
  async run(scenario) {
    const { client, summary, wholesaler, expertSender, now } = scenario;
    const shipped = entryNamed(summary.lists.get('StatusesList'), /wysłan/i);
    const [order] = (await wholesaler.state()).orders;
    if (!summary.suppliedOrder || !order || !shipped) {
      client.conclude(false, '', 'there is no order to send, or no status that is called "Wysłane".');
      return;
    }
    const { id } = summary.suppliedOrder;
    const number = `DEMO${Math.floor(now().getTime() / 1000)}`;
    const answered = await wholesaler.dispatch(order.orderId, number);
    client.note('The wholesaler', `gives the parcel to its courier, with the number ${number}`);
    client.note('and notifies you', `your shop answers ${answered ?? 'nothing'}`);
    await untilKnown(scenario, id, number);
    const found = await readBack(scenario, id, shipped, linkOf);
    const state = await expertSender.stateWhen(({ orders }) => orders[id]?.status === 'Paid');
    const told = (state?.orders[id]?.history ?? []).map(({ status }) => status ?? 'no status');
    client.note('ExpertSender has', `order ${id}: ${told.join(', then ')}; it has no word of its own for "sent"`);
    client.conclude(
      answered === 200 &&
        found?.status_id === shipped[0] &&
        parcelOf(found) === number &&
        told.join() === 'Placed,Paid',
      `order ${id} went from your buyer to the wholesaler and back, and nobody has typed anything.`,
      `order ${id} is not as the wholesaler left it, or ExpertSender was told something else.`,
    );
    summary.written.push(`order ${id} is on its way from the wholesaler`);
  },
};

/** The notification is looked at within a second, and the wholesaler is asked within five. */
async function untilKnown({ client }: Scenario, id: string, number: string): Promise<void> {
  const deadline = performance.now() + NEWS_MS;
  while (performance.now() < deadline) {
    const verdict = validate(await client.baseLinker.call('OrdersGet', { order_id: id }), ordersGet);
    const order = verdict.conforms ? verdict.value.rows.get(id) : undefined;
    if (order && parcelOf(order) === number) return;
    await sleep(100);
  }
}

function linkOf(order: Order) {
  const link: unknown = order['tracking_url'];
  return { entries: [typeof link === 'string' ? link : 'no link'] };
}
