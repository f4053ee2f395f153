import { checkBadInput } from '../../../connector/baselinker/check/cases/bad-input.ts';
import { checkBadWrites } from '../../../connector/baselinker/check/cases/bad-writes.ts';
import { checkCatalogue } from '../../../connector/baselinker/check/cases/catalogue.ts';
import { checkConnection } from '../../../connector/baselinker/check/cases/connection.ts';
import { checkDumps } from '../../../connector/baselinker/check/cases/dumps.ts';
import { checkNewProducts } from '../../../connector/baselinker/check/cases/new-products.ts';
import { checkOrderWrites } from '../../../connector/baselinker/check/cases/order-writes.ts';
import { checkOrders } from '../../../connector/baselinker/check/cases/orders.ts';
import { checkStockAndPriceWrites } from '../../../connector/baselinker/check/cases/stock-and-price-writes.ts';
import { baseLinker } from '../../../connector/baselinker/check/client.ts';
import { openReport, type Report } from '../../../connector/baselinker/check/report.ts';
import { KEY, littleConnector, type Fault, type Form } from './little-connector.ts';
import { littleShop, type LittleShop } from './little-shop.ts';

export type FaultOf = (action: string, form: Form, shop: LittleShop) => Fault | undefined;

export const NOW = new Date('2026-01-02T00:00:00Z');

export interface Checked {
  readonly conforms: boolean;
  /** As one text without line breaks. */
  readonly report: string;
  readonly lines: string[];
  /** As the check has left it. */
  readonly shop: LittleShop;
}

type Group = (report: Report) => Promise<unknown>;

/** What the little connector offers and a group may use. */
const offered = new Set([
  ...['ProductsCategories', 'ProductsList', 'ProductsData', 'ProductsPrices', 'ProductsQuantity', 'OrdersGet'],
  ...['StatusesList', 'DeliveryMethodsList', 'PaymentMethodsList', 'ProductsQuantityUpdate', 'ProductsPriceUpdate'],
  ...['ProductAdd', 'CategoryAdd', 'OrderAdd', 'OrderUpdate'],
]);

/** The product of the little shop that a whole check chooses to write with. */
const sample = { id: '9', name: 'Talerz', sku: 'PLATE', price: '31.50', stock: 3 };

/** As the whole list is read before the dumps. */
const listed = { rows: littleShop().products, pages: 1, complete: true };

/** The groups of a check, each run without the others. */
export const GROUPS = {
  connection: (report) => checkConnection(report, KEY),
  categories: (report) => checkCatalogue(report, new Set(['ProductsCategories'])),
  list: (report) => checkCatalogue(report, new Set(['ProductsList'])),
  catalogue: (report) => checkCatalogue(report, offered),
  'catalogue and dumps': async (report) => checkDumps(report, offered, await checkCatalogue(report, offered)),
  dumps: (report) => checkDumps(report, offered, listed),
  orders: (report) => checkOrders(report, offered, NOW),
  'bad input': (report) => checkBadInput(report, offered),
  'bad writes': (report) => checkBadWrites(report, offered),
  'stock and prices': (report) => checkStockAndPriceWrites(report, offered, sample),
  'order writes': (report) => checkOrderWrites(report, offered, { sample, now: NOW, leftovers: [] }),
  'new products': (report) => checkNewProducts(report, offered, []),
} satisfies Record<string, Group>;

export type GroupName = keyof typeof GROUPS;

/** Runs one group against the little connector with these faults. */
export async function checkGroup(group: GroupName, faultOf?: FaultOf, timeoutMs = 10_000): Promise<Checked> {
  const connector = await littleConnector(faultOf);
  const lines: string[] = [];
  try {
    const report = openReport(baseLinker({ url: connector.url, key: KEY, timeoutMs }), (line) => void lines.push(line));
    await GROUPS[group](report);
    const conforms = report.close();
    return { conforms, report: lines.join(' ').replace(/\s+/g, ' '), lines, shop: connector.shop };
  } finally {
    await connector.stop();
  }
}
