import type { Delivery, Outcome } from '../../contracts/target.ts';
import type { SendRequest } from './api.ts';
import { bisect } from './bisect.ts';
import type { WireCustomer } from './customer.ts';
import { halted, type ResponseClass } from './classify-response.ts';
import type { WireOrder } from './order-mapping.ts';
import type { ExpertSenderSettings } from './settings.ts';

/** One order that is to be told, and what its delivery will leave behind. */
export interface Job {
  readonly delivery: Delivery;
  readonly wire: WireOrder;
  readonly digest: string;
  /** How long it is when it is written out. */
  readonly characters: number;
  /** Its status alone, because nothing else has changed since it was told, or all of it. */
  readonly sends: 'status' | 'order';
}

/** From this try on an order is sent alone: it may be the one that upsets the platform for all that come with it. */
const ALONE_FROM_ATTEMPT = 3;

/**
 * PUT of the status. Undefined when the platform will not have it: the order is not there (section 3.3 leaves open whether
 * that is 404 or 400), or something is wrong with it that the complete order will show.
 */
export async function sendStatus(
  sendRequest: SendRequest,
  job: Job,
  { websiteId }: ExpertSenderSettings,
): Promise<Outcome | undefined> {
  const { id, status } = job.wire;
  const website = websiteId === undefined ? {} : { websiteId };
  const response = await sendRequest('PUT', 'orders/status', { orderId: id, orderStatus: status, ...website });
  return response.kind === 'rejected' ? undefined : outcomeOf(response, job);
}

/** POST of the complete orders, of their customers first where the settings say so. One outcome each, in their order. */
export async function sendOrders(
  sendRequest: SendRequest,
  jobs: readonly Job[],
  settings: ExpertSenderSettings,
): Promise<Outcome[]> {
  const customers = settings.ensureCustomer
    ? await sendCustomers(sendRequest, jobs, settings)
    : new Map<string, ResponseClass>();
  const outcomes = new Map<Job, Outcome>();
  for (const job of jobs) {
    const response = customers.get(matchOf(job, settings));
    if (response && response.kind !== 'accepted') outcomes.set(job, outcomeOf(response, job, 'the customer: '));
  }
  const { mode } = settings;
  for (const group of groups(
    jobs.filter((job) => !outcomes.has(job)),
    settings,
  )) {
    const verdicts = await bisect(
      group,
      (some) => post(sendRequest, 'orders', { mode, data: some.map(({ wire }) => wire) }),
      ({ characters }) => characters,
    );
    group.forEach((job, at) => {
      const response = verdicts[at];
      if (response) outcomes.set(job, outcomeOf(response, job));
    });
  }
  return jobs.map((job) => outcomes.get(job) ?? { kind: 'retry', reason: 'nothing was said of the order' });
}

/** Each customer once. Never with consents: those are the buyer's word to the shop's forms, not the connector's. */
async function sendCustomers(
  sendRequest: SendRequest,
  jobs: readonly Job[],
  settings: ExpertSenderSettings,
): Promise<Map<string, ResponseClass>> {
  const matchBy = { email: 'Email', phone: 'PhoneNumber', crmId: 'CrmId' }[settings.matchField];
  const customers = [...new Map(jobs.map((job) => [matchOf(job, settings), job.wire.customer]))];
  const verdicts = await bisect(customers, (some) =>
    post(sendRequest, 'customers', {
      mode: 'AddOrUpdate',
      matchBy,
      data: some.map(([, customer]): WireCustomer => customer),
    }),
  );
  return new Map(customers.flatMap(([match], at) => (verdicts[at] ? [[match, verdicts[at]] as const] : [])));
}

function matchOf({ wire }: Job, { matchField }: ExpertSenderSettings): string {
  return wire.customer[matchField] ?? '';
}

async function post(sendRequest: SendRequest, resource: string, body: unknown): Promise<ResponseClass> {
  const response = await sendRequest('POST', resource, body);
  const isMissing = response.kind === 'rejected' && (response.status === 404 || response.status === 405);
  return isMissing ? halted(`${response.reason}: there is no /${resource} here, check EXPERTSENDER_URL`) : response;
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

function outcomeOf(response: ResponseClass, { wire, digest }: Job, about = ''): Outcome {
  switch (response.kind) {
    case 'accepted':
      return { kind: 'delivered', reference: wire.id, memo: digest };
    case 'rejected':
      return { kind: 'refused', reason: `${about}${response.reason}` };
    case 'failed':
      return response.outcome;
  }
}
