import type { Target } from '../../connector/contracts/target.ts';
import { expertSender } from '../../connector/integrations/expertsender/index.ts';
import { createLog } from '../../connector/lib/log.ts';
import { aLine, anOrder, lines, orderIdIn, STATUS, type Fields } from '../orders/a-shop.ts';
import { KEY as EXPERTSENDER_KEY, ourSettings, quickPace } from '../integrations/expertsender/our-settings.ts';
import { aSuppliedShop, supplied, type SuppliedShop } from '../supply/a-supplied-shop.ts';
import { emptyTables, ourTables, testDatabase } from '../support/database.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { startExpertSender, type ExpertSender } from '../../simulators/expertsender/index.ts';

/** One exchange as it went over the wire. */
export type Exchange =
  | { readonly to: 'connector'; readonly action: string; readonly fields: Fields; readonly response: string }
  | {
      readonly to: 'idosell' | 'expertsender';
      readonly request: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** A connector with a wholesaler and a platform behind it, and everything that was said from its first call on. */
export interface RecordedDay {
  readonly shop: SuppliedShop;
  readonly platform: ExpertSender;
  readonly exchanges: readonly Exchange[];
  readonly call: (action: string, fields?: Fields) => Promise<string>;
  /** Lets the relay deliver all that is due and notes down the requests. */
  relay(): Promise<void>;
  close(): Promise<void>;
}

/** Over tables as they are: the day's own are made by `runDay`, an older installation's are loaded. */
export async function openDay(openShop: typeof aSuppliedShop = aSuppliedShop): Promise<RecordedDay> {
  const platform = await startExpertSender({ apiKey: EXPERTSENDER_KEY });
  const opened: { shop?: SuppliedShop } = {};
  const now = (): Date => opened.shop?.clock.now() ?? new Date(0);
  const settings = ourSettings({ url: platform.url });
  const log = createLog('error', memoryStream());
  const target: Target = expertSender(settings, { now, clock: quickPace(), log });
  const shop = await openShop({}, [target]);
  opened.shop = shop;
  const exchanges: Exchange[] = [];
  const noted = { idosell: 0, expertsender: 0 };
  const note = (): void => {
    for (const { method, url, headers, body } of shop.simulator.requests.slice(noted.idosell)) {
      exchanges.push({ to: 'idosell', request: `${method} ${url}`, headers: lasting(headers), body });
    }
    for (const { method, path, headers, json } of platform.requests.slice(noted.expertsender)) {
      const body = json === undefined ? '' : JSON.stringify(json);
      exchanges.push({ to: 'expertsender', request: `${method} ${path}`, headers: lasting(headers), body });
    }
    noted.idosell = shop.simulator.requests.length;
    noted.expertsender = platform.requests.length;
  };
  return {
    ...{ shop, platform, exchanges },
    async call(action, fields = {}) {
      const { text } = await shop.call(action, fields);
      exchanges.push({ to: 'connector', action, fields, response: text });
      return text;
    },
    async relay() {
      await shop.relay();
      note();
    },
    async close() {
      await shop.close();
      await platform.close();
    },
  };
}

/** A day that uses every action and both integrations. */
export async function runDay(): Promise<RecordedDay> {
  await emptyTables();
  await countFromOne();
  const day = await openDay();
  const { call, shop } = day;
  await look(call);
  await fillShop(call);
  const own = await orderIn(
    day,
    anOrder({ ...lines(aLine(), aLine({ id: '502', sku: 'KSI', price: '39.00' })), paid: '1' }),
  );
  const ordered = await orderIn(day, supplied({ baselinker_id: '70002' }));
  await call('OrderAdd', anOrder({ ...lines(aLine({ quantity: 3 })), paid: '1', previous_order_id: own }));
  await day.relay();
  shop.clock.pass(3600);
  await shop.poll();
  await shop.simulator.dispatch('sklep-demo-1', { numbers: ['DEMO1'] });
  await shop.readNotifications();
  await shop.poll();
  await call('OrderUpdate', { orders_ids: own, update_type: 'status', update_value: STATUS.sent });
  await call('OrderUpdate', {
    orders_ids: own,
    update_type: 'delivery_number',
    update_value: '620000000000000000000001',
  });
  await day.relay();
  for (const id of [own, ordered]) await call('OrdersGet', { order_id: id });
  await call('OrdersGet', { time_from: '0' });
  await refuse(call);
  return day;
}

async function look(call: RecordedDay['call']): Promise<void> {
  await call('FileVersion');
  await call('SupportedMethods');
  for (const action of ['StatusesList', 'DeliveryMethodsList', 'PaymentMethodsList', 'ProductsCategories'])
    await call(action);
  await call('ProductsList');
  await call('ProductsList', { filter_name: 'kub', filter_sort: 'name DESC', page: 1 });
  await call('ProductsData', { products_id: '501,502,503' });
  await call('ProductsPrices', { page: 1 });
  await call('ProductsQuantity', { page: 1 });
}

async function fillShop(call: RecordedDay['call']): Promise<void> {
  await call('CategoryAdd', { name: 'Prezenty świąteczne' });
  await call('ProductAdd', {
    ...{
      product_id: '',
      sku: 'ZAP-1',
      ean: '5900000000104',
      name: 'Zapałki „Żółw”',
      quantity: '7',
      price_brutto: '3.50',
    },
    ...{ tax_rate: '23', weight: '0.1', description: '<p>Łatwopalne</p>', man_name: 'Czechowice', category_id: '1' },
    images: JSON.stringify(['url:https://shop.example.test/zapalki.jpg']),
    features: JSON.stringify([['Kolor', 'żółty']]),
  });
  const stock = [{ product_id: '501', variant_id: '0', operation: 'set', quantity: '40' }];
  await call('ProductsQuantityUpdate', { products: JSON.stringify(stock) });
  await call('ProductsPriceUpdate', {
    products: JSON.stringify([{ product_id: '502', variant_id: '0', price: '41.50' }]),
  });
  await call('ProductsData', { products_id: '501,502,504' });
  await call('ProductsCategories');
}

async function orderIn({ call }: RecordedDay, fields: Fields): Promise<string> {
  const first = await call('OrderAdd', fields);
  await call('OrderAdd', fields);
  return orderIdIn({ text: first, body: JSON.parse(first) as Record<string, unknown> });
}

/** What is refused, each in its words. */
async function refuse(call: RecordedDay['call']): Promise<void> {
  await call('FileVersion', { bl_pass: 'no-such-key-no-such-key' });
  await call('FileVersion', { bl_pass: '' });
  await call('NoSuchAction');
  await call('ProductsList', { page: '-1' });
  await call('OrdersGet', { order_id: '999999999' });
  await call('OrderAdd', { ...anOrder(), products: '{"broken' });
  await call('ProductsData', {});
}

/** The ids of rows are part of what is recorded. */
async function countFromOne(): Promise<void> {
  const { db } = testDatabase();
  for (const table of await ourTables(db)) await db.raw('ALTER TABLE ?? AUTO_INCREMENT = 1', [table]);
}

/** What does not change with the port, the moment or the key. */
function lasting(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  const names = ['accept', 'accept-encoding', 'content-type', 'content-length', 'soapaction', 'user-agent'];
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}
