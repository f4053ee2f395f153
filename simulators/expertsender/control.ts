import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { Trouble } from './faults.ts';
import { openLine, type Line } from '../line.ts';
import type { ExpertSender } from './server.ts';
import { readJson } from '../body.ts';

/**
 * A second address, for whoever has started the simulator as a process of its own: GET /state and POST /misbehave,
 * /behave, /down, /up. Only on the loopback, and only for tests and demonstrations.
 */
export function openControl(party: ExpertSender, port: number): Promise<Line> {
  return openLine(port, async (req, res) => {
    const [status, body] = await obey(party, req);
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

async function obey(party: ExpertSender, req: IncomingMessage): Promise<[status: number, body: unknown]> {
  switch (`${req.method} ${req.url}`) {
    case 'GET /state':
      return [200, stateOf(party)];
    case 'POST /misbehave': {
      const { success, data, error } = Trouble.safeParse(await readJson(req));
      if (!success) return [400, { error: z.prettifyError(error) }];
      party.misbehave(data);
      break;
    }
    case 'POST /behave':
      party.behave();
      break;
    case 'POST /down':
      await party.down();
      break;
    case 'POST /up':
      await party.up();
      break;
    default:
      return [404, { error: 'GET /state, POST /misbehave, /behave, /down or /up' }];
  }
  return [200, {}];
}

/** What happened here so far. */
export const PartyState = z.object({
  requests: z.number(),
  /** Answered with 503. */
  unavailable: z.number(),
  doubles: z.number(),
  complaints: z.array(z.string()),
  unknownFields: z.array(z.string()),
  orders: z.record(
    z.string(),
    z.object({
      status: z.string().optional(),
      totalValue: z.number(),
      currency: z.string().nullish(),
      email: z.string().nullish(),
      products: z.array(z.object({ id: z.string(), name: z.string(), quantity: z.number(), price: z.number() })),
      history: z.array(z.object({ by: z.string(), status: z.string().optional(), isDouble: z.boolean() })),
    }),
  ),
});

export type PartyState = z.output<typeof PartyState>;

export function stateOf({ requests, store, complaints, unknownFields }: ExpertSender): PartyState {
  return {
    requests: requests.length,
    unavailable: requests.filter(({ status }) => status === 503).length,
    doubles: store.doubles.length,
    complaints: [...complaints],
    unknownFields: [...unknownFields],
    orders: Object.fromEntries(
      [...store.orders].map(([id, { order, status }]) => [
        id,
        {
          status,
          totalValue: order.totalValue,
          currency: order.currency,
          email: order.customer.email,
          products: order.products.map(({ id, name, quantity, price }) => ({ id, name, quantity, price })),
          history: store.history(id).map(({ by, status, isDouble }) => ({ by, status, isDouble })),
        },
      ]),
    ),
  };
}
