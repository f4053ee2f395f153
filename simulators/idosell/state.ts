import { z } from 'zod';
import { writeAmount } from './amount.ts';
import type { BasketLine } from './baskets.ts';
import type { Order } from './orders.ts';
import type { IdoSell } from './server.ts';

const Line = z.object({ code: z.string(), codeType: z.string(), quantity: z.string(), by: z.string() });

/** What happened here so far; no key of anybody is in it. */
export const SimulatorState = z.object({
  requests: z.number(),
  byOperation: z.record(z.string(), z.number()),
  unanswered: z.number(),
  mostAtOnce: z.number(),
  complaints: z.array(z.string()),
  unknownFields: z.array(z.string()),
  sessions: z.number(),
  stock: z.array(z.object({ codes: z.record(z.string(), z.string()), name: z.string(), stock: z.string() })),
  /** By login, or by the number of the session whose basket it is. */
  baskets: z.record(z.string(), z.array(Line)),
  /** References under which more than one order was placed. */
  doubles: z.array(z.string()),
  orders: z.array(
    z.object({
      orderId: z.string(),
      serialNumber: z.string(),
      reference: z.string(),
      placedAt: z.string(),
      status: z.string(),
      coarse: z.string(),
      courierId: z.string(),
      pickupPointId: z.string(),
      paymentType: z.string(),
      cashOnDeliveryAmount: z.string(),
      total: z.string(),
      note: z.string(),
      address: z.record(z.string(), z.string()),
      payer: z.record(z.string(), z.string()),
      lines: z.array(Line),
      packages: z.array(z.record(z.string(), z.string())),
    }),
  ),
  webhookCalls: z.array(
    z.object({ orderId: z.string(), form: z.string(), status: z.number().optional(), text: z.string() }),
  ),
});

export type SimulatorState = z.output<typeof SimulatorState>;

export function stateOf(simulator: IdoSell): SimulatorState {
  const { requests, shop, complaints, unknownFields, webhookCalls } = simulator;
  const { stock, baskets, orders, accounts } = shop;
  return {
    requests: requests.length,
    byOperation: counted(requests.map(({ operation }) => operation ?? 'none')),
    unanswered: requests.filter(({ isAnswered }) => !isAnswered).length,
    mostAtOnce: simulator.mostAtOnce(),
    complaints: [...complaints],
    unknownFields: [...unknownFields],
    sessions: accounts.sessions.length,
    stock: stock.products.map(({ codes, name, stock: left }) => ({
      ...{ codes: Object.fromEntries(codes), name, stock: writeAmount(left) },
    })),
    baskets: Object.fromEntries(
      Array.from(baskets.all, ([key, { lines }], index) => [
        shop.profile.basketScope === 'account' ? key : `session ${index + 1}`,
        lines.map(lineState),
      ]),
    ),
    doubles: Array.from(orders.byReference).flatMap(([reference, placed]) => (placed.length > 1 ? [reference] : [])),
    orders: orders.all.map(orderState),
    webhookCalls: webhookCalls.map(({ orderId, form, status, text }) => ({
      ...{ orderId, form, text },
      ...(status === undefined ? {} : { status }),
    })),
  };
}

function orderState(order: Order): SimulatorState['orders'][number] {
  const { orderId, serialNumber, reference, placedAt, status, coarse, address, payer, lines, packages } = order;
  const { courierId, pickupPointId, paymentType, cashOnDeliveryAmount, total, note } = order;
  return {
    ...{ orderId, serialNumber, reference, placedAt: placedAt.toISOString(), status, coarse },
    ...{ courierId, pickupPointId, paymentType, cashOnDeliveryAmount, total: writeAmount(total), note },
    ...{ address: { ...address }, payer: { ...payer }, lines: lines.map(lineState) },
    packages: packages.map((one) => ({ ...one })),
  };
}

const lineState = ({ code, codeType, quantity, by }: BasketLine) => ({
  ...{ code, codeType, quantity: writeAmount(quantity), by: by === 'storefront' ? by : `request ${by}` },
});

function counted(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
