import { setTimeout as sleep } from 'node:timers/promises';
import { counter, ordersGet, type Order } from '../../connector/check/answers.ts';
import { judge } from '../../connector/check/verdict.ts';
import { suppliedForSale, type Article } from './articles.ts';
import { readBack } from './read-back.ts';
import { buyersOrder, parcelOf, sendOrder, shownLine } from './selling.ts';
import { entryNamed, type Day, type Step } from './step.ts';

const NEWS_MS = 30_000; // usually less than seven seconds; a busy machine takes longer
const PIECES = 2;

export const wholesale: Step = {
  title: 'Somebody buys what lies at your wholesaler',
  why: 'Every tenth article of this shop is sent by a wholesaler, whose own shop runs on IdoSell. The connector orders it there by itself, for your buyer, as soon as the buyer has paid. Here too a stand-in plays the part.',
  async run(day) {
    const { desk, tally, party, wholesaler } = day;
    const [article] = suppliedForSale(day);
    if (!article) {
      desk.conclude(false, '', 'nothing on the first page is supplied by the wholesaler');
      return;
    }
    const line = { article, pieces: PIECES };
    const words = `A second order: ${shownLine(line)}, by courier. It is not paid yet.`;
    const id = await sendOrder(day, words, buyersOrder(day, [line], { at: day.now(), to: 'door' }));
    if (id === undefined) return;
    tally.suppliedOrder = { id, article };
    // Whoever is told of every order has heard of it, so the wholesaler would have, too.
    await party.stateWhen(({ orders }) => orders[id] !== undefined);
    const before = await wholesaler.state();
    desk.note('The wholesaler has', before.orders.length === 0 ? 'no order yet: it waits for the payment' : 'an order');
    await desk.ask({
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
      desk.note('The wholesaler has', `order ${order.orderId}, your number ${order.reference}`);
      desk.entry(`${PIECES} × ${order.lines[0]?.code ?? 'nothing'}, ${left(after, article) ?? 'none'} are left there`);
      const { firstName = '', lastName = '', street = '', zipCode = '', city = '' } = order.address;
      desk.entry(`to ${firstName} ${lastName}, ${street}, ${zipCode} ${city}`);
      desk.entry(`to be paid by ${order.payer['firm'] ?? 'nobody'}`);
    }
    desk.conclude(
      before.orders.length === 0 && after?.orders.length === 1 && isRight(order, article) && !after.complaints.length,
      `the wholesaler has order ${id} once, with your buyer's address and your own for the invoice.`,
      `order ${id} is not at the wholesaler as it should be. ${after?.complaints.join('; ') ?? ''}`,
    );
  },
};

type SupplierOrder = Awaited<ReturnType<Day['wholesaler']['state']>>['orders'][number];

function left(state: Awaited<ReturnType<Day['wholesaler']['state']>> | undefined, { sku }: Article) {
  return state?.stock.find(({ codes }) => codes['internal'] === sku)?.stock;
}

function isRight(order: SupplierOrder | undefined, { sku }: Article): boolean {
  const [line, ...others] = order?.lines ?? [];
  return line?.code === sku && line.quantity === String(PIECES) && others.length === 0;
}

export const parcel: Step = {
  title: 'The wholesaler sends it, and says so',
  why: 'Its shop notifies yours. Anybody could do that, so the connector asks back before it believes it, and writes the parcel number into your order.',
  async run(day) {
    const { desk, tally, wholesaler, party, now } = day;
    const shipped = entryNamed(tally.lists.get('StatusesList'), /wysłan/i);
    const [order] = (await wholesaler.state()).orders;
    if (!tally.suppliedOrder || !order || !shipped) {
      desk.conclude(false, '', 'there is no order to send, or no status that is called "Wysłane".');
      return;
    }
    const { id } = tally.suppliedOrder;
    const number = `DEMO${Math.floor(now().getTime() / 1000)}`;
    const answered = await wholesaler.dispatch(order.orderId, number);
    desk.note('The wholesaler', `gives the parcel to its courier, with the number ${number}`);
    desk.note('and notifies you', `your shop answers ${answered ?? 'nothing'}`);
    await untilKnown(day, id, number);
    const found = await readBack(day, id, shipped, linkOf);
    const state = await party.stateWhen(({ orders }) => orders[id]?.status === 'Paid');
    const told = (state?.orders[id]?.history ?? []).map(({ status }) => status ?? 'no status');
    desk.note('ExpertSender has', `order ${id}: ${told.join(', then ')}; it has no word of its own for "sent"`);
    desk.conclude(
      answered === 200 &&
        found?.status_id === shipped[0] &&
        parcelOf(found) === number &&
        told.join() === 'Placed,Paid',
      `order ${id} went from your buyer to the wholesaler and back, and nobody has typed anything.`,
      `order ${id} is not as the wholesaler left it, or ExpertSender was told something else.`,
    );
    tally.written.push(`order ${id} is on its way from the wholesaler`);
  },
};

/** The notification is looked at within a second, and the wholesaler is asked within five. */
async function untilKnown({ desk }: Day, id: string, number: string): Promise<void> {
  const deadline = performance.now() + NEWS_MS;
  while (performance.now() < deadline) {
    const verdict = judge(await desk.baseLinker.call('OrdersGet', { order_id: id }), ordersGet);
    const order = verdict.conforms ? verdict.value.rows.get(id) : undefined;
    if (order && parcelOf(order) === number) return;
    await sleep(100);
  }
}

function linkOf(order: Order) {
  const link: unknown = order['tracking_url'];
  return { entries: [typeof link === 'string' ? link : 'no link'] };
}
