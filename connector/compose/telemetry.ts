import type { Knex } from 'knex';
import { backlogs } from '../storage/outbox-admin.ts';
import { insertCallRows, type CallRow } from '../storage/call-log.ts';
import { createRowBuffer } from '../lib/row-buffer.ts';
import type { Log } from '../lib/log.ts';
import { createMetrics, serveMetrics } from '../lib/metrics.ts';
import type { AnsweredCall } from '../baselinker/wire/endpoint.ts';
import type { DeliveryRecord } from '../relay/worker.ts';
import type { MaintenanceTask } from '../relay/housekeeping.ts';

/** What is remembered of everything that was asked, answered and delivered: rows in bl_calls, and metrics. */
export interface Telemetry {
  onAnswered(call: AnsweredCall): void;
  onDelivery(delivery: DeliveryRecord): void;
  onRoundFailed(target: string): void;
  onDeleted(what: MaintenanceTask, rows: number): void;
  /** Writes down what is left. */
  stop(): Promise<void>;
}

export async function openTelemetry(
  { metricsPort }: { readonly metricsPort: number },
  db: Knex,
  now: () => Date,
  log: Log,
): Promise<Telemetry> {
  const metrics = createMetrics();
  metrics.watch(() => backlogs(db), now);
  const metricsServer = metricsPort === 0 ? undefined : await serveMetrics(metrics, metricsPort);
  const rows = createRowBuffer<CallRow>((calls) => insertCallRows(db, calls), { what: 'calls', log });
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
    onDeleted: (what, count) => metrics.rowsDeleted(what, count),
    async stop() {
      await rows.stop();
      await metricsServer?.close();
    },
  };
}
