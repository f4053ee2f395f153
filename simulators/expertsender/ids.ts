/** The orders that a request is about, whether the rest of it is right or not. */
export function orderIdsOf(method: string, path: string, json: unknown): readonly string[] {
  if (typeof json !== 'object' || json === null) return [];
  if (method === 'PUT' && path === '/orders/status') return texts([Reflect.get(json, 'orderId')]);
  const data: unknown = path === '/orders' ? Reflect.get(json, 'data') : undefined;
  if (!Array.isArray(data)) return [];
  return texts(
    data.map((one: unknown) => (typeof one === 'object' && one !== null ? (Reflect.get(one, 'id') as unknown) : one)),
  );
}

const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');
