import { setTimeout as sleep } from 'node:timers/promises';
import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { baseLinker, type Parameters } from '../../connector/baselinker/check/client.ts';
import { KEY, type RelayHarness } from './relay-harness.ts';
import { withConnection } from './fast-forward.ts';
import { Violation } from './violation.ts';

/** Shop statuses whose meaning says plainly what the remote system must be told; see scripts/seed/dictionaries.ts. */
export const STATUS = { new: 1, paid: 2, completed: 8, cancelled: 9 } as const;
export type StatusName = keyof typeof STATUS;

const WORD: Readonly<Record<StatusName, string>> = {
  new: 'Placed',
  paid: 'Paid',
  completed: 'Completed',
  cancelled: 'Canceled',
};

/** One order and the states it has had, each told apart by its total and status. */
export interface KnownOrder {
  readonly id: string;
  readonly writer: 'baselinker' | 'shop';
  /** By which its writer finds it again. */
  readonly reference: string;
  readonly states: string[];
  status: StatusName;
  /** In hundredths; it grows with every amendment, so that older contents are told from newer ones. */
  deliveryPrice: number;
}

const LINE = { name: 'Kubek', price: 2490, quantity: 2 };
const ANSWER_WITHIN_MS = 30_000;

/** Two programs that write orders into one shop, and go on asking until they know that it is done. */
export interface Writers {
  readonly orders: readonly KnownOrder[];
  place(writer: KnownOrder['writer']): Promise<KnownOrder>;
  /** Another delivery price, and so another total. */
  amend(order: KnownOrder): Promise<void>;
  /** Undoes the last amendment. */
  takeBack(order: KnownOrder): Promise<void>;
  changeStatus(order: KnownOrder, status: StatusName): Promise<void>;
}

export function openWriters(harness: RelayHarness): Writers {
  const orders: KnownOrder[] = [];
  const call = (action: string, parameters: Parameters, isDone: (reply: Reply) => boolean): Promise<Reply> =>
    untilDone(`${action} ${JSON.stringify(parameters)}`, async () => {
      const answer = await baseLinker({ url: harness.url, key: KEY, timeoutMs: 5000 }).call(action, parameters);
      const reply = answer.kind === 'answered' ? (JSON.parse(answer.text) as Reply) : { lost: answer.reason };
      return isDone(reply) ? { done: reply } : { not: JSON.stringify(reply) };
    });
  const sql = (text: string, values: readonly (string | number)[]): Promise<ResultSetHeader> =>
    untilDone(text, () =>
      withConnection(harness.databaseUrl, async (connection) => {
        const [result] = await connection.query<ResultSetHeader>(text, [...values]);
        return { done: result };
      }),
    );

  const addThroughProtocol = async (order: Omit<KnownOrder, 'id'>): Promise<string> => {
    const reply = await call('OrderAdd', addFields(order), ({ order_id }) => Number(order_id) > 0);
    return String(reply['order_id']);
  };
  /** One statement for the head, found again by its transaction when the answer was lost, and one for the line. */
  const addBySql = async ({ reference, status, deliveryPrice }: Omit<KnownOrder, 'id'>): Promise<string> =>
    untilDone(`insert ${reference}`, () =>
      withConnection(harness.databaseUrl, async (connection) => {
        await connection.beginTransaction();
        const [[first]] = await connection.query<RowDataPacket[]>(
          'SELECT id FROM shop_orders WHERE transaction_id = ?',
          [reference],
        );
        if (first) return { done: String(first['id']) };
        const [{ insertId }] = await connection.query<ResultSetHeader>(
          `INSERT INTO shop_orders (status_id, email, delivery_price, total, user_comments, admin_comments, transaction_id)
           VALUES (?, 'ala@example.test', ?, ?, '', '', ?)`,
          [STATUS[status], amount(deliveryPrice), amount(totalOf(deliveryPrice)), reference],
        );
        await connection.query(
          `INSERT INTO shop_order_lines (order_id, product_id, name, quantity, price, vat_rate)
           VALUES (?, (SELECT MIN(id) FROM shop_products), ?, ?, ?, 23)`,
          [insertId, LINE.name, LINE.quantity, amount(LINE.price)],
        );
        await connection.commit();
        return { done: String(insertId) };
      }),
    );

  const charge = async (order: KnownOrder, deliveryPrice: number): Promise<void> => {
    order.deliveryPrice = deliveryPrice;
    order.states.push(stateOf(order));
    if (order.writer === 'baselinker') await addThroughProtocol(order);
    else {
      const set = [amount(deliveryPrice), amount(totalOf(deliveryPrice)), order.id];
      await sql('UPDATE shop_orders SET delivery_price = ?, total = ? WHERE id = ?', set);
    }
  };

  return {
    orders,
    async place(writer) {
      const number = orders.length + 1;
      const reference = writer === 'baselinker' ? String(70_000_000 + number) : `shop-${number}`;
      const fresh = { writer, reference, status: 'new', deliveryPrice: 100, states: [] as string[] } as const;
      fresh.states.push(stateOf(fresh));
      const id = await (writer === 'baselinker' ? addThroughProtocol(fresh) : addBySql(fresh));
      const order = { ...fresh, id };
      orders.push(order);
      return order;
    },
    amend: (order) => charge(order, order.deliveryPrice + 1),
    takeBack: (order) => charge(order, order.deliveryPrice - 1),
    async changeStatus(order, status) {
      order.status = status;
      order.states.push(stateOf(order));
      if (order.writer === 'baselinker') {
        const fields = { orders_ids: order.id, update_type: 'status', update_value: STATUS[status] };
        await call('OrderUpdate', fields, ({ counter }) => counter === 1);
      } else await sql('UPDATE shop_orders SET status_id = ? WHERE id = ?', [STATUS[status], order.id]);
    },
  };
}

