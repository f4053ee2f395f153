import { getCustomer, listed, postCustomers } from './customers.ts';
import { deleteOrder, getOrder, postOrders, putStatus, type Context } from './orders.ts';
import { invalid, problem, type Reply } from './problem.ts';

/** A request as it was read from its line. */
export interface Asked {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly apiKey: string | undefined;
  readonly contentType: string;
  readonly body: string;
}

/** Who may ask, whether it can be read, and who answers it. */
export function answer(asked: Asked, apiKey: string, context: Context): Reply {
  const { method, path } = asked;
  if (asked.apiKey !== apiKey) return problem(401, path, 'The key is missing or not valid');
  const steps = segments(path);
  if (!steps) return invalid(path, ['path: is not percent-encoded as it should be']);
  if (method === 'POST' || method === 'PUT') return written(asked, steps.join('/'), context);
  return asked.body === '' ? other(method, path, steps, context) : invalid(path, ['body: none is expected']);
}

function written(asked: Asked, resource: string, context: Context): Reply {
  const taker = new Map([
    ['POST orders', postOrders],
    ['PUT orders/status', putStatus],
    ['POST customers', postCustomers],
  ]).get(`${asked.method} ${resource}`);
  if (!taker) return problem(404, asked.path, 'There is no such resource');
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(asked.contentType)) {
    return invalid(asked.path, [`content-type: ${asked.contentType || 'none'} instead of application/json`]);
  }
  const json = parsed(asked.body);
  return json === undefined ? invalid(asked.path, ['body: is not JSON']) : taker(json, context);
}

function other(method: string, path: string, [resource = '', ...rest]: readonly string[], context: Context): Reply {
  const [first, second] = rest;
  if (resource === 'orders' && rest.length === 1 && first) {
    if (method === 'GET') return getOrder(first, context);
    if (method === 'DELETE') return deleteOrder(first, context);
  }
  if (method === 'GET' && resource === 'customers' && second && rest.length === 2) {
    if (first === 'email') return getCustomer({ email: second }, context);
    if (first === 'id') return getCustomer({ id: second }, context);
  }
  const list = method === 'GET' && rest.length === 0 ? listed(resource, context.account) : undefined;
  return list ?? problem(404, path, 'There is no such resource');
}

function segments(path: string): string[] | undefined {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** `undefined` is no JSON value, so it says "none". */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
