import type { OperationName, Profile } from '../../connector/integrations/idosell/client/profile.ts';
import type { Field, Shape } from './raw.ts';

/** What each operation reads, under the profile's names (section 4). */

const plain = (names: Readonly<Record<string, string>>, ...wanted: readonly string[]): Shape =>
  Object.fromEntries(
    (wanted.length > 0 ? wanted : Object.keys(names)).map((name): [string, Field] => {
      const wire = names[name];
      if (wire === undefined) throw new Error(`the profile has no name for ${name}`);
      return [name, { kind: 'text', wire }];
    }),
  );

/** The keys and the parameters of a request. */
export function requestShape(operation: OperationName, profile: Profile): Shape {
  const keys: Shape =
    operation === 'authenticate'
      ? plain({ login: profile.loginField, systemKey: profile.systemKeyField })
      : plain({ sessionKey: profile.sessionKeyField, dropshippingKey: profile.dropshippingKeyField });
  const { params } = profile.names.frame;
  return {
    ...(profile.authBlock === '' ? keys : { keys: { kind: 'struct', wire: profile.authBlock, of: keys } }),
    params: { kind: 'struct', wire: params, of: paramsShape(operation, profile) },
  };
}

function paramsShape(operation: OperationName, profile: Profile): Shape {
  const { basket, courier, order, status, address, addressRecord } = profile.names;
  switch (operation) {
    case 'authenticate':
    case 'getSupplierData':
    case 'clearBasket':
      return {};
    case 'checkAvailability':
      return { products: productList(profile) };
    case 'importBasket':
      return { products: productList(profile), ...plain(basket, 'mode') };
    case 'listCouriers':
      return plain(courier, 'countryId');
    case 'listCouriersForOrder':
      return { deliveryAddress: addressField(profile), ...plain(order, 'paymentType') };
    case 'placeOrder':
      return orderShape(profile);
    case 'getOrderStatuses':
      return {
        orders: { kind: 'list', wire: status.orders, of: plain(status, 'orderId', 'orderSerialNumber') },
        ...plain(status, 'dateBegin', 'dateEnd'),
      };
    case 'cancelOrder':
      return plain(order, 'orderId', 'orderSerialNumber');
    case 'getAddresses':
      return { ids: { kind: 'list', wire: addressRecord.deliveryAddressIds, of: 'text' } };
    case 'updateAddress':
      return { ...plain({ id: addressRecord.deliveryAddressId }), ...plain(address) };
  }
}

function productList({ names: { product } }: Profile): Field {
  const attachments: Field = { kind: 'list', wire: product.attachments, of: plain(product, 'name', 'file') };
  const components: Field = { kind: 'list', wire: product.products, of: plain(product, 'code', 'codeType') };
  const line = { ...plain(product, 'code', 'codeType', 'quantity', 'comment'), attachments, products: components };
  return { kind: 'list', wire: product.products, of: line };
}

const addressField = ({ names: { order, address } }: Profile): Field => ({
  kind: 'struct',
  wire: order.deliveryAddress,
  of: plain(address),
});

function orderShape(profile: Profile): Shape {
  const { order, payer } = profile.names;
  const wanted = [
    ...['courierId', 'deliveryDate', 'pickupPointId', 'paymentType', 'cashOnDeliveryAmount', 'currencyId'],
    ...['clientNoteToCourier', 'clientRequestInvoice'],
  ];
  return {
    ...plain(order, ...wanted),
    deliveryAddress: addressField(profile),
    payerAddress: { kind: 'struct', wire: order.payerAddress, of: plain(payer) },
    ...plain({ note: profile.referenceField }),
    ...(profile.externalReferenceField === '' ? {} : plain({ externalReference: profile.externalReferenceField })),
  };
}
