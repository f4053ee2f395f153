import assert from 'node:assert/strict';
import { ApiError } from '../../../connector/domain/api-error.ts';
import { readForm as read } from '../../../connector/baselinker/wire/form.ts';

/** A refusal is thrown; as a promise it is told like any other. */
const readForm = async (type: string, body: Buffer) => Promise.resolve(read(type, body));

const FORM = 'application/x-www-form-urlencoded';
const form = async (text: string, type = FORM): Promise<unknown> =>
  JSON.parse(JSON.stringify(await readForm(type, Buffer.from(text)))) as unknown;

const refused = (text: string | Buffer, type = FORM) =>
  assert.rejects(
    readForm(type, Buffer.from(text)),
    (error) => error instanceof ApiError && error.code === 'invalid_parameter',
  );

describe('reading the body of a call', () => {
  it('reads form fields with plus signs, percent codes and bare UTF-8', async () => {
    assert.deepEqual(await form('a=1+2&b=%C5%BB%C3%B3%C5%82w&c=żółw&d&e='), {
      a: '1 2',
      b: 'Żółw',
      c: 'żółw',
      d: '',
      e: '',
    });
  });

  it('reads brackets as PHP does', async () => {
    assert.deepEqual(await form('products[0][product_id]=5&products[0][price]=1.50&products[1][product_id]=6'), {
      products: { 0: { product_id: '5', price: '1.50' }, 1: { product_id: '6' } },
    });
    assert.deepEqual(await form('a[]=x&a[]=y&a[7]=z&a[]=w'), { a: { 0: 'x', 1: 'y', 7: 'z', 8: 'w' } });
  });

  it('takes the last of two values of one field, as PHP does', async () => {
    assert.deepEqual(await form('page=1&page=2'), { page: '2' });
  });

  it('reads JSON with its scalars as the text of a form field', async () => {
    assert.deepEqual(await form('{"page":2,"paid":true,"x":null,"products":[{"id":1}]}', 'application/json'), {
      page: '2',
      paid: 'true',
      x: '',
      products: [{ id: 1 }],
    });
  });

  it('keeps the digits of the numbers in JSON', async () => {
    const sent =
      '{"sku":12345678901234567890,"price":1.50,"products":[{"auction_id":1729384256789012345,"price":-3.50e-15}]}';
    assert.deepEqual(await form(sent, 'application/json'), {
      sku: '12345678901234567890',
      price: '1.50',
      products: [{ auction_id: '1729384256789012345', price: '-3.50e-15' }],
    });
  });

  it('reads multipart fields', async () => {
    const body = '--xyz\r\nContent-Disposition: form-data; name="action"\r\n\r\nFileVersion\r\n--xyz--\r\n';
    assert.deepEqual(await form(body, 'multipart/form-data; boundary=xyz'), { action: 'FileVersion' });
  });

  it('reads multipart bodies with a preamble and with blanks behind a boundary', async () => {
    const part = (boundary: string) =>
      `${boundary}\r\nContent-Disposition: form-data; name="action"\r\n\r\nFileVersion\r\n`;
    for (const before of ['', '\r\n', 'This is a message in several parts.\r\n']) {
      for (const blanks of ['', ' ', ' \t ']) {
        const body = `${before}${part(`--b${blanks}`)}--b--\r\nand behind it`;
        assert.deepEqual(
          await form(body, 'multipart/form-data; boundary=b'),
          { action: 'FileVersion' },
          JSON.stringify(body),
        );
      }
    }
  });

  it('refuses a JSON body with more odd numbers than any call holds, before they cost time', async () => {
    const refusal = /too many numbers/;
    await assert.rejects(readForm('application/json', Buffer.from(`{"a":[${'1.5,'.repeat(20_000)}1]}`)), refusal);
    await readForm('application/json', Buffer.from(`{"a":[${'1.5,'.repeat(9000)}1]}`));
  });

  describe('reads the header of a multipart field', () => {
    const value = async (disposition: string, more = '') => {
      const body = `--b\r\nContent-Disposition:${disposition}${more}\r\n\r\n1\r\n--b--`;
      return JSON.stringify(await readForm('multipart/form-data; boundary=b', Buffer.from(body)));
    };
    for (const [title, disposition, read] of [
      ['with the name as a token', ' form-data; name=action', '{"action":"1"}'],
      ['with brackets in a token', 'form-data;name=a[0][b]', '{"a":{"0":{"b":"1"}}}'],
      ['with blanks around the sign', ' form-data ; NAME = "action" ;', '{"action":"1"}'],
      ['in two lines', ' form-data;\r\n\tname="action"', '{"action":"1"}'],
      ['with quotes within', ' form-data; name="a\\"b\\\\"', '{"a\\"b\\\\":"1"}'],
      ['with a semicolon within', ' form-data; name="a; filename=b"', '{"a; filename=b":"1"}'],
      ['with the name of a file before it', " form-data; filename*=UTF-8''a; name=x", '{}'],
      ['with a coded name', " form-data; name*=UTF-8''%C5%BC", '{"ż":"1"}'],
    ] as const) {
      it(title, async () => assert.equal(await value(disposition), read));
    }

    it('with what .NET says of each part', async () => {
      const more = '\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: binary';
      assert.equal(await value(' form-data; name=action', more), '{"action":"1"}');
    });

    it('and names what it does not understand', async () => {
      for (const [disposition, more, named] of [
        [' form-data; name="a', '', /part 1 .*name=/],
        [' form-data; name="a"b', '', /part 1 /],
        [' form-data; name', '', /part 1 /],
        [' form-data; name=a', '\r\nContent-Transfer-Encoding: base64', /: a .*base64/],
        [' form-data; name=a', '\r\nContent-Type: text/plain; charset="ISO-8859-2"', /: a .*iso-8859-2/],
      ] as const) {
        await assert.rejects(value(disposition, more), named, disposition + more);
      }
      const nameless = Buffer.from('--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--');
      await assert.rejects(readForm('multipart/form-data; boundary=b', nameless), /part 1 .*Content-Disposition/);
    });
  });

  it('passes files and parts without a name over, and refuses a multipart body that is cut anywhere', async () => {
    const type = 'multipart/form-data; boundary="x y"';
    const part = (head: string, value: string) => `--x y\r\nContent-Disposition: form-data${head}\r\n\r\n${value}\r\n`;
    const body = `${part('; name="a"', 'ż 1')}${part('; name="f"; filename="p.txt"', 'file')}${part('', 'none')}${part('; name="e"', '')}--x y--\r\n`;
    assert.deepEqual(await form(body, type), { a: 'ż 1', e: '' });
    const bytes = Buffer.from(body);
    for (let cut = 0; cut < bytes.length - 4; cut += 1) await refused(bytes.subarray(0, cut), type);
    await refused(
      Buffer.concat([
        Buffer.from('--x y\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
        Buffer.from([0xb1]),
        Buffer.from('\r\n--x y--'),
      ]),
      type,
    );
  });

  it('spends little on bodies that are made to cost much', async () => {
    const before = process.cpuUsage();
    await refused('--a\r\n'.repeat(900_000), 'multipart/form-data; boundary=a');
    await refused(`a${'[]'.repeat(2_000_000)}=1`);
    await refused('--a\r\n\r\nx\r\n'.repeat(300_000), 'multipart/form-data; boundary=a');
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < 5000, 'a refusal that blocks everybody for seconds');
  });

  it('treats dangerous names as names', async () => {
    const form = await readForm(
      FORM,
      Buffer.from('__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=2'),
    );
    assert.equal(Object.getPrototypeOf(form), null);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  it('refuses what is not UTF-8, not JSON, not a table of fields, or too much', async () => {
    await refused('name=%B3');
    await refused('name=%zz');
    await refused(Buffer.from([0x61, 0x3d, 0xb3]));
    await refused('a=1', `${FORM}; charset=iso-8859-2`);
    await refused('{"a":', 'application/json');
    await refused('[1]', 'application/json');
    await refused('"text"', 'application/json');
    await refused('<a/>', 'application/xml');
    await refused('--nothing', 'multipart/form-data; boundary=xyz');
    await refused('--nothing', 'multipart/form-data');
    await refused(`a${'[b]'.repeat(20)}=1`);
    await refused('a[]=1&'.repeat(20_001));
  });

  it('reads twenty thousand fields of one list without slowing down', async () => {
    const form = (await readForm(FORM, Buffer.from('a[]=1&'.repeat(20_000)))) as { a: object };
    assert.equal(Object.keys(form.a).length, 20_000);
  });
});
