import type { Log } from '../../lib/log.ts';
import type { Delivery, Outcome, RelayedOrder, Target } from '../../contracts/target.ts';
import { openApi, openRequests, type SendRequest, type Clock } from './api.ts';
import { attributeLists } from './attribute-lists.ts';
import { cancellationCheck } from './cancellation-check.ts';
import { customerField, isAlias } from './customer.ts';
import { digestAndSize, digestOf, readDigest, writeDigest, type Measured } from './digest.ts';
import { orderWriter, wireId, type WireOrder } from './order-mapping.ts';
import { sendOrders, sendStatus, type Job } from './send-orders.ts';
import type { ExpertSenderSettings } from './settings.ts';
import { isSameStatus, readStored, removeStored, type RemoteOrderResult } from './remote-order.ts';

/** The marketing platform ExpertSender CDP: a sink of orders. What it does with them is said in `docs/expertsender.md`. */
export interface ExpertSender extends Target {
  /** The order as the platform has it, by the shop's id. */
  read(orderId: string, signal: AbortSignal): Promise<RemoteOrderResult>;
  /** Takes the order out of the platform for good; only an operator asks for it. */
  remove(orderId: string, signal: AbortSignal): Promise<RemoteOrderResult>;
}

export function expertSender(
  settings: ExpertSenderSettings,
  { log, ...clock }: Clock & { readonly log: Log },
): ExpertSender {
  const api = openApi(settings, clock);
  const lists = attributeLists(settings, { api, log, now: clock.now });
  const write = orderWriter(settings);
  const afterwards = cancellationCheck(settings, { api, log });

  /** Refused, told already, or a job to do. */
  function jobFor(delivery: Delivery<Measured>): Job | Outcome {
    const { order: mapped, memo: digest, characters } = delivery.mapped ?? digestAndSize(write(delivery));
    if ('unfit' in mapped) return { kind: 'refused', reason: mapped.unfit, remote: 'unheard' };
    if (mapped.notes.length > 0) {
      log.warn('order told to ExpertSender with less than the shop has', {
        orderId: delivery.order.id,
        left: mapped.notes,
      });
    }
    const last = readDigest(delivery.lastDigest);
    // An order that may only be added has nothing but its status to change.
    const onlyStatus =
      last !== undefined &&
      last.status !== digest.status &&
      (last.content === digest.content || settings.mode === 'Add');
    return {
      delivery,
      wire: mapped.wire,
      digest: writeDigest(digest),
      characters,
      sends: onlyStatus ? 'status' : 'order',
    };
  }

  async function send(jobs: readonly Job[], signal: AbortSignal): Promise<ReadonlyMap<Job, Outcome>> {
    const sendRequest = openRequests(api, signal, [settings.apiKey, ...jobs.flatMap(personal)]);
    const done = new Map<Job, Outcome>();
    const orders: Job[] = [];
    for (const job of jobs) {
      const outcome = job.sends === 'status' ? await sendStatus(sendRequest, job, settings) : undefined;
      const known = outcome ?? (settings.mode === 'Add' ? await checkFirst(sendRequest, job) : undefined);
      if (known) done.set(job, known);
      else orders.push(job);
    }
    const wires =
      orders.length === 0
        ? []
        : await lists.onlyKnown(
            orders.map(({ wire }) => wire),
            signal,
          );
    const sent = await sendOrders(
      sendRequest,
      orders.map((job, at) => ({ ...job, wire: wires[at] ?? job.wire })),
      settings,
    );
    orders.forEach((job, at) => done.set(job, sent[at] ?? UNSAID));
    return done;
  }

  /** `Add` is not repeatable, and an answer to it may have been lost: what is there is not added again (E2). */
  async function checkFirst(sendRequest: SendRequest, job: Job): Promise<Outcome | undefined> {
    const found = await readStored(sendRequest, job.wire.id);
    if (found.kind === 'absent') return undefined;
    if (found.kind !== 'found') return found;
    log.info('order is at ExpertSender already: only its status may change', { orderId: job.delivery.order.id });
    if (isSameStatus(found.order.status, job.wire.status)) return delivered(job);
    return sendStatus(sendRequest, job, settings);
  }

  return {
    name: 'expertsender',
    batchSize: settings.batchSize,
    concurrency: 2, // one to be sending while the other waits for its answer; the rate is kept over both
    wants: (relayed) => isWanted(relayed, settings),
    digest: (relayed) => writeDigest(digestOf(write(relayed))),
    map(relayed) {
      const mapped = digestAndSize(write(relayed));
      return { digest: writeDigest(mapped.memo), mapped };
    },
    async deliver(deliveries: readonly Delivery<Measured>[], signal) {
      const plans = deliveries.map(jobFor);
      const done = await send(plans.filter(isJob), signal);
      const outcomes = plans.map((plan) => (isJob(plan) ? (done.get(plan) ?? UNSAID) : plan));
      await afterwards([...done], signal);
      return outcomes;
    },
    read: (orderId, signal) => readStored(openRequests(api, signal, [settings.apiKey]), wireId(orderId, settings)),
    async remove(orderId, signal) {
      const found = await removeStored(openRequests(api, signal, [settings.apiKey]), wireId(orderId, settings));
      log.info('order removed from ExpertSender', { orderId, result: found.kind });
      return found;
    },
  };
}

function isWanted({ order }: RelayedOrder, settings: ExpertSenderSettings): boolean {
  if (customerField(order, settings.matchField, settings) === undefined) return false;
  return settings.sendsAliases || !isAlias(order.email, settings.aliasDomains);
}

function isJob(plan: Job | Outcome): plan is Job {
  return 'delivery' in plan;
}

function delivered({ wire, digest }: { readonly wire: WireOrder; readonly digest: string }): Outcome {
  return { kind: 'delivered', reference: wire.id, memo: digest };
}

/** What the platform could quote of a person. */
function personal({ delivery: { order }, wire: { customer } }: Job): string[] {
  return [order.email, order.phone, customer.email, customer.phone].filter((text) => text !== undefined);
}

/** Never happens: every job gets an outcome. */
const UNSAID: Outcome = { kind: 'retry', reason: 'nothing was said of the order' };
