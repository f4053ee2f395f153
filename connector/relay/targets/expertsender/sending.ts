import type { Delivery, Outcome } from '../../target.ts';
import type { Ask } from './api.ts';
import { inHalves } from './batch.ts';
import type { WireCustomer } from './customer.ts';
import { halted, type Verdict } from './judge.ts';
import type { WireOrder } from './order.ts';
import type { ExpertSenderSettings } from './settings.ts';

/** One order that is to be told, and what its delivery will leave behind. */
export interface Job {
  readonly delivery: Delivery;
  readonly wire: WireOrder;
  readonly memo: string;
  /** How long it is when it is written out. */
  readonly characters: number;
  /** Its status alone, because nothing else has changed since it was told, or all of it. */
  readonly tells: 'status' | 'order';
}

/** From this try on an order is sent alone: it may be the one that upsets the platform for all that come with it. */
const ALONE_FROM_ATTEMPT = 3;

/**
 * PUT of the status. Undefined when the platform will not have it: the order is not there (section 3.3 leaves open whether
 * that is 404 or 400), or something is wrong with it that the complete order will show.
 */
export async function tellStatus(
  ask: Ask,
  job: Job,
  { websiteId }: ExpertSenderSettings,
): Promise<Outcome | undefined> {
  const { id, status } = job.wire;
  const website = websiteId === undefined ? {} : { websiteId };
  const verdict = await ask('PUT', 'orders/status', { orderId: id, orderStatus: status, ...website });
  return verdict.kind === 'no' ? undefined : outcomeOf(verdict, job);
}

/** POST of the complete orders, of their customers first where the settings say so. One outcome each, in their order. */
export async function sendOrders(ask: Ask, jobs: readonly Job[], settings: ExpertSenderSettings): Promise<Outcome[]> {
  const customers = settings.ensureCustomer ? await sendCustomers(ask, jobs, settings) : new Map<string, Verdict>();
  const outcomes = new Map<Job, Outcome>();
  for (const job of jobs) {
    const verdict = customers.get(matchOf(job, settings));
    if (verdict && verdict.kind !== 'taken') outcomes.set(job, outcomeOf(verdict, job, 'the customer: '));
  }
  const { mode } = settings;
  for (const group of groups(
    jobs.filter((job) => !outcomes.has(job)),
    settings,
  )) {
    const verdicts = await inHalves(
      group,
      (some) => post(ask, 'orders', { mode, data: some.map(({ wire }) => wire) }),
      ({ characters }) => characters,
    );
    group.forEach((job, at) => {
      const verdict = verdicts[at];
      if (verdict) outcomes.set(job, outcomeOf(verdict, job));
    });
  }
  return jobs.map((job) => outcomes.get(job) ?? { kind: 'retry', reason: 'nothing was said of the order' });
}

/** Each customer once. Never with consents: those are the buyer's word to the shop's forms, not the connector's. */
async function sendCustomers(
  ask: Ask,
  jobs: readonly Job[],
  settings: ExpertSenderSettings,
): Promise<Map<string, Verdict>> {
  const matchBy = { email: 'Email', phone: 'PhoneNumber', crmId: 'CrmId' }[settings.matchField];
  const customers = [...new Map(jobs.map((job) => [matchOf(job, settings), job.wire.customer]))];
  const verdicts = await inHalves(customers, (some) =>
    post(ask, 'customers', { mode: 'AddOrUpdate', matchBy, data: some.map(([, customer]): WireCustomer => customer) }),
  );
  return new Map(customers.flatMap(([match], at) => (verdicts[at] ? [[match, verdicts[at]] as const] : [])));
}

function matchOf({ wire }: Job, { matchField }: ExpertSenderSettings): string {
  return wire.customer[matchField] ?? '';
}

async function post(ask: Ask, resource: string, body: unknown): Promise<Verdict> {
  const verdict = await ask('POST', resource, body);
  const isElsewhere = verdict.kind === 'no' && (verdict.status === 404 || verdict.status === 405);
  return isElsewhere ? halted(`${verdict.reason}: there is no /${resource} here, check EXPERTSENDER_URL`) : verdict;
}

/** What is sent together. `Add` goes one by one: a part of a refused batch may have been added, and halves would repeat it. */
function groups(jobs: readonly Job[], { mode, batchSize }: ExpertSenderSettings): Job[][] {
  const isAlone = ({ delivery }: Job) => mode === 'Add' || delivery.attempt >= ALONE_FROM_ATTEMPT;
  const together = jobs.filter((job) => !isAlone(job));
  const slices = Array.from({ length: Math.ceil(together.length / batchSize) }, (_, n) =>
    together.slice(n * batchSize, (n + 1) * batchSize),
  );
  return [...slices, ...jobs.filter(isAlone).map((job) => [job])];
}

function outcomeOf(verdict: Verdict, { wire, memo }: Job, about = ''): Outcome {
  switch (verdict.kind) {
    case 'taken':
      return { kind: 'delivered', reference: wire.id, memo };
    case 'no':
      return { kind: 'refused', reason: `${about}${verdict.reason}` };
    case 'trouble':
      return verdict.outcome;
  }
}
