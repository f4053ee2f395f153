import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMetrics } from '../connector/lib/metrics.ts';
import { STATUS_OF } from '../connector/baselinker/wire/errors.ts';
import { testDatabase } from './support/database.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * What installations, alarms, scripts and other people's files hold. Nothing here is ever renamed: new words may come, and
 * each of these stays. A test that fails here means a data migration or a breaking change, not a new line in this file.
 */
const TABLES: Readonly<Record<string, string>> = {
  bl_added_products: 'connection sku',
  bl_booked_stock: 'order_id product_id variant_id quantity',
  bl_calls: 'id at kind name order_id result detail bytes ms request_id',
  bl_changes: 'id at kind product_id variant_id before_value after_value action call_id order_id',
  bl_cursors: 'name cursor_text changed_at',
  bl_inbox: 'id source digest content_type body state note tries due_at received_at',
  bl_orders: 'connection baselinker_id order_id fingerprint asked_status asked_paid created_at changed_at',
  bl_outbox:
    'id target order_id state version due_at due_since attempts owner leased_until leased_version reason reference memo unsure delivered_at noticed',
  bl_stock_guard: 'connection accepted_ids accepted_count accepted_at held_ids held_count held_drop held_at',
  bl_supply_parts:
    'id wholesaler order_id attempt reference state content lines_json note alert supplier_order_id supplier_serial courier_id symbol symbol_at lookups basket_at sent_at placed_at asked_at ask_at created_at changed_at dispute tracking_template',
  bl_targets: 'target failures open_until reason changed_at',
  shop_categories: 'id parent_id name position active',
  shop_customers: 'id email phone fullname company nip created_at',
  shop_deliveries: 'id name position retired_at',
  shop_manufacturers: 'id name image_url',
  shop_orders:
    'id number source source_reference is_draft status_id customer_id email phone delivery_fullname delivery_company delivery_address delivery_postcode delivery_city delivery_state_code delivery_country delivery_country_code invoice_fullname invoice_company invoice_nip invoice_address invoice_postcode invoice_city invoice_state_code invoice_country invoice_country_code want_invoice delivery_point_id delivery_point_name delivery_point_address delivery_point_postcode delivery_point_city delivery_id delivery_name delivery_price payment_id payment_name cash_on_delivery payment_external_id payment_operator currency total paid_amount paid_at user_comments admin_comments extra_field_1 extra_field_2 transaction_id created_at changed_at phone_e164 service service_account client_login',
  shop_order_adjustments: 'id order_id position kind name amount vat_rate',
  shop_order_lines:
    'id order_id position product_id variant_id sku ean name quantity price vat_rate weight location attributes auction_id',
  shop_parcels: 'id order_id carrier tracking_number tracking_url created_at',
  shop_payments: 'id name cash_on_delivery position retired_at',
  shop_products:
    'id sku ean model name category_id manufacturer_id price vat_rate quantity weight height length width location delivery_days url active removed_at created_at changed_at',
  shop_product_features: 'id product_id variant_id position name value',
  shop_product_images: 'id product_id variant_id position url',
  shop_product_supplies: 'id product_id variant_id wholesaler code code_type',
  shop_product_texts:
    'product_id description description_extra1 description_extra2 description_extra3 description_extra4',
  shop_statuses: 'id name meaning position retired_at',
  shop_variants: 'id product_id name sku ean price quantity weight position active removed_at changed_at',
};

const INDEXES = ['bl_outbox_claim', 'bl_outbox_lease', 'shop_orders_changed'];

const MIGRATIONS = {
  connector: [
    '0001_stock_guard',
    '0002_orders_and_changes',
    '0003_outbox',
    '0004_noticed_changes',
    '0005_supply_parts',
    '0006_supply_disputes',
  ],
  'native-shop': ['0001_catalogue', '0002_orders', '0003_marketplace_orders'],
};

