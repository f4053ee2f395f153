import { ordersGet, productsData, productsList } from '../response-schemas.ts';
import type { CallResponse, Parameters } from '../client.ts';
import type { Finding, Report } from '../report.ts';
import { validate, validateError } from '../validate-response.ts';

/** Requests that no careful caller sends. Only reading actions: nothing here could change the shop. */
const REQUESTS: readonly { readonly action: string; readonly parameters: Parameters }[] = [
  { action: 'ProductsList', parameters: { 'page[]': 2 } },
  { action: 'ProductsList', parameters: { page: -1 } },
  { action: 'ProductsList', parameters: { page: 'two' } },
  { action: 'ProductsList', parameters: { filter_sort: 'no_such_column SIDEWAYS' } },
  { action: 'ProductsList', parameters: { filter_name: `'"%_\\;--` } },
  { action: 'ProductsList', parameters: { filter_price_from: 'cheap' } },
  { action: 'ProductsList', parameters: { 'filter_id[$gt]': 0 } },
  { action: 'ProductsList', parameters: { '__proto__[page]': 2, 'constructor[prototype][page]': 2 } },
  { action: 'ProductsData', parameters: {} },
  { action: 'ProductsData', parameters: { products_id: `1,,,' OR 1=1` } },
  { action: 'OrdersGet', parameters: { time_from: 'yesterday' } },
  { action: 'OrdersGet', parameters: { order_id: '1 OR 1=1' } },
];

const SCHEMAS = { ProductsList: productsList, ProductsData: productsData, OrdersGet: ordersGet } as const;

/** Bad input is refused with `invalid_parameter` or passed over; it is never an internal error, a stack or a hang. */
export async function checkBadInput(report: Report, offered: ReadonlySet<string>): Promise<void> {
  report.heading('Bad input');
  for (const { action, parameters } of REQUESTS.filter((request) => offered.has(request.action))) {
    const fields = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    const title = `${action} ${fields[0] ?? 'without anything'}`;
    await report.judged(title, report.baseLinker.call(action, parameters), (response) => staysCivil(action, response));
  }
}

function staysCivil(action: string, response: CallResponse): Finding {
  const refused = validateError(response, ['invalid_parameter', 'unknown_order', 'unknown_product']);
  if (refused.conforms) return { says: `refused: ${refused.value.error_code}` };
  const schema = Object.entries(SCHEMAS).find(([name]) => name === action)?.[1];
  if (!schema) return { says: '' };
  const passedOver = validate<unknown>(response, schema);
  return passedOver.conforms ? { says: 'answered all the same' } : { says: '', faults: passedOver.faults };
}
