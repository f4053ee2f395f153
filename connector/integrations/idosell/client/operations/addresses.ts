import { refusal, type Account } from '../session/account.ts';
import { callError } from '../session/send-request.ts';
import type { AddressRecord, IdoSell, WireAddress } from '../client.ts';
import { given, int, list, type RequestField } from '../codec/request.ts';
import type { Profile } from '../profile.ts';
import { personsOf } from '../redact.ts';
import { asBoolean, find, findList, isFields, textOf, type ResponseFields } from '../codec/response.ts';

const FIELDS = ['firstName', 'lastName', 'firm', 'street', 'zipCode', 'city', 'countryId', 'phone', 'email'] as const;

/** A consumer's address; what is '' is left out (docs/protocol/idosell.md 4.6). */
export function addressFields({ names }: Profile, address: Partial<WireAddress>): readonly RequestField[] {
  return FIELDS.flatMap((ours) => given(names.address[ours], address[ours] ?? ''));
}

const PAYER_FIELDS = [
  ...(['firstName', 'lastName', 'firm', 'nip', 'street', 'zipCode', 'city', 'countryId', 'phone'] as const),
];

/** Who pays the wholesaler: the reseller. */
export function payerFields({ names, payer }: Profile): readonly RequestField[] {
  return PAYER_FIELDS.flatMap((ours) => given(names.payer[ours], payer[ours]));
}

/** Consumers' addresses as the wholesaler keeps them (4.8). Without ids: all. */
export function getAddresses(account: Account): IdoSell['getAddresses'] {
  const { profile } = account.calls;
  const { frame, addressRecord } = profile.names;
  return async (ids, signal) => {
    const params: RequestField[] = ids.length > 0 ? [[addressRecord.deliveryAddressIds, list(ids.map(int))]] : [];
    const response = await account.sendRequest({ operation: 'getAddresses', params, signal, elements: ids.length });
    if (response.kind === 'error') return response;
    if (response.fault.class === 'empty') return { kind: 'done', value: [] };
    const found = findList(response.fields, frame.results, addressRecord.addresses);
    if (response.fault.class !== 'done' || !found?.every(isFields)) return refusal(account, response);
    return { kind: 'done', value: found.map((one) => addressRecordOf(profile, one)) };
  };
}

function addressRecordOf({ names }: Profile, found: ResponseFields): AddressRecord {
  const of = (ours: (typeof FIELDS)[number]) => textOf(found, names.address[ours]);
  return {
    id: textOf(found, names.addressRecord.deliveryAddressId),
    ...{ firstName: of('firstName'), lastName: of('lastName'), firm: of('firm'), street: of('street') },
    ...{ zipCode: of('zipCode'), city: of('city'), countryId: of('countryId'), phone: of('phone'), email: of('email') },
  };
}

/** Changed fields only. Whether an order that was placed before follows is not known (4.8). */
export function updateAddress(account: Account): IdoSell['updateAddress'] {
  const { profile } = account.calls;
  const { frame, addressRecord, address } = profile.names;
  return async (id, changes, signal) => {
    // Unlike in an order, '' is a change here: that is how an erasure is asked for.
    const changed = FIELDS.flatMap((ours): readonly RequestField[] => {
      const value = changes[ours];
      return value === undefined ? [] : [[address[ours], { kind: 'text', text: value }]];
    });
    const params: RequestField[] = [[addressRecord.deliveryAddressId, int(id)], ...changed];
    const response = await account.sendRequest({
      operation: 'updateAddress',
      params,
      signal,
      persons: personsOf(changes),
    });
    if (response.kind === 'error') return response;
    if (response.fault.class !== 'done') return refusal(account, response);
    const isDone = asBoolean(find(response.fields, frame.results, addressRecord.resultStatus), profile.words.flag);
    return isDone === false ? callError('rejected', 'the address was not changed') : { kind: 'done', value: undefined };
  };
}
