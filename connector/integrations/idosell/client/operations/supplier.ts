import { refusal, type Account } from '../session/account.ts';
import type { IdoSell } from '../client.ts';
import { asFields, asList, asText, find, isFields, textOf, type ResponseValue } from '../codec/response.ts';

/** Who the wholesaler is: good for trying a connection (docs/protocol/idosell.md 4.9). */
export function getSupplierData(account: Account): IdoSell['getSupplierData'] {
  const { frame, supplier } = account.calls.profile.names;
  return async (signal) => {
    const response = await account.sendRequest({ operation: 'getSupplierData', params: [], signal });
    if (response.kind === 'error') return response;
    if (response.fault.class !== 'done') return refusal(account, response);
    const found = (name: string) => find(response.fields, frame.results, name);
    const of = (name: string) => asText(found(name));
    const span = (value: ResponseValue | undefined) => {
      if (!isFields(value)) return asText(value);
      const [count, unit] = [textOf(value, supplier.value), textOf(value, supplier.unit)];
      // The one unit of which there are none.
      return unit === 'immediately' ? unit : `${count} ${unit}`.trim();
    };
    const days = asList(found(supplier.workDays)).map(asFields);
    return {
      kind: 'done',
      value: {
        ...{ name: of(supplier.name), email: of(supplier.email), phone: of(supplier.phone) },
        ...{ street: of(supplier.street), zipCode: of(supplier.zipCode), city: of(supplier.city) },
        averageDeliveryTime: span(found(supplier.averageDeliveryTime)),
        orderCompletionTime: span(found(supplier.orderCompletionTime)),
        workDays: days.map((one) => ({
          ...{ day: textOf(one, supplier.day), type: textOf(one, supplier.type) },
          ...{ from: textOf(one, supplier.from), to: textOf(one, supplier.to) },
        })),
      },
    };
  };
}
