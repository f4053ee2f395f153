import { createServer } from 'node:http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What one target has not delivered. */
export interface Backlog {
  readonly target: string;
  readonly due: number;
  readonly leased: number;
  readonly parked: number;
  readonly oldest: Date | undefined;
}

export interface Metrics {
  callAnswered(action: string, result: string, ms: number): void;
  delivered(target: string, result: string, ms: number): void;
  roundFailed(target: string): void;
  rowsDeleted(what: string, rows: number): void;
  /** Called on every scrape of the metrics. */
  watch(backlog: () => Promise<readonly Backlog[]>, now: () => Date): void;
  readonly contentType: string;
  text(): Promise<string>;
}

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Names of metrics are never changed: graphs and alarms hang on them. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const seconds = new Histogram({
    name: 'connector_call_seconds',
    help: 'How long calls of BaseLinker took, by action and result',
    labelNames: ['action', 'result'],
    buckets: SECONDS,
    registers,
  });
  const deliverySeconds = new Histogram({
    name: 'connector_delivery_seconds',
    help: 'How long the calls that delivered an order took, by target and outcome',
    labelNames: ['target', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const failedRounds = new Counter({
    name: 'connector_relay_rounds_failed_total',
    help: 'Rounds of the relay that failed, as they do without a database',
    labelNames: ['target'],
    registers,
  });
  const deletedRows = new Counter({
    name: 'connector_housekeeping_rows_total',
    help: 'Rows that housekeeping has returned or deleted',
    labelNames: ['what'],
    registers,
  });
  return {
    callAnswered: (action, result, ms) => seconds.observe({ action: action || 'none', result }, ms / 1000),
    delivered: (target, outcome, ms) => deliverySeconds.observe({ target, outcome }, ms / 1000),
    roundFailed: (target) => failedRounds.inc({ target }),
    rowsDeleted: (what, rows) => deletedRows.inc({ what }, rows),
    watch: (backlog, now) => watchOutbox(registers, backlog, now),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function watchOutbox(registers: Registry[], backlog: () => Promise<readonly Backlog[]>, now: () => Date): void {
  new Gauge({
    name: 'connector_outbox_oldest_undelivered_seconds',
    help: 'Since when the longest waiting order is undelivered, by target',
    labelNames: ['target'],
    registers,
    async collect() {
      const rows = await backlog();
      this.reset();
      for (const { target, oldest } of rows) {
        this.set({ target }, oldest ? (now().getTime() - oldest.getTime()) / 1000 : 0);
      }
    },
  });
  new Gauge({
    name: 'connector_outbox_rows',
    help: 'Orders that are not delivered, by target and state',
    labelNames: ['target', 'state'],
    registers,
    async collect() {
      const rows = await backlog();
      this.reset();
      for (const row of rows) {
        for (const state of ['due', 'leased', 'parked'] as const) this.set({ target: row.target, state }, row[state]);
      }
    },
  });
}

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** On this machine only: who may see the numbers is the web server's business. */
export async function serveMetrics(metrics: Metrics, port: number): Promise<MetricsServer> {
  const server = createServer((req, res) => {
    if (req.url !== '/metrics') {
      res.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => res.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => res.writeHead(503).end('the database is not reachable\n'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