const SETTINGS = words(`
  ACCEPT BASELINKER_KEY BASELINKER_PREVIOUS_KEY BODY_LIMIT_MB CALLS_KEEP_DAYS CHANGES_KEEP_DAYS 
  DATABASE_CONNECTIONS DATABASE_URL DEFAULT_VAT EMPTY_POST ENDPOINT_PATH EXPERTSENDER_ALIAS_DOMAINS 
  EXPERTSENDER_API_KEY EXPERTSENDER_BATCH EXPERTSENDER_CALLS_PER_SECOND EXPERTSENDER_CANCELED_AS 
  EXPERTSENDER_CUSTOMER_ID_PREFIX EXPERTSENDER_ENSURE_CUSTOMER EXPERTSENDER_MATCH_FIELD EXPERTSENDER_MODE 
  EXPERTSENDER_ORDER_ATTRIBUTES EXPERTSENDER_ORDER_ID_PREFIX EXPERTSENDER_PATIENCE_SECONDS 
  EXPERTSENDER_PRODUCT_ATTRIBUTES EXPERTSENDER_PRODUCT_ID EXPERTSENDER_RETURNED_AS EXPERTSENDER_SEND_ALIASES 
  EXPERTSENDER_SEND_ZERO_RETURNED EXPERTSENDER_STATUSES EXPERTSENDER_TIME_ZONE EXPERTSENDER_URL 
  EXPERTSENDER_WEBSITE_ID HOST HTTP_ERRORS IDOSELL_PROFILES LIST_VARIANTS LOG_LEVEL METRICS_PORT 
  ORDERS_FROM_BASELINKER ORDERS_ID_FROM ORDERS_MIN_AGE_SECONDS ORDERS_PER_PAGE PARCEL_FIELDS PARCEL_IN_COMMENTS 
  PORT PRODUCTS_PER_PAGE RELAY RELAY_GIVE_UP_DAYS RELAY_KEEP_DELIVERED_DAYS RELAY_OVERLAP_MINUTES 
  RELAY_SCAN_SECONDS REMOVED_PRODUCTS_DAYS RESTOCK_CANCELLED SHOP SHOP_CURRENCY STOCK_GUARD_LEAST 
  STOCK_GUARD_SHARE TRUSTED_PROXIES UNKNOWN_PRODUCTS VAT_EXEMPT_AS WEBHOOK_PREVIOUS_SECRET WEBHOOK_SECRET 
  WRONG_KEYS_PER_MINUTE
`);

const SCRIPTS = words(
  'demo start dev migrate seed check bench chaos connector relay test verify build format lint types coverage audit',
);

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  '': words('migrate check guard relay idosell'),
  guard: words('status confirm'),
  relay: words('status list retry replay resync backfill'),
  idosell: words('stock test list placed resend keep addresses address'),
};

const ERROR_CODES = words(`
  no_password incorrect_password unsupported_action db_connection db_query unknown_product invalid_parameter
  unknown_order internal_error`);

const METRICS = [
  'connector_call_seconds_bucket{le="0.005",action="none",result="ok"}',
  'connector_delivery_seconds_bucket{le="0.005",target="expertsender",outcome="delivered"}',
  'connector_relay_rounds_failed_total{target="expertsender"}',
  'connector_housekeeping_rows_total{what="expired leases"}',
  'connector_outbox_oldest_undelivered_seconds{target="expertsender"}',
  'connector_outbox_rows{target="expertsender",state="due"}',
  'connector_outbox_rows{target="expertsender",state="leased"}',
  'connector_outbox_rows{target="expertsender",state="parked"}',
];

/** Each stands in the code as a literal of its own: states, results, classes, names, audit actions. */
const LITERALS = [
  ...words('due leased done parked new unmatched unreadable call delivery stock price'),
  ...words(
    'draft verified importing basketed sending unknown out_of_stock no_courier basket_blocked rejected given_up',
  ),
  ...words('submitted awaiting_supplier_payment backordered scheduled on_hold processing packed ready_to_ship shipped'),
  ...words('cancelled returned ok delivered retry refused halted paid completed'),
  ...words('empty auth supplier-unavailable dropshipping-disabled too-large product-unknown out-of-stock not-sold'),
  ...words('basket-empty stock-changed address-invalid courier-unavailable customer-blocked minimum-order protocol'),
  ...words('lost busy server not-supported expertsender baselinker shop changed-orders'),
  ...words('OrderAdd OrderUpdate ProductAdd ProductsQuantityUpdate ProductsPriceUpdate'),
  ...words('inside apart off nothing baselinker-shop-connector shop-connector'),
  'expired leases',
  'delivered rows',
  'calls',
  'changes',
  'notifications',
  'from before this target was switched on',
  'call failed',
  'stock dump held back',
  'target rests',
  'a wholesaler’s order needs a person',
  'a notification could not be kept',
  'orders cannot go to wholesalers as they should',
  'call answered',
];

