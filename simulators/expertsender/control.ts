import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { PlannedFaultSchema } from './faults.ts';
import { openServer, type RestartableServer } from '../restartable-server.ts';
import type { ExpertSender } from './server.ts';
import { readJson } from '../body.ts';

/**
 * A second address, for whoever has started the simulator as a process of its own: GET /state and POST /misbehave,
 * /behave, /down, /up. Only on the loopback, and only for tests and demonstrations.
 */
export function openControl(simulator: ExpertSender, port: number): Promise<RestartableServer> {
  return openServer(port, async (req, res) => {
    const [status, body] = await obey(simulator, req);
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

async function obey(simulator: ExpertSender, req: IncomingMessage): Promise<[status: number, body: unknown]> {
  switch (`${req.method} ${req.url}`) {
    case 'GET /state':
      return [200, stateOf(simulator)];
    case 'POST /misbehave': {
      const { success, data, error } = PlannedFaultSchema.safeParse(await readJson(req));
      if (!success) return [400, { error: z.prettifyError(error) }];
      simulator.misbehave(data);
      break;
    }
    case 'POST /behave':
      simulator.behave();
      break;
    case 'POST /down':
      await simulator.down();
      break;
    case 'POST /up':
      await simulator.up();
      break;
    default:
      return [404, { error: 'GET /state, POST /misbehave, /behave, /down or /up' }];
  }
  return [200, {}];
}

/** What happened here so far. */
export const SimulatorState = z.object({
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

export type SimulatorState = z.output<typeof SimulatorState>;

export function stateOf({ requests, store, complaints, unknownFields }: ExpertSender): SimulatorState {
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
