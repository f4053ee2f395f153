import type { Knex } from 'knex';
import { isWrongServer } from './driver-errors.ts';

/** Takes what happens to the connections; a winston logger fits. */
interface RenewalLog {
  warn(message: string, fields?: object): unknown;
}

/** The parts of knex's client that its types leave open. */
interface KnexClient {
  acquireRawConnection(): Promise<object>;
  validateConnection(connection: object): boolean;
  runner(builder: Builder): Runner;
}

interface Builder {
  /** Set when the statement runs on a connection that somebody holds, in a unit of work for instance. */
  readonly _connection?: unknown;
}

interface Runner {
  run(): Promise<unknown>;
}

/**
 * After a failover the connections of a pool lead to a server that refuses to write, and none of them is broken. So each
 * belongs to a generation, and once one was refused, no pool hands out another of the same generation or an older one.
 */
interface Generations {
  current: number;
  /** The new ones were refused, too. Those that only read stay on that server, until somebody writes elsewhere. */
  areAllRefused: boolean;
  readonly log: RenewalLog | undefined;
}

const generations = new WeakMap<object, Generations>();

/** Called with the pool for statements that stand alone first: its statements are tried once more. */
export function renewTogether(alone: Knex, units: Knex, log?: RenewalLog): void {
  const shared: Generations = { current: 0, areAllRefused: false, log };
  for (const { client } of [alone, units] as { client: KnexClient }[]) {
    generations.set(client, shared);
    dropOlder(client, shared);
  }
  runOnceMore(alone.client as KnexClient);
}

/**
 * Does the work, and once more on new connections if it met the wrong server. The first attempt must have left nothing
 * behind; `isWorthIt` names the other errors of which that is true.
 */
export async function onceMore<T>(
  { client }: Pick<Knex, 'client'>,
  work: () => Promise<T>,
  isWorthIt: (error: unknown) => boolean = isWrongServer,
): Promise<T> {
  const shared = generations.get(client as object);
  const before = shared?.current;
  try {
    return await work();
  } catch (error) {
    if (!shared || !isWorthIt(error)) throw error;
    // Of several that are refused at the same time, one is enough.
    if (shared.current === before) {
      shared.current += 1;
      shared.log?.warn('the database refused as another server would not: its connections are renewed', { err: error });
    }
    return work().catch((again: unknown) => {
      shared.areAllRefused = isWrongServer(again);
      throw again;
    });
  }
}

/** A unit of work is not the pool, and shares its generations. */
export function renewWith(held: object, { client }: Pick<Knex, 'client'>): void {
  const shared = generations.get(client as object);
  if (shared) generations.set(held, shared);
}

/** Rows were really written: there is a server again that takes them, and whoever reads elsewhere should read there. */
export function wrote({ client }: Pick<Knex, 'client'>): void {
  const shared = generations.get(client as object);
  if (!shared?.areAllRefused) return;
  shared.areAllRefused = false;
  shared.current += 1;
}

function dropOlder(client: KnexClient, shared: Generations): void {
  const bornIn = new WeakMap<object, number>();
  const acquire = client.acquireRawConnection.bind(client);
  const validate = client.validateConnection.bind(client);
  client.acquireRawConnection = async () => {
    const generation = shared.current;
    const connection = await acquire();
    bornIn.set(connection, generation);
    return connection;
  };
  client.validateConnection = (connection) => bornIn.get(connection) === shared.current && validate(connection);
}

/** For statements of knex's builder; those on a connection that is held are their holder's to repeat. */
function runOnceMore(client: KnexClient): void {
  const runnerOf = client.runner.bind(client);
  client.runner = (builder) => {
    const first = runnerOf(builder);
    if (builder._connection !== undefined) return first;
    const runFirst = first.run.bind(first);
    let runs = 0;
    first.run = () =>
      onceMore({ client }, () => {
        runs += 1;
        return runs === 1 ? runFirst() : runnerOf(builder).run();
      });
    return first;
  };
}
