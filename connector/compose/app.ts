import { randomUUID } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import express, { type NextFunction } from 'express';
import type { Knex } from 'knex';
import { actionsFor } from '../baselinker/actions/index.ts';
import type { Accepted, ConnectionSettings, ShopContext } from '../baselinker/actions/context.ts';
import type { StockGuard } from '../catalogue/stock-guard.ts';
import type { DatabaseHealth } from '../storage/health.ts';
import { firstTimes } from '../lib/first-times.ts';
import type { Log } from '../lib/log.ts';
import { rawBody, type CallRequest } from '../baselinker/wire/body.ts';
import { callerAddress } from '../baselinker/wire/caller-address.ts';
import { endpoint, unreadableBody, type AnsweredCall, type CurrentCall } from '../baselinker/wire/endpoint.ts';
import { failedAuthLimiter } from '../baselinker/wire/failed-auth-limiter.ts';
import type { OrderSettings } from '../orders/deps.ts';
import { cachedStatuses } from '../orders/statuses.ts';
import type { Probe, Shop } from '../contracts/shop.ts';
import type { ShopWriting } from '../contracts/shop-writing.ts';
import type { ShipmentTracker } from '../contracts/shipment-tracker.ts';
import { webhookRouter } from '../inbox/webhooks.ts';

export interface AppDeps {
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
  /** Whether the database answers, and takes what is written. */
  health(): Promise<DatabaseHealth>;
  databaseErrorCode(error: unknown): 'db_connection' | 'db_query' | undefined;
  /** Told of every answer once it was sent; must neither throw nor wait. */
  readonly onAnswered?: (call: AnsweredCall) => void;
  /** The remote systems that speak first, and the secrets of their addresses; none without it. */
  readonly webhooks?: { readonly trackers: readonly ShipmentTracker[]; readonly secrets: readonly string[] };
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Mounts the endpoints: those of the remote systems that speak first, BaseLinker's endpoint, then what the operator
 * asks.
 */
export function createApp(deps: AppDeps): RequestListener {
  const { settings, log } = deps;
  const hook = deps.onAnswered && { onAnswered: deps.onAnswered };
  const callerOf = callerAddress(settings.trustedProxies);
  const readBody = rawBody(settings.bodyLimitBytes);
  const answer = endpoint({
    actions: actionsFor(deps.probe, deps.accepts),
    contextOf: contextOf(deps),
    keys: settings.keys,
    httpErrors: settings.httpErrors,
    emptyPost: settings.emptyPost,
    callerOf,
    allowsAnotherTry: failedAuthLimiter(settings.wrongKeysPerMinute, callerOf),
    databaseErrorCode: (error) => deps.databaseErrorCode(error),
    log,
    newId: randomUUID,
    ...hook,
  });
  const takeCall = (req: CallRequest, res: ServerResponse, next: NextFunction): void =>
    readBody(req, res, (error?: unknown) => {
      if (error === undefined) answer(req, res).catch(next);
      else next(error);
    });
  const refuseBody = unreadableBody({ httpErrors: settings.httpErrors, log, ...hook });

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  if (deps.webhooks && deps.webhooks.secrets.length > 0)
    app.use(webhookRouter({ ...deps, ...deps.webhooks, callerOf }));
  app.all(settings.endpointPath, takeCall);
  app.get('/health', async (_req, res) => {
    const health = await deps.health();
    res.status(health === 'ok' ? 200 : 503).json({ status: health === 'ok' ? 'ok' : `database ${health}` });
  });
  app.use((_req, res) => {
    res.status(404).json({ status: 'nothing here' });
  });
  app.use(refuseBody);
  // Express makes over every request and answer that it routes, which costs a small call as much as its own work. Calls
  // to the plain address, and nearly all are, need none of it.
  return (req, res) => {
    if (req.url !== settings.endpointPath) app(req, res);
    else takeCall(req, res, (error) => refuseBody(error, req, res, () => res.destroy()));
  };
}

/** Of orders that were logged as not adding up. */
const MAX_REMEMBERED = 10_000;

/** What every action works with, once it is known for which call. */
function contextOf({ db, shop, connection, targets, now, ...parts }: AppDeps): (call: CurrentCall) => ShopContext {
  const { stockGuard, accepts, probe } = parts;
  const useCases = { db, shop, statuses: cachedStatuses(shop, now), settings: connection, targets, now };
  const isFirstDifference = firstTimes(MAX_REMEMBERED);
  const shared = { shop, connection, stockGuard, isFirstDifference, accepts, platform: probe.platform, now };
  return ({ id, log }) => ({
    ...shared,
    useCases: { ...useCases, log },
    by: (action) => ({ action, callId: id }),
  });
}
