import assert from 'node:assert/strict';
import { classOf, topFault } from '../../../../../connector/integrations/idosell/client/codec/faults.ts';
import { plain } from '../../../../../connector/integrations/idosell/client/codec/request.ts';
import type { OperationName } from '../../../../../connector/integrations/idosell/client/profile.ts';
import type { ResponseValue } from '../../../../../connector/integrations/idosell/client/codec/response.ts';
import { aProfile } from '../a-wholesaler.ts';

const NOWHERE = { url: 'http://127.0.0.1:1' };
const PROFILE = aProfile(NOWHERE);

describe('the number of a fault', () => {
  const table: [operation: OperationName, code: string, expected: string][] = [
    ['listCouriers', '0', 'done'],
    ['listCouriers', '1', 'auth'],
    ['placeOrder', '1', 'auth'],
    ['listCouriers', '2', 'empty'],
    ['placeOrder', '2', 'rejected'],
    ['checkAvailability', '11', 'out-of-stock'],
    ['listCouriers', '11', 'protocol'],
    ['importBasket', '99', 'rejected'],
    ['getOrderStatuses', '99', 'protocol'],
    ['getAddresses', 'constructor', 'protocol'],
  ];
  for (const [operation, code, expected] of table) {
    it(`${code} of ${operation} means ${expected}`, () => assert.equal(classOf(code, operation, PROFILE), expected));
  }

  it('is looked up for the operation, then for all, then by the default', () => {
    const faults = {
      common: { '5': 'auth', '6': 'auth', default: 'supplier-unavailable' },
      operations: { listCouriers: { '5': 'courier-unavailable', default: 'not-sold' } },
    };
    const profile = aProfile(NOWHERE, { faults });
    const codes = ['5', '6', '7', '0'].map((code) => classOf(code, 'listCouriers', profile));
    assert.deepEqual(codes, ['courier-unavailable', 'auth', 'not-sold', 'done']);
    assert.equal(classOf('7', 'getAddresses', profile), 'supplier-unavailable');
  });
});

describe('the block of faults', () => {
  const map = (entries: Record<string, ResponseValue>): ResponseValue => new Map(Object.entries(entries));
  const blocks: [what: string, block: ResponseValue | undefined, expected: string, code: string][] = [
    ['missing', undefined, 'done', '0'],
    ['empty', '', 'done', '0'],
    ['an empty list', [], 'done', '0'],
    ['nothing', null, 'done', '0'],
    ['a map', map({ faultCode: '22', faultString: 'x' }), 'address-invalid', '22'],
    ['a number with zeros', map({ faultCode: '0022' }), 'address-invalid', '22'],
    ['a negative number', map({ faultCode: '-1' }), 'rejected', '-1'],
    ['a number left empty', map({ faultCode: '', faultString: '' }), 'done', '0'],
    [
      'a list with a fault that is not the first',
      [map({ faultCode: '0' }), map({ faultCode: '24' })],
      'customer-blocked',
      '24',
    ],
    ['a list with gaps', map({ '1': map({ faultCode: '24' }) }), 'customer-blocked', '24'],
    ['words', 'coś nie tak', 'protocol', ''],
    ['words without a number', map({ faultCode: '', faultString: 'coś nie tak' }), 'protocol', ''],
    ['another kind of block', map({ message: 'boom' }), 'protocol', ''],
    ['another kind of block that is empty', map({ message: '', count: '0' }), 'done', '0'],
  ];
  for (const [what, block, expected, code] of blocks) {
    it(`that is ${what} means ${expected}`, () => {
      const answer = new Map<string, ResponseValue>(block === undefined ? [] : [['errors', block]]);
      const fault = topFault(answer, 'placeOrder', PROFILE);
      assert.deepEqual([fault.class, fault.code], [expected, code]);
    });
  }

  it('may stand beside the results', () => {
    const answer = new Map<string, ResponseValue>([
      ['faultCode', '20'],
      ['faultString', 'pusty'],
    ]);
    assert.deepEqual(topFault(answer, 'placeOrder', PROFILE), { class: 'basket-empty', code: '20', text: 'pusty' });
  });
});

describe('text that goes out', () => {
  it('has nothing in it that is no character of a text', () => {
    assert.equal(plain('a\u0000\u0007\u001b[31m\u007f\u0085\uD800b\uFFFE\n\tż😀'), 'a[31mb\n\tż😀');
  });
});
