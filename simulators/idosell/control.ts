import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { openServer, type RestartableServer } from '../restartable-server.ts';
import { Dispatch } from './shop-setup.ts';
import type { IdoSell } from './server.ts';
import { stateOf } from './state.ts';
import { ProductInput } from './stock.ts';
import { PlannedFaultSchema } from './faults.ts';
import { Way } from './webhook.ts';
import { readJson } from '../body.ts';

/**
 * A second address, for whoever has started the simulator as a process of its own. Only on the loopback, and only for
 * tests and demonstrations.
 */
export function openControl(simulator: IdoSell, port: number): Promise<RestartableServer> {
  const commands = commandsOf(simulator);
  return openServer(port, async (req, res) => {
    const [status, body] = await obey(simulator, commands, req);
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

/** Takes what was sent, and may throw for what is wrong with it. */
type Command = (sent: unknown) => unknown;

const command =
  <Schema extends z.ZodType>(schema: Schema, run: (sent: z.output<Schema>) => unknown): Command =>
  (sent) =>
    run(schema.parse(sent));

const nothing = z.unknown();
const code = z.string();
const order = z.string();
const login = z.string().optional();
const block = z.enum(['shop', 'overdue', 'customer']).optional();

function commandsOf(simulator: IdoSell): ReadonlyMap<string, Command> {
  const own = simulator.profile.login;
  return new Map([
    ['misbehave', command(PlannedFaultSchema, (planned) => simulator.misbehave(planned))],
    ['behave', command(nothing, () => simulator.behave())],
    ['down', command(nothing, () => simulator.down())],
    ['up', command(nothing, () => simulator.up())],
    ['dispatch', command(Dispatch.extend({ order }), ({ order: id, ...how }) => simulator.dispatch(id, defined(how)))],
    ['notify', command(Way.extend({ order }), ({ order: id, ...way }) => simulator.notify(id, defined(way)))],
    [
      'status',
      command(
        z.strictObject({ order, status: z.string(), coarse: z.string().optional() }),
        ({ order: id, status, coarse }) => simulator.setStatus(id, status, coarse),
      ),
    ],
    [
      'stock',
      command(z.strictObject({ code, stock: z.string() }), (sent) => simulator.shop.stock.set(sent.code, sent.stock)),
    ],
    [
      'product',
      command(ProductInput, ({ codes, ...rest }) => simulator.shop.stock.put({ codes: defined(codes), ...rest })),
    ],
    [
      'fill-basket',
      command(z.strictObject({ code, quantity: z.string().default('1'), login }), (sent) =>
        simulator.fillBasket(sent.login ?? own, sent.code, sent.quantity),
      ),
    ],
    ['block', command(z.strictObject({ block, login }), (sent) => simulator.block(sent.login ?? own, sent.block))],
    ['end-sessions', command(nothing, () => simulator.shop.accounts.endSessions())],
    ['webhook', command(z.strictObject({ url: z.string().optional() }), ({ url }) => simulator.setWebhook(url))],
  ]);
}

/** An optional key that holds undefined, as zod gives it, is as good as none. */
const defined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    // The cast: only keys without a value are gone.
    [Key in keyof Value]: Exclude<Value[Key], undefined>;
  };

async function obey(
  simulator: IdoSell,
  commands: ReadonlyMap<string, Command>,
  req: IncomingMessage,
): Promise<[status: number, body: unknown]> {
  if (req.method === 'GET' && req.url === '/state') return [200, stateOf(simulator)];
  const found = req.method === 'POST' ? commands.get((req.url ?? '').slice(1)) : undefined;
  if (!found) return [404, { error: `GET /state, or POST ${[...commands.keys()].join(', ')}` }];
  try {
    const result: unknown = await found((await readJson(req)) ?? {});
    return [200, result ?? {}];
  } catch (error) {
    if (error instanceof z.ZodError) return [400, { error: z.prettifyError(error) }];
    // An order, a code or an address that is not there.
    if (error instanceof RangeError) return [400, { error: error.message }];
    throw error;
  }
}
