import assert from 'node:assert/strict';
import { meaningOf } from '../../../../connector/integrations/idosell/client/statuses.ts';
import { aProfile, aWholesaler, PATIENCE, type Format, type Said } from './a-wholesaler.ts';
import { LINES, PLACE } from './requests.ts';

const PLAIN = aProfile({ url: 'http://127.0.0.1:1' });

/** The same wholesaler in other words. */
const other = (word: string): string => `x_${word.replace(/ /g, '')}`;

function renamedValues(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([ours, wire]) => [ours, other(wire)]));
}

function renamedKeys<Value>(
  record: Readonly<Record<string, Value>>,
  rename: (key: string) => string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), value]));
}

const groups = (of: object) =>
  Object.fromEntries(
    Object.entries(of).map(([group, names]) => [group, renamedValues(names as Readonly<Record<string, string>>)]),
  );

/** 0 stays done in one table; every other number moves. */
const fault = (code: string): string => (code === 'default' ? code : String(Number(code) + 700));

function renamedProfile(): Record<string, unknown> {
  const { names, words, faults, operations, statusMap } = PLAIN;
  const gates = Object.entries(operations).map(([name, endpoint]) => [
    name,
    { gate: other(endpoint?.gate ?? 'none'), method: other(endpoint?.method ?? name) },
  ]);
  return {
    ...{ names: groups(names), words: groups(words), operations: Object.fromEntries(gates) as unknown },
    faults: {
      common: renamedKeys(faults.common, fault),
      operations: Object.fromEntries(
        Object.entries(faults.operations).map(([name, table]) => [name, renamedKeys(table, fault)]),
      ),
    },
    statusMap: renamedKeys(statusMap, other),
    lostStatuses: [other('lost')],
    ...{ authBlock: 'x_keys', loginField: 'x_login', systemKeyField: 'x_day', sessionKeyField: 'x_session' },
    ...{ dropshippingKeyField: 'x_drop', referenceField: 'x_note', externalReferenceField: 'x_ours' },
    ...{ soapNamespace: 'urn:{gate}', soapAction: '{namespace}/{method}' },
  };
}

function renamed(said: Said): Said {
  if (Array.isArray(said)) return (said as readonly Said[]).map(renamed);
  if (typeof said !== 'object' || said === null) return said;
  return Object.fromEntries(Object.entries(said).map(([name, value]) => [other(name), renamed(value)]));
}

const DONE = { faultCode: 700, faultString: '' };

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`a wholesaler with other names for everything (${format})`, () => {
    const simulator = aWholesaler(format);
    const client = () => {
      const opened = simulator.client(renamedProfile());
      simulator.says('authenticate', { ...(renamed({ errors: DONE }) as object), x_session: 'S-1' });
      return opened;
    };
    const says = (operation: Parameters<typeof simulator.says>[0], said: Said) =>
      simulator.says(operation, renamed(said));

    it('is asked in its names only', async () => {
      const account = client();
      says('placeOrder', { errors: DONE, results: { orderId: 'a', orderSerialNumber: 5, status: 'new' } });
      says('importBasket', { errors: DONE });
      says('listCouriersForOrder', { errors: DONE, results: { couriers: [] } });
      says('getOrderStatuses', { errors: DONE, results: { orders: [] } });
      await account.placeOrder(PLACE, PATIENCE());
      await account.importBasket(LINES, 'append', PATIENCE());
      await account.listCouriersForOrder({ address: PLACE.address, paymentType: 'prepaid' }, PATIENCE());
      await account.getOrderStatuses({ orders: [{ orderId: 'a', orderSerialNumber: '5' }] }, PATIENCE());
      for (const { body, path } of simulator.received()) {
        const names =
          format === 'soap' ? body.matchAll(/<(?!\?|\/|soap:|g:)([^\s/>]+)/g) : body.matchAll(/"([^"]+)":/g);
        const plain = Array.from(names, ([, name = '']) => name).filter((name) => !name.startsWith('x_'));
        assert.deepEqual(plain, [], path);
        assert.match(path, /gate=x_\w+\/x_\w+\//);
      }
      const [{ headers } = assert.fail()] = simulator.received('placeOrder');
      if (format === 'soap') assert.equal(headers['soapaction'], '"urn:x_Dropshipping/x_placeOrder"');
    });

    it('is understood in its names only', async () => {
      const account = client();
      const line = { code: '1454-03', codeType: 'internal', available: 'x_n', quantityAvailable: 1, faultCode: 711 };
      says('checkAvailability', { errors: DONE, results: { status: 'x_OK', products: [line] } });
      const checked = await account.checkAvailability(LINES, PATIENCE());
      assert.deepEqual(checked.kind === 'done' && [checked.value.verdict, checked.value.lines[0]?.fault], [
        'missing',
        'out-of-stock',
      ]);
      says('checkAvailability', { errors: DONE, results: { status: 'OK' } });
      const plain = await account.checkAvailability(LINES, PATIENCE());
      assert.equal(plain.kind === 'done' && plain.value.verdict, 'missing');

      says('listCouriers', {
        errors: DONE,
        results: { couriers: [{ courierId: 7, paymentTypes: ['x_prepaid', 'prepaid'] }] },
      });
      const couriers = await account.listCouriers('PL', PATIENCE());
      assert.deepEqual(couriers.kind === 'done' && couriers.value.map(({ id, paymentTypes }) => [id, paymentTypes]), [
        ['7', ['prepaid']],
      ]);

      says('placeOrder', { errors: DONE, results: { orderId: 'a', orderSerialNumber: 5, status: 'new' } });
      const placed = await account.placeOrder(PLACE, PATIENCE());
      assert.deepEqual(placed.kind === 'done' && placed.value, { orderId: 'a', orderSerialNumber: '5', status: 'new' });

      const order = { orderId: 'a', orderStatus: 'x_lost', packages: [{ deliveryPackageNumber: 'P' }], ours: '1001/A' };
      says('getOrderStatuses', { errors: DONE, results: { orders: [order] } });
      const told = await account.getOrderStatuses({ orders: [{ orderId: 'a', orderSerialNumber: '' }] }, PATIENCE());
      const [status = assert.fail()] = told.kind === 'done' ? told.value : [];
      assert.deepEqual([status.reference, status.packages[0]?.number], ['1001/A', 'P']);
      const meaning = meaningOf({ ...status, hasParcel: true }, simulator.profile());
      assert.deepEqual([meaning.state, meaning.isLost], ['cancelled', true]);
    });

    it('has its own numbers for its faults', async () => {
      const account = client();
      says('placeOrder', { errors: { faultCode: 722, faultString: 'adres' } });
      const refused = await account.placeOrder(PLACE, PATIENCE());
      assert.equal(refused.kind === 'error' && refused.class, 'address-invalid');
      says('placeOrder', { errors: { faultCode: 22, faultString: 'adres' } });
      const unknown = await account.placeOrder(PLACE, PATIENCE());
      assert.equal(unknown.kind === 'error' && unknown.class, 'rejected');
      says('listCouriers', { errors: { faultCode: 701, faultString: '' } });
      const session = await account.listCouriers('PL', PATIENCE());
      assert.equal(session.kind === 'error' && session.class, 'auth');
      assert.equal(simulator.received('listCouriers').length, 2);
      says('listCouriers', { errors: { faultCode: 702, faultString: '' } });
      assert.deepEqual(await account.listCouriers('PL', PATIENCE()), { kind: 'done', value: [] });
    });
  });
}