/** Parts of longer texts: notes that are compared line by line, names that are put together, messages. */
const PIECES = [
  'Not a product of the shop: ',
  'Not a valid Polish tax number: ',
  'Not a status of the shop: ',
  ' was cut at ',
  ' characters',
  ' bytes',
  ' was left out: it is longer than ',
  'introduced:',
  'backfill:',
  'lease:',
  'account:',
  'idosell-',
  'REF:',
  'order not updated',
  ' started',
  ' stopped',
  '/hooks/idosell/',
  '/health',
  '/metrics',
];

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

describe('a stored word', () => {
  const sources = readdirSync(join(ROOT, 'connector'), { recursive: true, encoding: 'utf8' })
    .concat(readdirSync(join(ROOT, 'config'), { encoding: 'utf8' }).map((file) => join('..', 'config', file)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(ROOT, 'connector', file), 'utf8'))
    .join('\n');

  it('of the code stands in it as it always did', () => {
    const isLiteral = (word: string): boolean =>
      ["'", '"', '`'].some((quote) => sources.includes(quote + word + quote));
    // A key of an object needs no quotes where it is a plain name.
    const isKey = (word: string): boolean => new RegExp(`(^|[\\s{])${word}:`, 'm').test(sources);
    assert.deepEqual(
      LITERALS.filter((word) => !isLiteral(word) && !(/^[\w]+$/.test(word) && isKey(word))),
      [],
    );
    assert.deepEqual(
      PIECES.filter((piece) => !sources.includes(piece)),
      [],
    );
  });

  it('is the name of a table, a column, an index that SQL forces, or a migration', async () => {
    const { db } = testDatabase();
    const [rows] = (await db.raw(
      'SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = DATABASE()',
    )) as [{ t: string; c: string }[]];
    const columns = new Set(rows.map(({ t, c }) => `${t}.${c}`));
    const wanted = Object.entries(TABLES).flatMap(([table, names]) => words(names).map((name) => `${table}.${name}`));
    assert.deepEqual(
      wanted.filter((column) => !columns.has(column)),
      [],
    );
    const [found] = (await db.raw(
      'SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE()',
    )) as [{ name: string }[]];
    assert.deepEqual(
      INDEXES.filter((index) => !found.some(({ name }) => name === index)),
      [],
    );
    for (const [folder, names] of Object.entries(MIGRATIONS)) {
      const files = readdirSync(join(ROOT, 'migrations', folder));
      assert.deepEqual(
        names.filter((name) => !files.includes(`${name}.ts`)),
        [],
      );
    }
    for (const table of ['bl_migrations', 'bl_native_shop_migrations']) assert.ok(columns.has(`${table}.name`), table);
  });

  it('is an error code', () => {
    assert.deepEqual(
      ERROR_CODES.filter((code) => !(code in STATUS_OF)),
      [],
    );
  });

  it('is the name of a setting or of a script', () => {
    const example = readFileSync(join(ROOT, 'config/example.env'), 'utf8');
    assert.deepEqual(
      SETTINGS.filter((name) => !new RegExp(`^#? ?${name}=`, 'm').test(example)),
      [],
    );
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    assert.deepEqual(
      SCRIPTS.filter((name) => !(name in scripts)),
      [],
    );
  });

  it('is the name of a metric with its labels', async () => {
    const metrics = createMetrics();
    metrics.watch(
      () => Promise.resolve([{ target: 'expertsender', due: 1, leased: 1, parked: 1, oldest: new Date(0) }]),
      () => new Date(9000),
    );
    metrics.callAnswered('', 'ok', 1);
    metrics.delivered('expertsender', 'delivered', 1);
    metrics.roundFailed('expertsender');
    metrics.rowsDeleted('expired leases', 1);
    const text = await metrics.text();
    assert.deepEqual(
      METRICS.filter((line) => !text.includes(line)),
      [],
    );
  });

  it('is a command of the operator', async function () {
    this.timeout(60_000);
    for (const [group, names] of Object.entries(COMMANDS)) {
      const help = [...words(`--import tsx connector/cli.ts ${group}`), '--help'];
      const { stdout } = await promisify(execFile)(process.execPath, help, { cwd: ROOT });
      assert.deepEqual(
        names.filter((name) => !new RegExp(`^ +${name}\\b`, 'm').test(stdout)),
        [],
        group,
      );
    }
  });
});
