import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  readNotification,
  type Notification,
} from '../../../../../connector/integrations/idosell/client/notifications/notification.ts';
import { aProfile } from '../a-wholesaler.ts';

const PROFILE = aProfile({ url: 'http://127.0.0.1:1' });
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

const read = (body: string | Uint8Array, contentType = '', query?: string, profile = PROFILE) =>
  readNotification(
    { contentType, body: typeof body === 'string' ? Buffer.from(body) : body, ...(query !== undefined && { query }) },
    profile,
  );

const NOTHING: Notification = {
  ...{ orderId: '', orderSerialNumber: '', reference: '', symbol: '', time: undefined, packages: [] },
};
const parcel = (number: string, courierId = '', courierName = '') => ({
  number,
  courierId,
  courierName,
  trackingUrl: '',
});

const SHEET_JSON = `{ "orderId": "sklep-demo-58", "orderSerialNumber": 40211, "orderStatus": "finished",
  "orderDispatchDate": "2026-11-23 14:05:10",
  "packages": [ { "courierId": 100149, "courierName": "Kurier Demo", "deliveryPackageNumber": "DEMO000123456789" } ] }`;
const SHEET_XML = `<notification><order><orderSerialNumber>40211</orderSerialNumber><orderStatus>finished</orderStatus>
  <packages><item><deliveryPackageNumber>DEMO000123456789</deliveryPackageNumber></item></packages></order></notification>`;
const SHEET_FORM = 'order_sn=40211&status=finished&package_number=DEMO000123456789';
const SHORT = { ...NOTHING, orderSerialNumber: '40211', symbol: 'finished', packages: [parcel('DEMO000123456789')] };

