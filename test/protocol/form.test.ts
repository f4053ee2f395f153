import assert from 'node:assert/strict';
import { Refusal } from '../../connector/domain/refusal.ts';
import { readForm } from '../../connector/protocol/form.ts';

const FORM = 'application/x-www-form-urlencoded';
const form = async (text: string, type = FORM): Promise<unknown> =>
  JSON.parse(JSON.stringify(await readForm(type, Buffer.from(text)))) as unknown;

const refused = (text: string | Buffer, type = FORM) =>
  assert.rejects(
    readForm(type, Buffer.from(text)),
    (error) => error instanceof Refusal && error.code === 'invalid_parameter',
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
      paid: '1',
      x: '',
      products: [{ id: 1 }],
    });
  });

  it('reads multipart fields', async () => {
    const body = '--xyz\r\nContent-Disposition: form-data; name="action"\r\n\r\nFileVersion\r\n--xyz--\r\n';
    assert.deepEqual(await form(body, 'multipart/form-data; boundary=xyz'), { action: 'FileVersion' });
  });

  it('treats dangerous names as names', async () => {
    const read = await readForm(
      FORM,
      Buffer.from('__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=2'),
    );
    assert.equal(Object.getPrototypeOf(read), null);
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
    await refused('a[]=1&'.repeat(50_001));
  });

  it('reads fifty thousand fields of one list without slowing down', async () => {
    const read = (await readForm(FORM, Buffer.from('a[]=1&'.repeat(50_000)))) as { a: object };
    assert.equal(Object.keys(read.a).length, 50_000);
  });
});
