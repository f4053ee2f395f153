import type { Knex } from 'knex';
import { backlogs } from './db/outbox-desk.ts';
import { insertCalls, type CallRow } from './db/calls.ts';
import { createBuffer } from './lib/buffer.ts';
import type { Log } from './lib/log.ts';
import { createMetrics, serveMetrics } from './lib/metrics.ts';
import type { AnsweredCall } from './protocol/endpoint.ts';
import type { DeliveryRecord } from './relay/worker.ts';
import type { Chore } from './relay/housekeeping.ts';

/** What is remembered of everything that was asked, answered and delivered: rows in bl_calls, and metrics. */
export interface Records {
  onAnswered(call: AnsweredCall): void;
  onDelivery(delivery: DeliveryRecord): void;
  onRoundFailed(target: string): void;
  onCleaned(what: Chore, rows: number): void;
  /** Writes down what is left. */
  stop(): Promise<void>;
}

export async function openRecords(
  { metricsPort }: { readonly metricsPort: number },
  db: Knex,
  now: () => Date,
  log: Log,
): Promise<Records> {
  const metrics = createMetrics();
  metrics.watch(() => backlogs(db), now);
  const door = metricsPort === 0 ? undefined : await serveMetrics(metrics, metricsPort);
  const rows = createBuffer<CallRow>((calls) => insertCalls(db, calls), { what: 'calls', log });
  return {
    onAnswered({ requestId, action = '', result, reason = '', bytes, ms }) {
      metrics.callAnswered(action, result, ms);
      rows.add({ at: now(), kind: 'call', name: action, result, detail: reason, bytes, ms, requestId });
    },
    onDelivery({ at, target, orderId, result, detail, ms, deliveryId }) {
      metrics.delivered(target, result, ms);
      rows.add({ at, kind: 'delivery', name: target, orderId, result, detail, bytes: 0, ms, requestId: deliveryId });
    },
    onRoundFailed: (target) => metrics.roundFailed(target),
    onCleaned: (what, count) => metrics.cleaned(what, count),
    async stop() {
      await rows.stop();
      await door?.close();
    },
  };
}
