import type { ExpertSender } from '../../simulators/expertsender/server.ts';

export const API_KEY = 'simulated-key';

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
  readonly headers: Headers;
}

interface Sent {
  readonly body?: unknown;
  /** Instead of a body that is made into JSON. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request with the right key, unless other headers say otherwise. */
export async function ask(
  simulator: ExpertSender,
  request: string,
  { body, raw, headers = {} }: Sent = {},
): Promise<Answered> {
  const [method = '', path = ''] = request.split(' ');
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(simulator.url + path, {
    method,
    headers: {
      'x-api-key': API_KEY,
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    text,
    json: (isJson ? JSON.parse(text) : {}) as Record<string, unknown>,
    headers: response.headers,
  };
}

type Json = Readonly<Record<string, unknown>>;

export const aLine = (changes: Json = {}): Json => ({
  ...{ id: 'KUB', name: 'Kubek', price: 12.45, quantity: 2 },
  ...changes,
});

/** A complete order; a test names only what matters to it, and `undefined` leaves a field out. */
export const anOrder = (changes: Json = {}): Json => ({
  id: '1001',
  date: '2027-01-04T09:00:00Z',
  timeZone: 'UTC',
  status: 'placed',
  currency: 'PLN',
  totalValue: 24.9,
  customer: { email: 'ala@example.test' },
  products: [aLine()],
  ...changes,
});

export const post = (simulator: ExpertSender, orders: readonly Json[], mode = 'AddOrReplace'): Promise<Answered> =>
  ask(simulator, 'POST /orders', { body: { mode, data: orders } });
