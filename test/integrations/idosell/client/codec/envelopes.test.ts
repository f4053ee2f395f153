import assert from 'node:assert/strict';
import { aWholesaler, DONE, PATIENCE } from '../a-wholesaler.ts';
import { PLACE } from '../requests.ts';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:g="METHOD" soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><soap:Body>`;

const KEYS = `<authenticate xsi:type="g:authenticateType"><sessionKey xsi:type="xsd:string">SESSION-EXAMPLE-1</sessionKey><dropshippingKey xsi:type="xsd:string">DROPKEY-EXAMPLE-1</dropshippingKey></authenticate>`;

const LOGIN = `${HEAD.replace('METHOD', 'authenticate')}<g:authenticate><authenticate xsi:type="g:requestType"><authenticate xsi:type="g:authenticateType"><systemLogin xsi:type="xsd:string">sklep-demo</systemLogin><systemKey xsi:type="xsd:string">5c9937e6f129e2ccf8f95d7e1458974e5992a70a</systemKey></authenticate></authenticate></g:authenticate></soap:Body></soap:Envelope>`;

const CHECK = `${HEAD.replace('METHOD', 'basketVerification')}<g:basketVerification><basketVerification xsi:type="g:requestType">${KEYS}<params xsi:type="g:paramsType"><products xsi:type="g:productsType" enc:arrayType="g:productType[1]"><item xsi:type="g:productType"><code xsi:type="xsd:string">1454-03</code><codeType xsi:type="xsd:string">internal</codeType><quantity xsi:type="xsd:decimal">2</quantity></item></products></params></basketVerification></g:basketVerification></soap:Body></soap:Envelope>`;

const ORDER = `${HEAD.replace('METHOD', 'placeOrder')}<g:placeOrder><placeOrder xsi:type="g:requestType">${KEYS}<params xsi:type="g:paramsType"><courierId xsi:type="xsd:int">100149</courierId><paymentType xsi:type="xsd:string">cash_on_delivery</paymentType><cashOnDeliveryAmount xsi:type="xsd:decimal">129.90</cashOnDeliveryAmount><currencyId xsi:type="xsd:string">PLN</currencyId><deliveryAddress xsi:type="g:deliveryAddressType"><firstName xsi:type="xsd:string">Anna &lt;b&gt;</firstName><lastName xsi:type="xsd:string">O&apos;Przykładowa</lastName><street xsi:type="xsd:string">Lipowa 7/2</street><zipCode xsi:type="xsd:string">00-950</zipCode><city xsi:type="xsd:string">Warszawa</city><countryId xsi:type="xsd:string">PL</countryId><phone xsi:type="xsd:string">600000001</phone></deliveryAddress><payerAddress xsi:type="g:payerAddressType"><firm xsi:type="xsd:string">Sklep Demo sp. z o.o.</firm><nip xsi:type="xsd:string">1111111111</nip><street xsi:type="xsd:string">Handlowa 1</street><zipCode xsi:type="xsd:string">70-001</zipCode><city xsi:type="xsd:string">Szczecin</city><countryId xsi:type="xsd:string">PL</countryId></payerAddress><clientNoteToOrder xsi:type="xsd:string">REF:1001/A</clientNoteToOrder><externalOrderId xsi:type="xsd:string">1001/A</externalOrderId><clientNoteToCourier xsi:type="xsd:string">drugie &quot;piętro&quot; &amp; winda</clientNoteToCourier><clientRequestInvoice xsi:type="xsd:string">n</clientRequestInvoice></params></placeOrder></g:placeOrder></soap:Body></soap:Envelope>`;

describe('what goes out to a wholesaler in SOAP', () => {
  const simulator = aWholesaler();

  it('is the recorded login and the recorded check, byte for byte', async () => {
    simulator.says('checkAvailability', { results: { status: 'OK' }, errors: DONE });
    const lines = [{ code: '1454-03', codeType: 'internal', quantity: '2' }];
    const reply = await simulator.client().checkAvailability(lines, PATIENCE());
    assert.deepEqual(reply, { kind: 'done', value: { verdict: 'available', lines: [] } });
    const [login, check] = simulator.received();
    assert.equal(login?.body, LOGIN);
    assert.equal(check?.body, CHECK);
    assert.equal(check.path, '/customer-api/?gate=Dropshipping/basketVerification/1/soap');
    const { soapaction, accept } = check.headers;
    assert.deepEqual(
      [check.method, check.headers['content-type'], soapaction, accept],
      ['POST', 'text/xml; charset=utf-8', '"basketVerification#basketVerification"', 'text/xml'],
    );
  });

  it('is the recorded order, byte for byte, with what the consumer typed made harmless', async () => {
    simulator.says('placeOrder', {
      errors: DONE,
      results: { orderId: 'sklep-demo-58', orderSerialNumber: 40211, status: 'new' },
    });
    const reply = await simulator.client({ externalReferenceField: 'externalOrderId' }).placeOrder(PLACE, PATIENCE());
    assert.deepEqual(reply, {
      kind: 'done',
      value: { orderId: 'sklep-demo-58', orderSerialNumber: '40211', status: 'new' },
    });
    assert.equal(simulator.received('placeOrder')[0]?.body, ORDER);
  });
});