/** What is new, what changes in its content, and what changes in its status alone, by both programs. */
export async function changeMuch(writers: Writers): Promise<void> {
  const { orders } = writers;
  await Promise.all(
    (['baselinker', 'shop'] as const).map(async (writer) => {
      const [oldest] = orders.filter((order) => order.writer === writer && order.status === 'new');
      if (oldest) await writers.changeStatus(oldest, 'paid');
      const fresh = await writers.place(writer);
      await writers.amend(fresh);
      if (oldest) await writers.changeStatus(oldest, orders.length % 4 === 0 ? 'cancelled' : 'completed');
    }),
  );
}

type Reply = Readonly<Record<string, unknown>>;

const totalOf = (deliveryPrice: number): number => LINE.price * LINE.quantity + deliveryPrice;

const amount = (hundredths: number): string => (hundredths / 100).toFixed(2);

/** As the remote system shows it, when it has it. */
export function stateOf({ deliveryPrice, status }: Pick<KnownOrder, 'deliveryPrice' | 'status'>): string {
  return `${amount(totalOf(deliveryPrice))} ${WORD[status]}`;
}

function addFields({ reference, status, deliveryPrice }: Omit<KnownOrder, 'id'>): Parameters {
  const product = { id: '1', variant_id: '0', name: LINE.name, price: amount(LINE.price), quantity: LINE.quantity };
  return {
    baselinker_id: reference,
    status_id: STATUS[status],
    delivery_fullname: 'Ala Kowalska',
    delivery_country_code: 'PL',
    email: 'ala@example.test',
    currency: 'PLN',
    delivery_price: amount(deliveryPrice),
    change_products_quantity: 0,
    products: JSON.stringify([product]),
  };
}

/** Whoever writes does not know what is broken just now: it tries until it is done. */
async function untilDone<T>(
  what: string,
  attempt: () => Promise<{ readonly done: T } | { readonly not: string }>,
): Promise<T> {
  const deadline = performance.now() + ANSWER_WITHIN_MS;
  for (;;) {
    const result = await attempt().catch((error: unknown) => ({ not: String(error) }));
    if ('done' in result) return result.done;
    if (performance.now() > deadline) throw new Violation(`not done in time: ${what}: ${result.not}`);
    await sleep(50);
  }
}
