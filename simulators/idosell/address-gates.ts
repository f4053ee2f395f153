import { changed, problemOf, type AddressRecord } from './addresses.ts';
import { done, fails, type OutStruct } from './answer.ts';
import { text, texts } from './raw.ts';
import type { Operation, Shop } from './shop.ts';

/** 4.8: all of this account, where none is named. */
export const getAddresses: Operation = ({ params, account }, shop) => {
  const { profile, addresses, habits } = shop;
  const ids = texts(params, 'ids');
  if (ids.length > profile.maxElements) return fails('too-large', `najwyżej ${profile.maxElements} adresów`);
  const found = addresses.of(account.login).filter(({ id }) => ids.length === 0 || ids.includes(id));
  const results = { [profile.names.addressRecord.addresses]: found.map((record) => recordAnswer(record, shop)) };
  return found.length === 0 && habits.emptyIsFault ? fails('empty', 'brak wyników', results) : done(results);
};

export const updateAddress: Operation = ({ params, account }, { profile, addresses, orders, habits }) => {
  const names = profile.names.addressRecord;
  const record = addresses.find(account.login, text(params, 'id'));
  if (!record) return fails('rejected', 'nie ma takiego adresu');
  const next = changed(record.address, params);
  const isOfPoint = orders.all.some(({ addressId, pickupPointId }) => addressId === record.id && pickupPointId !== '');
  const wrong = problemOf(next, isOfPoint ? 'point' : 'door');
  if (wrong !== undefined) return fails('address-invalid', wrong);
  record.address = next;
  // An order that was placed with it keeps the address that it had, unless this wholesaler sees that otherwise.
  const itsOrders = habits.addressChangesOrders ? orders.all.filter(({ addressId }) => addressId === record.id) : [];
  for (const order of itsOrders) order.address = next;
  return done({ [names.resultStatus]: true, [names.deliveryAddressId]: Number(record.id) });
};

function recordAnswer({ id, address }: AddressRecord, { profile }: Shop): OutStruct {
  const { address: names, addressRecord } = profile.names;
  return {
    [addressRecord.deliveryAddressId]: Number(id),
    ...Object.fromEntries(Object.entries(names).map(([name, wire]) => [wire, address[name as keyof typeof names]])),
  };
}
