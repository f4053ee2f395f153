import type { Account, MatchField } from './account.ts';
import { wrongAttributes, type Context } from './orders.ts';
import { invalid, problem, type Reply } from './problem.ts';
import { Customers, read, type WireCustomer } from './wire.ts';

const MATCH_BY: Readonly<Record<MatchField, string>> = { email: 'Email', phone: 'PhoneNumber', crmId: 'CrmId' };

export function postCustomers(json: unknown, context: Context): Reply {
  const { account, store } = context;
  const sent = read(Customers, json);
  sent.unknown.forEach((place) => context.unknownField(place));
  if ('errors' in sent) return invalid('/customers', sent.errors);
  const { mode, matchBy, data } = sent.value;
  const errors = data.flatMap((customer, at) => wrongIn(customer, mode, `data[${at}]`, context));
  if (matchBy !== MATCH_BY[account.matchField]) errors.push(`matchBy: must be ${MATCH_BY[account.matchField]}`);
  if (errors.length > 0) return invalid('/customers', errors);
  for (const customer of data) store.putCustomer(customer[account.matchField] ?? '', customer);
  return { status: 201 };
}

function wrongIn(customer: WireCustomer, mode: string, place: string, { account, store }: Context): string[] {
  const errors = wrongAttributes(customer.customAttributes, account.customerAttributes, `${place}.customAttributes`);
  const match = customer[account.matchField] ?? '';
  const isKnown = store.findCustomer(match) !== undefined;
  if (match === '') errors.push(`${place}.${account.matchField}: is required`);
  else if (mode === 'Add' && isKnown) errors.push(`${place}: the customer is already there`);
  else if (mode === 'Update' && !isKnown) errors.push(`${place}: there is no such customer`);
  for (const [at, { id }] of (customer.consentsData?.consents ?? []).entries()) {
    // Consents are numbered from 1, as their list shows them.
    if (id < 1 || id > account.consents.length) {
      errors.push(`${place}.consentsData.consents[${at}].id: there is no such consent`);
    }
  }
  return errors;
}

export function getCustomer(key: { readonly email: string } | { readonly id: string }, { store }: Context): Reply {
  const id = 'email' in key ? store.findCustomer(key.email) : Number(key.id);
  const customer = id === undefined ? undefined : store.customers.get(id);
  if (!customer) return problem(404, '/customers', 'There is no such customer');
  const { consentsData, ...rest } = customer;
  return {
    status: 200,
    body: { status: 0, data: { id, ...rest, consentsData: { consents: consentsData?.consents ?? [] } } },
  };
}

/** Lists of what is set up in the panel, by the resource that answers them. */
export function listed(resource: string, account: Account): Reply | undefined {
  const lists: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>> = {
    orderattributes: account.orderAttributes,
    productattributes: account.productAttributes,
    customerattributes: account.customerAttributes,
    customerconsents: account.consents,
  };
  const list = Object.hasOwn(lists, resource) ? lists[resource] : undefined;
  return (
    list && { status: 200, body: { status: 0, data: list.map(({ name, type }, at) => ({ id: at + 1, name, type })) } }
  );
}
