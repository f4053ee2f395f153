/** What a request is answered with. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const TITLES = new Map([
  [400, 'Request is not valid'],
  [401, 'Not authorised'],
  [404, 'Not found'],
]);

/** The error body of all resources; `errors` only where something can be put right. */
export function problem(status: number, instance: string, detail: string, errors?: readonly string[]): Reply {
  const body = {
    type: 'about:blank',
    title: TITLES.get(status) ?? 'Problem',
    status,
    // The documents show this one for everything.
    substatus: 'CustomerInvalidModelState',
    detail,
    instance,
  };
  return { status, body: errors ? { ...body, errors } : body };
}

export function invalid(instance: string, errors: readonly string[]): Reply {
  return problem(400, instance, `${errors.length} ${errors.length === 1 ? 'problem' : 'problems'} found`, errors);
}
