import assert from 'node:assert/strict';
import type { IdoSell } from '../../simulators/idosell/server.ts';
import { addressOf, aProfile, at, envelope, parties, post, readXml, send, textAt, type Caller } from './idosell-ask.ts';
import { lines } from './idosell-wants.ts';

describe('the IdoSell simulator reads SOAP strictly', () => {
  const open = parties();
  let simulator: IdoSell;
  let caller: Caller;
  beforeEach(async () => {
    ({ simulator, caller } = await open());
  });

  const body = () => envelope(simulator, 'checkAvailability', caller.content(lines(simulator, ['1454-03', '2'])));

  async function faultOf(sent: string | Buffer): Promise<string | undefined> {
    const { status, text } = await post(simulator, 'checkAvailability', sent);
    const fault = at(await readXml(text), 'Body', 'Fault');
    assert.equal(status, fault === undefined ? 200 : 500);
    return fault === undefined ? undefined : textAt(fault, 'faultcode');
  }

  it('takes the envelope of the sheet', async () => assert.equal(await faultOf(body()), undefined));

  const broken: [what: string, from: string | RegExp, to: string][] = [
    ['another envelope', 'soap/envelope/"', 'soap/envelop/"'],
    ['SOAP 1.2', 'http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'],
    ['no encodingStyle', /soap:encodingStyle="[^"]*"/, ''],
    ['another encodingStyle', /soap:encodingStyle="[^"]*"/, 'soap:encodingStyle="urn:literal"'],
    ['another namespace of the method', 'xmlns:g="basketVerification"', 'xmlns:g="urn:other"'],
    ['another method', /g:basketVerification>/g, 'g:basketImport>'],
    ['a part of another name', /(<\/?)basketVerification\b/g, '$1request'],
    ['a part of another type', 'g:requestType', 'g:askType'],
    ['a structure of a type that is none', 'g:paramsType', 'g:params'],
    ['a part without a type', 'xsi:type="g:requestType"', ''],
    ['a value without a type', '<code xsi:type="xsd:string">', '<code>'],
    ['a value of a type that is none', '<code xsi:type="xsd:string">', '<code xsi:type="xsd:word">'],
    ['a value whose type has no declared prefix', '<code xsi:type="xsd:string">', '<code xsi:type="xs:string">'],
    ['a value that is not of its type', '<quantity xsi:type="xsd:string">2<', '<quantity xsi:type="xsd:int">2,5<'],
    ['a value that stands twice', '</code>', '</code><code xsi:type="xsd:string">880-uniw</code>'],
    ['a value with parts', '1454-03</code>', '<b xsi:type="xsd:string">1</b></code>'],
    ['a structure where a value is expected', /<code xsi:type="xsd:string">/, '<code xsi:type="g:codeType">'],
    ['a list that counts otherwise', 'memberType[1]', 'memberType[2]'],
    ['a list of a type that nobody knows', 'g:memberType[1]', 'soap:memberType[1]'],
    ['a member of another name', /(<\/?)item\b/g, '$1product'],
    ['a part in a namespace', /(<\/?)params\b/g, '$1g:params'],
    ['text between parts', '<code ', 'x<code '],
    ['a DOCTYPE', '<soap:Envelope', '<!DOCTYPE a [<!ENTITY b "c">]>\n<soap:Envelope'],
    ['no XML', '</soap:Envelope>', ''],
    ['two parts', '</g:basketVerification>', '<more xsi:type="xsd:string"/></g:basketVerification>'],
  ];
  for (const [what, from, to] of broken) {
    it(`refuses ${what}`, async () => {
      const sent = body().replace(from, to);
      assert.notEqual(sent, body());
      assert.equal(await faultOf(sent), 'SOAP-ENV:Client');
      assert.equal(simulator.requests.at(-1)?.params, undefined);
    });
  }

  it('refuses what is no UTF-8, and a request that is nested without an end', async () => {
    assert.equal(await faultOf(Buffer.from(body().replace('1454-03', '1454-ó'), 'latin1')), 'SOAP-ENV:Client');
    const open = '<a xsi:type="g:aType">'.repeat(70);
    assert.equal(await faultOf(body().replace('<code ', `${open}${'</a>'.repeat(70)}<code `)), 'SOAP-ENV:Client');
  });

  it('wants its headers', async () => {
    const { url, action } = addressOf(simulator, 'checkAvailability');
    const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` };
    assert.equal(action, 'basketVerification#basketVerification');
    const ask = async (changes: Readonly<Record<string, string>>, method = 'POST') =>
      (await send(url, { method, headers: { ...headers, ...changes }, body: body() })).status;
    assert.equal(await ask({}), 200);
    assert.equal(await ask({ 'content-type': 'text/xml;charset="UTF-8"' }), 200);
    assert.equal(await ask({ 'content-type': 'text/xml' }), 415);
    assert.equal(await ask({ 'content-type': 'application/soap+xml; charset=utf-8' }), 415);
    assert.equal(await ask({ 'content-type': 'text/xml; charset=iso-8859-2' }), 415);
    assert.equal(await ask({ soapaction: action }), 500);
    assert.equal(await ask({ soapaction: '"basketImport#basketImport"' }), 500);
    assert.equal(await ask({}, 'PUT'), 405);
  });

  it('lives at the addresses of the profile and nowhere else', async () => {
    const { url } = addressOf(simulator, 'checkAvailability');
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      soapaction: '"basketVerification#basketVerification"',
    };
    const ask = async (address: string) => (await send(address, { headers, body: body() })).status;
    assert.equal(await ask(url.replaceAll('/basketVerification/1/soap', '%2FbasketVerification%2F1%2Fsoap')), 200);
    for (const [part, other] of [
      ['customer-api', 'customer'],
      ['Dropshipping', 'dropshipping'],
      ['basketVerification', 'basketVerify'],
      ['/1/', '/2/'],
      ['/soap', '/json'],
      ['/soap', '/soap/wsdl'],
      ['gate=', 'lang=pol&gate='],
    ] as const) {
      assert.equal(await ask(url.replace(part, other)), 404, other);
    }
    assert.deepEqual(simulator.requests.at(-1)?.operation, undefined);
  });

  it('silently loses what stands in a list that is no encoded array', async () => {
    const bare = body().replace(/ xsi:type="g:listType" enc:arrayType="[^"]*"/, ' xsi:type="g:productsType"');
    const [fault, results] = await caller
      .read(post(simulator, 'checkAvailability', bare))
      .then((answer) => [at(answer, 'errors', 'faultCode'), at(answer, 'results')]);
    assert.equal(fault, '0');
    assert.deepEqual(
      [at(results, 'status'), at(results, 'products', 0, 'code'), at(results, 'products', 0, 'faultCode')],
      ['ERROR', '', '10'],
    );
    assert.equal(at(results, 'products', 1), undefined);
    assert.deepEqual(simulator.complaints, [
      'request 2: params.products: is not an encoded list, so its members are lost',
    ]);
  });

  it('takes fields that nobody knows, and tells whoever runs it', async () => {
    const sent = body().replace('<code ', '<colour xsi:type="xsd:string">red</colour><code ');
    assert.equal(await faultOf(sent), undefined);
    assert.deepEqual([...simulator.unknownFields], ['params.products[].colour']);
  });

  it('reads nil as left out', async () => {
    const sent = body().replace('<code ', '<comment xsi:nil="true"/><code ');
    assert.equal(await faultOf(sent), undefined);
    assert.deepEqual(simulator.requests.at(-1)?.params, {
      products: [{ code: '1454-03', codeType: 'internal', quantity: '2' }],
    });
  });

  it('answers in the same way: response, types, encoded arrays', async () => {
    const { text, headers } = await post(simulator, 'checkAvailability', body());
    assert.equal(headers['content-type'], 'text/xml; charset=utf-8');
    for (const part of [
      '<ns1:basketVerificationResponse xmlns:ns1="basketVerification"><response xsi:type="ns1:responseType">',
      '<errors xsi:type="ns1:errorsType"><faultCode xsi:type="xsd:int">0</faultCode>',
      '<products SOAP-ENC:arrayType="ns1:productType[1]" xsi:type="ns1:productsType"><item xsi:type="ns1:productType">',
      '<quantityAvailable xsi:type="xsd:decimal">7</quantityAvailable>',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('may answer with another prefix and with members that stand elsewhere', async () => {
    ({ simulator, caller } = await open({ habits: { prefix: 's', multiRef: true } }));
    const { text } = await post(simulator, 'checkAvailability', body());
    assert.match(text, /<s:Envelope /);
    assert.match(text, /<item href="#ref-1"\/>.*<multiRef id="ref-1"/s);
    const read = at(await readXml(text), 'Body', 'basketVerificationResponse', 'response', 'results', 'products', 0);
    assert.equal(at(read, 'code'), '1454-03');
  });

  it('takes no more than the profile says', async () => {
    const status = async (body: string) => (await post(simulator, 'checkAvailability', body)).status;
    // Of another content type, so that nobody has to read that much.
    const unread = (bytes: number) =>
      send(addressOf(simulator, 'checkAvailability').url, { body: Buffer.alloc(bytes, ' ') });
    assert.equal((await unread(10_000_000)).status, 415);
    assert.equal((await unread(10_000_001)).status, 413);
    ({ simulator, caller } = await open({ profile: aProfile({ maxRequestBytes: 4000 }) }));
    assert.equal(await status(body().padEnd(4000, ' ')), 200);
    assert.equal(await status(body().padEnd(4001, ' ')), 413);
  });
});
