import { randomUUID } from 'node:crypto';
import express, { type Express } from 'express';
import type { Knex } from 'knex';
import { actionsFor } from './actions/index.ts';
import type { Accepted, ConnectionSettings, ShopContext } from './actions/context.ts';
import type { StockGuard } from './catalogue/stock-guard.ts';
import { currentRequestId, withRequestId, type Log } from './lib/log.ts';
import { rawBody } from './protocol/body.ts';
import { endpoint, unreadableBody, type AnsweredCall } from './protocol/endpoint.ts';
import { wrongKeyCounter } from './protocol/wrong-keys.ts';
import type { OrderSettings } from './orders/parts.ts';
import type { Probe, Shop } from './shops/shop.ts';
import type { ShopWriting } from './shops/shop-writing.ts';
import type { Source } from './sources/source.ts';
import { webhookDoor } from './sources/webhooks.ts';

export interface AppParts {
  readonly db: Knex;
  readonly shop: Shop & ShopWriting;
  readonly probe: Probe;
  readonly stockGuard: StockGuard;
  readonly connection: ConnectionSettings & OrderSettings;
  /** Names of the targets that are switched on. */
  readonly targets: readonly string[];
  readonly accepts: ReadonlySet<Accepted>;
  readonly settings: {
    readonly keys: readonly string[];
    readonly endpointPath: string;
    readonly httpErrors: '200' | 'status';
    readonly emptyPost: 'file-version' | 'no-password';
    readonly wrongKeysPerMinute: number;
    readonly bodyLimitBytes: number;
    /** What Express calls `trust proxy`: whose X-Forwarded-For is believed. */
    readonly trustedProxies: string | undefined;
  };
  /** Resolves when the database answers. */
  isHealthy(): Promise<boolean>;
  databaseTrouble(error: unknown): 'db_connection' | 'db_query' | undefined;
  /** Told of every answer once it was sent; must neither throw nor wait. */
  readonly onAnswered?: (call: AnsweredCall) => void;
  /** The parties that speak first, and the secrets of their addresses; none without it. */
  readonly webhooks?: { readonly sources: readonly Source[]; readonly secrets: readonly string[] };
  readonly now: () => Date;
  readonly log: Log;
}

/** Mounts the doors: those of the parties that speak first, BaseLinker's endpoint, then what the operator asks. */
export function createApp(parts: AppParts): Express {
  const { settings, log } = parts;
  const hook = parts.onAnswered && { onAnswered: parts.onAnswered };
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  if (settings.trustedProxies !== undefined) app.set('trust proxy', proxies(settings.trustedProxies));

  const context: ShopContext = {
    shop: parts.shop,
    connection: parts.connection,
    stockGuard: parts.stockGuard,
    stories: {
      db: parts.db,
      shop: parts.shop,
      settings: parts.connection,
      targets: parts.targets,
      now: parts.now,
      log,
    },
    accepts: parts.accepts,
    by: (action) => ({ action, callId: currentRequestId() }),
    platform: parts.probe.platform,
    now: parts.now,
  };
  if (parts.webhooks && parts.webhooks.secrets.length > 0) app.use(webhookDoor({ ...parts, ...parts.webhooks }));
  app.all(
    settings.endpointPath,
    rawBody(settings.bodyLimitBytes),
    // After the body: its events would call on from outside of the scope.
    (_req, _res, next) => withRequestId(randomUUID(), next),
    endpoint({
      actions: actionsFor(parts.probe, parts.accepts),
      context,
      keys: settings.keys,
      httpErrors: settings.httpErrors,
      emptyPost: settings.emptyPost,
      mayTryAgain: wrongKeyCounter(settings.wrongKeysPerMinute),
      databaseTrouble: (error) => parts.databaseTrouble(error),
      log,
      ...hook,
    }),
  );
  app.get('/health', async (_req, res) => {
    const healthy = await parts.isHealthy();
    res.status(healthy ? 200 : 503).json({ status: healthy ? 'ok' : 'database not reachable' });
  });
  app.use((_req, res) => {
    res.status(404).json({ status: 'nothing here' });
  });
  app.use(unreadableBody({ httpErrors: settings.httpErrors, log, ...hook }));
  return app;
}

/** A number of hops, or the addresses of the proxies. */
function proxies(setting: string): number | string {
  return /^\d+$/.test(setting) ? Number(setting) : setting;
}
