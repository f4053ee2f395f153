import type { Command } from 'commander';
import type { Knex } from 'knex';
import { unprocessedMessages } from '../storage/inbox.ts';
import { listParts } from '../storage/supply-parts.ts';
import type { BasketLine, Result } from '../integrations/idosell/client/client.ts';
import type { Wholesaler } from '../compose/wholesalers.ts';
import { decidePart, type Decision } from '../operator/decide-part.ts';
import { relayedOrders, type RelayedOrderDeps } from '../relay/feed/relayed-order.ts';
import { addressChanges, basketLine, formatAvailability, formatPart } from './supply-text.ts';
import { targetName } from '../integrations/idosell/ordering/index.ts';
import type { Target } from '../contracts/target.ts';

/** What the operator's commands about wholesalers work with. */
export interface SupplyOperatorContext extends RelayedOrderDeps {
  readonly db: Knex;
  readonly suppliers: readonly Wholesaler[];
  readonly targets: readonly Target[];
  readonly now: () => Date;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Runs a command with its context; the result is the exit code. */
export type WithSupplyOperatorContext = (work: (context: SupplyOperatorContext) => Promise<number>) => Promise<void>;

const LISTED = 50;

/** Adds `connector idosell …`; what each command is for stands in its description and in docs/idosell.md. */
export function addSupplyCommands(program: Command, withOperatorContext: WithSupplyOperatorContext): void {
  const idosell = program.command('idosell').description('orders at wholesalers, and what they have');

  idosell
    .command('stock')
    .description(
      'can this be had there now? CODE or CODE:TYPE, with =QUANTITY behind it; exit code 0 when all of it can',
    )
    .argument('<wholesaler>')
    .argument('<codes...>')
    .action((name: string, codes: readonly string[]) =>
      withOperatorContext((context) =>
        withWholesaler(context, name, (one) => stock(context, one, codes.map(basketLine))),
      ),
    );

  idosell
    .command('test')
    .description('log in, ask who they are and which couriers they have: does the profile fit?')
    .argument('<wholesaler>')
    .action((name: string) =>
      withOperatorContext((context) => withWholesaler(context, name, (one) => test(context, one))),
    );

  idosell
    .command('list')
    .description('where orders stand at the wholesalers; newest first')
    .option('--wholesaler <name>')
    .option('--order <id>')
    .option('--alerts', 'only those at which a person must look')
    .action((which: { wholesaler?: string; order?: string; alerts?: true }) =>
      withOperatorContext((context) => list(context, which)),
    );

  idosell
    .command('placed')
    .description('you have found the order there: go on with this number')
    .argument('<wholesaler>')
    .argument('<orderId>')
    .argument('<number>', 'the order number at the wholesaler, or its serial number')
    .action((name: string, orderId: string, number: string) =>
      withOperatorContext((context) =>
        withWholesaler(context, name, (one) => decide(context, one, { kind: 'placed', orderId, number })),
      ),
    );

  idosell
    .command('resend')
    .description('you have seen that the wholesaler does not have the order: send it again, under a new reference')
    .argument('<wholesaler>')
    .argument('<orderId>')
    .action((name: string, orderId: string) =>
      withOperatorContext((context) =>
        withWholesaler(context, name, (one) => decide(context, one, { kind: 'resend', orderId })),
      ),
    );

  idosell
    .command('keep')
    .description('you have settled with the wholesaler what changed in the shop: the order is as it should be')
    .argument('<wholesaler>')
    .argument('<orderId>')
    .action((name: string, orderId: string) =>
      withOperatorContext((context) => withWholesaler(context, name, (one) => keepDecision(context, one, orderId))),
    );

  idosell
    .command('addresses')
    .description('the consumers’ addresses that the wholesaler keeps')
    .argument('<wholesaler>')
    .argument('[ids...]')
    .action((name: string, ids: readonly string[]) =>
      withOperatorContext((context) => withWholesaler(context, name, (one) => addresses(context, one, ids))),
    );

  idosell
    .command('address')
    .description('change an address that the wholesaler keeps; an order that it already has may keep the old one')
    .argument('<wholesaler>')
    .argument('<id>')
    .argument('<changes...>', 'such as street="Lipowa 7/2" city=Kraków')
    .action((name: string, id: string, changes: readonly string[]) =>
      withOperatorContext((context) =>
        withWholesaler(context, name, (one) => changeAddress(context, one, id, changes)),
      ),
    );
}

async function withWholesaler(
  context: SupplyOperatorContext,
  name: string,
  work: (one: Wholesaler) => Promise<number>,
) {
  const supplier = context.suppliers.find(({ profile }) => profile.name === name);
  if (supplier) return work(supplier);
  const names = context.suppliers.map(({ profile }) => profile.name).join(', ') || 'none';
  throw new Error(`${name} is not switched on. Switched on: ${names}.`);
}

/** The account is used by one at a time: a login may end the session of whoever works with it. */
async function ask<Value>(
  context: SupplyOperatorContext,
  { account }: Wholesaler,
  question: () => Promise<Result<Value>>,
) {
  const reply = await account.withLease(context.signal, question);
  if (reply?.kind === 'done') return reply;
  context.print(reply ? `It did not work (${reply.class}): ${reply.reason}` : 'The account is in use.');
  return undefined;
}

async function stock(
  context: SupplyOperatorContext,
  supplier: Wholesaler,
  lines: readonly BasketLine[],
): Promise<number> {
  const reply = await ask(context, supplier, () => supplier.client.checkAvailability(lines, context.signal));
  if (!reply) return 2;
  for (const line of formatAvailability(reply.value)) context.print(line);
  return reply.value.verdict === 'available' ? 0 : 1;
}

async function test(context: SupplyOperatorContext, supplier: Wholesaler): Promise<number> {
  const { client, profile } = supplier;
  const login = await ask(context, supplier, () => client.ensureSession(0, context.signal));
  if (!login) return 1;
  context.print(`${profile.login} is logged in at ${profile.name}.`);
  if (profile.operations.getSupplierData !== null) {
    const data = await ask(context, supplier, () => client.getSupplierData(context.signal));
    if (!data) return 1;
    const { name, email, phone, orderCompletionTime } = data.value;
    const who = [name, email, phone].filter((text) => text !== '').join(', ');
    context.print(`They are ${who}; an order takes them: ${orderCompletionTime || 'not told'}.`);
  }
  if (profile.operations.listCouriers === null) {
    context.print('It has no list of couriers: they are asked for with each order.');
    return 0;
  }
  const couriers = await ask(context, supplier, () => client.listCouriers('PL', context.signal));
  if (!couriers) return 1;
  for (const { id, name, hasPickupPoints } of couriers.value) {
    context.print(`Courier ${id}: ${name}${hasPickupPoints ? ' (pick-up points)' : ''}`);
  }
  return 0;
}

async function list(
  context: SupplyOperatorContext,
  { wholesaler, order, alerts }: { readonly wholesaler?: string; readonly order?: string; readonly alerts?: true },
): Promise<number> {
  const isKnown = context.suppliers.some(({ profile }) => profile.name === wholesaler);
  const parts = await listParts(context.db, {
    ...(wholesaler !== undefined && { wholesaler }),
    ...(order !== undefined && { orderId: order }),
    onlyAlerts: alerts === true,
    limit: LISTED,
  });
  for (const part of parts) context.print(formatPart(part));
  const odd = order === undefined ? await unprocessedMessages(context.db, LISTED) : [];
  for (const { id, source, state, receivedAt } of odd) {
    context.print(`Notification ${id} of ${source} is ${state} (${receivedAt.toISOString()})`);
  }
  if (parts.length + odd.length === 0) context.print('Nothing is there.');
  if (wholesaler === undefined || isKnown) return 0;
  context.print(`${wholesaler} is not switched on.`);
  return parts.length === 0 ? 1 : 0;
}

/** What a person has decided is written down; the relay goes on from there. */
async function decide(context: SupplyOperatorContext, { profile }: Wholesaler, decision: Decision): Promise<number> {
  const decided = await decidePart(context, profile.name, targetName(profile.name), decision);
  context.print(decided.sentence);
  return decided.isDone ? 0 : 1;
}

async function keepDecision(context: SupplyOperatorContext, supplier: Wholesaler, orderId: string): Promise<number> {
  const target = context.targets.find(({ name }) => name === targetName(supplier.profile.name));
  const [relayed] = await relayedOrders(context, [orderId]);
  if (!target || !relayed) {
    context.print(`The shop has no order ${orderId}.`);
    return 1;
  }
  return decide(context, supplier, { kind: 'settled', orderId, content: target.digest(relayed) });
}

async function addresses(
  context: SupplyOperatorContext,
  supplier: Wholesaler,
  ids: readonly string[],
): Promise<number> {
  const reply = await ask(context, supplier, () => supplier.client.getAddresses(ids, context.signal));
  if (!reply) return 1;
  for (const { id, ...address } of reply.value) {
    context.print(
      `${id}: ${Object.values(address)
        .filter((text) => text !== '')
        .join(', ')}`,
    );
  }
  if (reply.value.length === 0) context.print('It keeps none.');
  return 0;
}

async function changeAddress(
  context: SupplyOperatorContext,
  supplier: Wholesaler,
  id: string,
  given: readonly string[],
) {
  const changes = addressChanges(given);
  const reply = await ask(context, supplier, () => supplier.client.updateAddress(id, changes, context.signal));
  if (!reply) return 1;
  context.print(`The address ${id} is changed. Look at the order there: it may have kept the old one.`);
  return 0;
}
