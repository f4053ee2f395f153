import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { SettingsError } from '../connector/lib/settings-error.ts';
import { ENV_FILE } from './env-file.ts';
import { EXPERTSENDER, expertSenderOf } from './expertsender.ts';
import { IDOSELL, idoSellOf, secretNames } from './idosell.ts';
import { bare, choice, isPlaceholder, list, optional, integer, boolean } from './kinds.ts';
import { misspeltSettings } from './misspelt.ts';

export { loadEnvironment } from './env-file.ts';

const key = (name: string) =>
  optional(
    z
      .string(`${name} is missing: paste the communication key that the BaseLinker panel shows`)
      .min(16, `${name} is shorter than 16 characters`)
      .refine(
        (value) => !isPlaceholder(value),
        `${name} still is the placeholder of our own pages: paste the communication key that the BaseLinker panel shows`,
      )
      .pipe(bare(name)),
  );

const URL_LOOK = 'DATABASE_URL must look like mysql://user:password@host:port/schema';
const URL_ENCODING =
  'DATABASE_URL cannot be read: characters such as @ / # % : in the password must be percent-encoded ' +
  '(@ is %40, # is %23, / is %2F, % is %25)';

/** A password that cuts the URL short leaves its @ behind the schema's slash, or a host that is none. */
function databaseUrlProblem(text: string): string | undefined {
  if (!text.startsWith('mysql://')) return URL_LOOK;
  if (!URL.canParse(text)) return text.includes('@') ? URL_ENCODING : URL_LOOK;
  const { username, password, pathname, search, hash } = new URL(text);
  if (hash !== '' || /@/.test(pathname + search) || !isEncoded(username + password + pathname)) return URL_ENCODING;
  return /^\/[^/]/.test(pathname) ? undefined : URL_LOOK;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A number of hops, or what Express takes for addresses: single ones, networks, and its three names. */
function areProxies(setting: string): boolean {
  return /^\d+$/.test(setting) || setting.split(',').every((one) => isProxy(one.trim()));
}

function isProxy(one: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(one)) return true;
  const [address = '', bits, ...rest] = one.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** What a shop may take from BaseLinker; never renamed. */
const ACCEPTED = ['orders', 'status', 'paid', 'delivery_number', 'stock', 'prices', 'products'] as const;

const Settings = z.object({
  DATABASE_URL: optional(
    z.string('DATABASE_URL is missing: mysql://user:password@host:port/schema').superRefine((text, context) => {
      const message = databaseUrlProblem(text);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  ),
  DATABASE_CONNECTIONS: integer('DATABASE_CONNECTIONS', 2, 200, 16),
  BASELINKER_KEY: key('BASELINKER_KEY'),
  BASELINKER_PREVIOUS_KEY: optional(key('BASELINKER_PREVIOUS_KEY').optional()),
  HOST: optional(z.string().default('127.0.0.1')),
  PORT: integer('PORT', 0, 65_535, 8080),
  ENDPOINT_PATH: optional(
    z
      .string()
      .regex(/^\/[\w\-./]*$/, 'ENDPOINT_PATH must begin with / and hold plain characters')
      .refine(
        (path) => !/^\/health\/?$/i.test(path),
        'ENDPOINT_PATH must not be /health, which is the health check’s own',
      )
      .default('/baselinker'),
  ),
  TRUSTED_PROXIES: optional(
    z
      .string()
      .refine(areProxies, 'TRUSTED_PROXIES must be a number of proxies, or addresses such as 10.0.0.1,10.1.0.0/16')
      .optional(),
  ),
  SHOP: choice(['native'], 'native'),
  SHOP_CURRENCY: optional(
    z
      .string()
      .regex(/^[A-Z]{3}$/, 'SHOP_CURRENCY must be an ISO code such as PLN')
      .default('PLN'),
  ),
  HTTP_ERRORS: choice(['200', 'status'], '200'),
  EMPTY_POST: choice(['file-version', 'no-password'], 'file-version'),
  WRONG_KEYS_PER_MINUTE: integer('WRONG_KEYS_PER_MINUTE', 1, 10_000, 10),
  BODY_LIMIT_MB: integer('BODY_LIMIT_MB', 1, 100, 5),
  PRODUCTS_PER_PAGE: integer('PRODUCTS_PER_PAGE', 1, 10_000, 1000),
  ORDERS_PER_PAGE: integer('ORDERS_PER_PAGE', 1, 1000, 100),
  LIST_VARIANTS: choice(['nested', 'ignored'], 'nested'),
  REMOVED_PRODUCTS_DAYS: integer('REMOVED_PRODUCTS_DAYS', 0, 36_500, 90),
  VAT_EXEMPT_AS: optional(
    z
      .string()
      .regex(/^-?\d{1,2}$/, 'VAT_EXEMPT_AS must be a whole number such as 0 or -1')
      .transform(Number)
      .default(0),
  ),
  STOCK_GUARD_SHARE: integer('STOCK_GUARD_SHARE', 1, 100, 50),
  STOCK_GUARD_LEAST: integer('STOCK_GUARD_LEAST', 1, 1_000_000, 20),
  ORDERS_FROM_BASELINKER: choice(['hidden', 'shown'], 'hidden'),
  ORDERS_ID_FROM: choice(['inclusive', 'exclusive'], 'inclusive'),
  ORDERS_MIN_AGE_SECONDS: integer('ORDERS_MIN_AGE_SECONDS', 0, 86_400, 0),
  PARCEL_FIELDS: optional(
    z
      .string()
      .regex(/^\w+,\w+,\w+$/, 'PARCEL_FIELDS must name three fields: number,carrier,link')
      .default('delivery_package_nr,delivery_package_module,tracking_url')
      .transform((names) => names.split(',') as [string, string, string]),
  ),
  PARCEL_IN_COMMENTS: boolean(false),
  ACCEPT: list('ACCEPT', ACCEPTED).pipe(
    z.array(z.enum(ACCEPTED, `ACCEPT must hold some of ${ACCEPTED.join(', ')}, or nothing`)),
  ),
  UNKNOWN_PRODUCTS: choice(['free-text', 'refused'], 'free-text'),
  DEFAULT_VAT: integer('DEFAULT_VAT', 0, 100, 23),
  RESTOCK_CANCELLED: choice(['never', 'ours', 'all'], 'never'),
  RELAY: choice(['inside', 'apart', 'off'], 'inside'),
  RELAY_GIVE_UP_DAYS: integer('RELAY_GIVE_UP_DAYS', 1, 365, 14),
  RELAY_KEEP_DELIVERED_DAYS: integer('RELAY_KEEP_DELIVERED_DAYS', 0, 36_500, 90),
  RELAY_SCAN_SECONDS: integer('RELAY_SCAN_SECONDS', 1, 86_400, 30),
  RELAY_OVERLAP_MINUTES: integer('RELAY_OVERLAP_MINUTES', 1, 1440, 10),
  CALLS_KEEP_DAYS: integer('CALLS_KEEP_DAYS', 0, 36_500, 30),
  CHANGES_KEEP_DAYS: integer('CHANGES_KEEP_DAYS', 0, 36_500, 400),
  METRICS_PORT: integer('METRICS_PORT', 0, 65_535, 0),
  ...EXPERTSENDER,
  ...IDOSELL,
  LOG_LEVEL: choice(['error', 'warn', 'info', 'debug'], 'info'),
});

const SETTINGS = Object.keys(Settings.shape);

export type Config = ReturnType<typeof loadConfig>;

/** What is needed to work on the tables alone, as `migrate` and `seed` do: no communication key. */
export function loadDatabaseConfig(env: NodeJS.ProcessEnv = process.env) {
  const { DATABASE_URL, SHOP } = checked(Settings.pick({ DATABASE_URL: true, SHOP: true }), env);
  return { databaseUrl: DATABASE_URL, shop: SHOP };
}

function checked<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv): z.output<T> {
  const { success, data, error } = schema.safeParse(env);
  if (success) return data;
  const problems = error.issues.map(({ path: [name], message }) =>
    message.startsWith(String(name)) ? message : `${String(name)}: ${message}`,
  );
  // The environment holds text or nothing: what is of a wrong type is missing.
  const mayLackFile = error.issues.some(({ code }) => code === 'invalid_type') && !existsSync(ENV_FILE);
  const advice = mayLackFile ? ['(no .env file in this folder: copy config/example.env)'] : [];
  const lines = [...new Set(problems)].map((problem) => `✖ ${problem}`);
  const misspelt = misspeltSettings(env, SETTINGS).map((sentence) => `(${sentence})`);
  throw new SettingsError(['settings are not usable:', ...lines, ...misspelt, ...advice].join('\n'));
}

/**
 * The settings, checked: an Error names every problem at once. The only reader of the environment; everything else is
 * handed what it needs. What each setting means stands in `example.env`.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  const data = checked(Settings, env);
  const idoSell = idoSellOf(data, env);
  return {
    /** About names in the environment that are no settings, but nearly. */
    warnings: misspeltSettings(env, SETTINGS, secretNames(idoSell)),
    databaseUrl: data.DATABASE_URL,
    /** Of each of the two pools: one reads, one writes. */
    poolSize: Math.floor(data.DATABASE_CONNECTIONS / 2),
    host: data.HOST,
    port: data.PORT,
    shop: data.SHOP,
    logLevel: data.LOG_LEVEL,
    settings: {
      keys: [data.BASELINKER_KEY, data.BASELINKER_PREVIOUS_KEY].filter((one) => one !== undefined),
      endpointPath: data.ENDPOINT_PATH,
      httpErrors: data.HTTP_ERRORS,
      emptyPost: data.EMPTY_POST,
      wrongKeysPerMinute: data.WRONG_KEYS_PER_MINUTE,
      bodyLimitBytes: data.BODY_LIMIT_MB * 1024 * 1024,
      trustedProxies: data.TRUSTED_PROXIES,
    },
    stockGuard: { share: data.STOCK_GUARD_SHARE / 100, least: data.STOCK_GUARD_LEAST },
    removedProductsDays: data.REMOVED_PRODUCTS_DAYS,
    currency: data.SHOP_CURRENCY,
    productsPerPage: data.PRODUCTS_PER_PAGE,
    ordersPerPage: data.ORDERS_PER_PAGE,
    listVariants: data.LIST_VARIANTS,
    vatExemptAs: data.VAT_EXEMPT_AS,
    ordersFromBaseLinker: data.ORDERS_FROM_BASELINKER,
    ordersIdFrom: data.ORDERS_ID_FROM,
    ordersMinAgeMs: data.ORDERS_MIN_AGE_SECONDS * 1000,
    parcelFields: data.PARCEL_FIELDS,
    parcelInComments: data.PARCEL_IN_COMMENTS,
    accepts: data.ACCEPT,
    unknownProducts: data.UNKNOWN_PRODUCTS,
    defaultVat: data.DEFAULT_VAT,
    restockCancelled: data.RESTOCK_CANCELLED,
    relay: data.RELAY,
    relayGiveUpDays: data.RELAY_GIVE_UP_DAYS,
    retention: {
      deliveredDays: data.RELAY_KEEP_DELIVERED_DAYS,
      callsDays: data.CALLS_KEEP_DAYS,
      changesDays: data.CHANGES_KEEP_DAYS,
    },
    metricsPort: data.METRICS_PORT,
    relayScanMs: data.RELAY_SCAN_SECONDS * 1000,
    changesOverlapMs: data.RELAY_OVERLAP_MINUTES * 60_000,
    expertSender: expertSenderOf(data),
    idoSell,
    webhookSecrets: [data.WEBHOOK_SECRET, data.WEBHOOK_PREVIOUS_SECRET].filter((one) => one !== undefined),
  };
}