describe('a notification of a wholesaler', () => {
  const told: [what: string, body: string, contentType: string, says: Partial<Notification>][] = [
    [
      'JSON',
      SHEET_JSON,
      JSON_TYPE,
      {
        ...{ orderId: 'sklep-demo-58', orderSerialNumber: '40211', symbol: 'finished' },
        time: new Date('2026-11-23T13:05:10Z'),
        packages: [parcel('DEMO000123456789', '100149', 'Kurier Demo')],
      },
    ],
    ['XML', SHEET_XML, 'text/xml; charset=utf-8', SHORT],
    ['a form', SHEET_FORM, FORM, SHORT],
    ['XML without a type', `\n ${SHEET_XML}`, '', SHORT],
    ['a form without a type', SHEET_FORM, '', SHORT],
    ['JSON that is called a form', '{"order_sn":"40211"}', FORM, { orderSerialNumber: '40211' }],
    ['a list of one order', '[{"ORDER-ID":"a-1"}]', JSON_TYPE, { orderId: 'a-1' }],
    ['an inner order', '{"event":"sent","order":{"id":"a-1"},"courier":{"id":5}}', JSON_TYPE, { orderId: 'a-1' }],
    [
      'an inner order with a telling name',
      '{"courier":{"id":5},"order":{"order_id":"a-1"}}',
      JSON_TYPE,
      { orderId: 'a-1' },
    ],
    [
      'products with ids of their own',
      '{"order_sn":7,"products":[{"id":1},{"id":2}]}',
      JSON_TYPE,
      { orderSerialNumber: '7' },
    ],
    [
      'a status beside another',
      '{"status":"ok","order":{"orderId":"a","orderStatus":"packed"}}',
      JSON_TYPE,
      { orderId: 'a', symbol: 'packed' },
    ],
    ['the symbol false', '{"orderId":"a","orderStatus":false}', JSON_TYPE, { orderId: 'a', symbol: 'false' }],
    ['a reference in a note', '{"clientNoteToOrder":"REF:1001/A\\nproszę szybko"}', JSON_TYPE, { reference: '1001/A' }],
    ['a reference of its own', '{"externalOrderId":"1001/A"}', JSON_TYPE, { reference: '1001/A' }],
    ["somebody's note", '{"orderId":"a","clientNoteToOrder":"proszę szybko"}', JSON_TYPE, { orderId: 'a' }],
    [
      'numbers in a list, one of them twice',
      '{"orderId":"a","numbers":["X1","X2","X1"]}',
      JSON_TYPE,
      { orderId: 'a', packages: [parcel('X1'), parcel('X2')] },
    ],
    [
      'parcels, one with its consignment alone, and a consignment of all',
      '{"orderId":"a","shippingNumber":"ALL","packages":[{"packageNumber":"P1","courierName":"K"},{"shippingNumber":"S2"}]}',
      JSON_TYPE,
      { orderId: 'a', packages: [parcel('P1', '', 'K'), parcel('S2')] },
    ],
    [
      'a consignment alone',
      'orderId=a&shipping_number=S1&deliverer_id=7',
      FORM,
      { orderId: 'a', packages: [parcel('S1', '7')] },
    ],
    [
      "PHP's brackets",
      'order%5Bid%5D=a-1&packages[0][trackingNumber]=P1&packages[0][courierId]=7&packages[1][trackingNumber]=P2&numbers[]=P3&numbers[]=P4',
      FORM,
      { orderId: 'a-1', packages: [parcel('P3'), parcel('P4'), parcel('P1', '7'), parcel('P2')] },
    ],
    [
      'several numbers in one text',
      'order_sn=7&packageNumber=P1,P2;P3',
      FORM,
      { orderSerialNumber: '7', packages: [parcel('P1'), parcel('P2'), parcel('P3')] },
    ],
    [
      'several orders: the first, with its own parcels only',
      '{"orders":[{"orderId":"a","packageNumber":"P1"},{"orderId":"b","packageNumber":"P2"}]}',
      JSON_TYPE,
      { orderId: 'a', packages: [parcel('P1')] },
    ],
    ['lists in lists', '{"a":[{"b":[{"c":[{"orderId":"deep"}]}]}]}', JSON_TYPE, { orderId: 'deep' }],
    ['a parcel alone', '{"trackingNumber":"P1"}', JSON_TYPE, { packages: [parcel('P1')] }],
  ];
  for (const [what, body, contentType, says] of told) {
    it(`is read from ${what}`, () => assert.deepEqual(read(body, contentType), { ...NOTHING, ...says }));
  }

  it('is read from a query where there is no body', () => {
    assert.deepEqual(read('', '', SHEET_FORM), SHORT);
    assert.deepEqual(read(SHEET_FORM, '', 'order_sn=1'), SHORT);
  });

  const unreadable: [what: string, body: string | Uint8Array, contentType?: string][] = [
    ['nothing', ''],
    ['words', 'hello'],
    ['half JSON', '{"orderId":'],
    ['a scalar', '42', JSON_TYPE],
    ['half XML', '<a><orderId>1'],
    ['a document type', `<!DOCTYPE a><a><orderId>1</orderId></a>`],
    ['a reserved name', '<a><__proto__/><orderId>1</orderId></a>'],
    ['no UTF-8', Buffer.from('orderId=\xff\xfe', 'latin1')],
    ['another encoding', '<a><orderId>1</orderId></a>', 'text/xml; charset=iso-8859-2'],
    ['a status alone', '{"status":"ok"}', JSON_TYPE],
    ['depth', '{"a":'.repeat(5000) + '1' + '}'.repeat(5000)],
    ['too many fields', Array.from({ length: 501 }, (_, n) => `f${n}=1`).join('&') + '&orderId=a'],
    ['too much', `orderId=${'x'.repeat(262_144)}`],
  ];
  for (const [what, body, contentType] of unreadable) {
    it(`cannot be read from ${what}`, () => assert.equal(read(body, contentType), undefined));
  }

  it('is found under the names of the profile and no others', () => {
    const profile = aProfile(
      { url: 'http://127.0.0.1:1' },
      {
        webhook: { aliases: { orderId: ['Numer_Zamówienia'], packageNumber: ['list'] } },
        statusIds: { '5': 'finished' },
      },
    );
    assert.deepEqual(
      read('{"numer-zamówienia":"a","orderId":"b","LIST":"P1","status":5}', JSON_TYPE, undefined, profile),
      {
        ...{ ...NOTHING, orderId: 'a', symbol: 'finished', packages: [parcel('P1')] },
      },
    );
  });

  it('is looked through quickly, however many things it lists', () => {
    const many = `{"a":[${Array.from({ length: 85_000 }, () => '{}').join(',')}]}`;
    const before = process.cpuUsage();
    assert.equal(read(many, JSON_TYPE), undefined);
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < 2000);
  });

  it('harms nobody, whatever it is', () => {
    const hostile = fc.oneof(
      fc.json(),
      fc.string(),
      fc.webQueryParameters(),
      fc
        .array(fc.constantFrom('__proto__', '[', ']', '=', '&', 'orderId', 'numbers[]', 'constructor', '1'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(hostile, fc.constantFrom('', FORM, JSON_TYPE, 'text/xml'), (body, type) => {
        read(body, type);
        assert.equal(Object.keys(Object.prototype).length, 0);
      }),
      { numRuns: 500 },
    );
  });
});
