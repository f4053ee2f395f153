import { request } from 'node:http';
import { z } from 'zod';
import type { Profile } from '../../connector/integrations/idosell/client/profile.ts';
import type { Order } from './orders.ts';
import { shopTime } from './shop-time.ts';
import { escaped } from './soap-write.ts';

/** How the wholesaler's shop tells that an order was sent: not documented, so every way that can be thought of (6.1). */
export const Way = z.strictObject({
  form: z.enum(['json', 'xml', 'form', 'get']).default('json'),
  /** Which of the profile's names are used. */
  variant: z.int().min(0).default(0),
  /** Parcels as a list of their own, or their numbers beside the rest; forms have no lists. */
  nesting: z.enum(['packages', 'flat']).default('packages'),
  /** Another type than the form's; '' sends none. */
  contentType: z.string().optional(),
  times: z.int().min(1).default(1),
  withoutNumber: z.boolean().default(false),
  /** By what the order is named. */
  tells: z.array(z.enum(['orderId', 'orderSerialNumber', 'reference'])).default(['orderId', 'orderSerialNumber']),
  /** Another order's id than the right one. */
  asOrder: z.string().optional(),
});

export type Way = z.output<typeof Way>;

export interface WebhookCall {
  readonly orderId: string;
  readonly form: Way['form'];
  readonly at: Date;
  /** The answer's, or what became of the line instead. */
  readonly status: number | undefined;
  readonly text: string;
}

type Told = string | readonly string[] | readonly Fields[];
type Fields = ReadonlyMap<string, Told>;

const TIMEOUT_MS = 5000;

export async function callWebhook(
  url: string,
  {
    order,
    way,
    profile,
    now,
  }: { readonly order: Order; readonly way: Way; readonly profile: Profile; readonly now: () => Date },
): Promise<WebhookCall> {
  const fields = fieldsOf(order, way, profile);
  const target = loopback(url);
  if (way.form === 'get') target.search = pairsOf(fields).toString();
  const [type, body] = written(fields, way.form, profile);
  const contentType = way.contentType ?? type;
  const headers = contentType === '' || way.form === 'get' ? {} : { 'content-type': contentType };
  const answer = await post(target, { method: way.form === 'get' ? 'GET' : 'POST', headers }, body);
  return { orderId: way.asOrder ?? order.orderId, form: way.form, at: now(), ...answer };
}

/** Nothing leaves this computer. */
export function loopback(url: string): URL {
  const target = new URL(url);
  const isHere = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(target.hostname);
  if (target.protocol !== 'http:' || !isHere) throw new RangeError('a webhook goes to the loopback, and nowhere else');
  return target;
}

function fieldsOf(
  order: Order,
  way: Way,
  { webhook, names, referenceField, referencePrefix, timeZone }: Profile,
): Fields {
  const name = (what: keyof typeof webhook.aliases) => {
    const aliases = webhook.aliases[what];
    return aliases[way.variant % aliases.length] ?? what;
  };
  const fields = new Map<string, Told>();
  if (way.tells.includes('orderId')) fields.set(name('orderId'), way.asOrder ?? order.orderId);
  if (way.tells.includes('orderSerialNumber') && way.asOrder === undefined) {
    fields.set(name('orderSerialNumber'), order.serialNumber);
  }
  if (way.tells.includes('reference')) {
    const called = name('reference');
    fields.set(called, called === referenceField ? `${referencePrefix}${order.reference}` : order.reference);
  }
  fields.set(name('status'), order.status);
  if (order.dispatchedAt) fields.set(name('time'), shopTime(order.dispatchedAt, timeZone));
  const packages = way.withoutNumber ? [] : order.packages;
  if (way.nesting === 'packages' && (way.form === 'json' || way.form === 'xml')) {
    const parcels = packages.map(({ courierId, packageNumber, shippingNumber }) => {
      const numbers = [
        [name('packageNumber'), packageNumber],
        [name('shippingNumber'), shippingNumber],
      ] as const;
      return new Map([[name('courier'), courierId], ...numbers.filter(([, number]) => number !== '')]);
    });
    return fields.set(names.status.packages, parcels);
  }
  fields.set(name('courier'), packages[0]?.courierId ?? order.courierId);
  const numbersOf = (one: 'packageNumber' | 'shippingNumber') => packages.map((p) => p[one]).filter((n) => n !== '');
  for (const one of ['packageNumber', 'shippingNumber'] as const) {
    const [first, ...more] = numbersOf(one);
    if (first !== undefined)
      fields.set(name(one), more.length > 0 || name(one) === 'numbers' ? [first, ...more] : first);
  }
  return fields;
}

function written(fields: Fields, form: Way['form'], profile: Profile): [type: string, body: string] {
  switch (form) {
    case 'json':
      return ['application/json', JSON.stringify(plain(fields))];
    case 'xml':
      return ['text/xml; charset=utf-8', `<notification><order>${xml(fields, profile)}</order></notification>`];
    case 'form':
      return ['application/x-www-form-urlencoded', pairsOf(fields).toString()];
    case 'get':
      return ['', ''];
  }
}

const plain = (fields: Fields): unknown =>
  Object.fromEntries(Array.from(fields, ([name, told]) => [name, isFieldsList(told) ? told.map(plain) : told]));

function xml(fields: Fields, profile: Profile): string {
  const { item } = profile.names.frame;
  const one = (name: string, content: string) => `<${name}>${content}</${name}>`;
  return Array.from(fields, ([name, told]) => {
    if (typeof told === 'string') return one(name, escaped(told));
    const members = isFieldsList(told) ? told.map((member) => xml(member, profile)) : told.map(escaped);
    return one(name, members.map((member) => one(item, member)).join(''));
  }).join('');
}

const pairsOf = (fields: Fields): URLSearchParams =>
  new URLSearchParams(
    Array.from(fields).flatMap(([name, told]) =>
      isFieldsList(told) ? [] : [told].flat().map((text): [string, string] => [name, text]),
    ),
  );

const isFieldsList = (told: Told): told is readonly Fields[] => typeof told !== 'string' && told[0] instanceof Map;

/** Sends once and follows nothing. */
function post(
  target: URL,
  options: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
  body: string,
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve) => {
    const lost = (error: Error) => resolve({ status: undefined, text: error.message });
    const call = request(target, { ...options, agent: false, timeout: TIMEOUT_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(0, 200)));
      answer.once('error', lost).once('end', () => resolve({ status: answer.statusCode, text }));
    });
    call.once('timeout', () => call.destroy(new Error('timed out'))).once('error', lost);
    call.end(body);
  });
}
