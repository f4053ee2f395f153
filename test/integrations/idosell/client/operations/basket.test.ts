import assert from 'node:assert/strict';
import type { Availability } from '../../../../../connector/integrations/idosell/client/client.ts';
import { aWholesaler, DONE, fault, PATIENCE, type Format, type Said } from '../a-wholesaler.ts';
import { line, LINES, SOLD_OUT, trouble, value } from '../requests.ts';

for (const format of ['soap', 'json'] satisfies Format[]) {
  describe(`availability (${format})`, () => {
    const simulator = aWholesaler(format);
    const verdicts: [what: string, said: Said, verdict: Availability['verdict']][] = [
      ['OK and good lines', { errors: DONE, results: { status: 'OK', products: [line(), line()] } }, 'available'],
      ['OK alone', { errors: DONE, results: { status: 'OK' } }, 'available'],
      ['OK beside the results', { errors: DONE, status: 'OK', results: [] }, 'available'],
      ['OK with lines left empty', { errors: DONE, results: { status: 'OK', products: [] } }, 'available'],
      [
        'OK with a line that is sold out',
        { errors: DONE, results: { status: 'OK', products: [line(), SOLD_OUT] } },
        'missing',
      ],
      [
        'OK with a fault of a line alone',
        { errors: DONE, results: { status: 'OK', products: [line({ faultCode: '12' })] } },
        'missing',
      ],
      [
        'OK with a flag of a line alone',
        { errors: DONE, results: { status: 'OK', products: [line({ available: 'n' })] } },
        'missing',
      ],
      [
        'a fault that nobody knows',
        { errors: DONE, results: { status: 'OK', products: [line({ faultCode: 999 })] } },
        'missing',
      ],
      ['another word', { errors: DONE, results: { status: 'ERROR', products: [line()] } }, 'missing'],
      ['no word', { errors: DONE, results: { products: [line()] } }, 'unknown'],
      ['nothing', { errors: DONE }, 'unknown'],
      ['empty results', { errors: DONE, results: [] }, 'unknown'],
      ['OK with lines that are none', { errors: DONE, results: { status: 'OK', products: ['x', 'y'] } }, 'unknown'],
      ['a fault of the whole that is about goods', { ...fault(11, 'brak'), results: { status: 'OK' } }, 'missing'],
    ];
    for (const [what, said, verdict] of verdicts) {
      it(`is ${verdict} for ${what}`, async () => {
        simulator.says('checkAvailability', said);
        assert.equal(value(await simulator.client().checkAvailability(LINES, PATIENCE())).verdict, verdict);
      });
    }

    it('tells of each line what can be had', async () => {
      const products = [line(), SOLD_OUT, line({ quantityAvailable: -1 }), line({ quantityAvailable: '2.500' })];
      simulator.says('checkAvailability', { errors: DONE, results: { status: 'ERROR', products } });
      const { lines } = value(await simulator.client().checkAvailability(LINES, PATIENCE()));
      assert.deepEqual(lines[1], {
        ...{ code: '1454-03', codeType: 'internal', available: false, quantity: '0' },
        ...{ fault: 'out-of-stock', faultString: 'za mało sztuk' },
      });
      assert.deepEqual(
        lines.map(({ quantity }) => quantity),
        ['7', '0', undefined, '2.5'],
      );
    });

    it('sends decimals and comments as they are', async () => {
      simulator.says('checkAvailability', { errors: DONE, results: { status: 'OK' } });
      await simulator.client().checkAvailability(LINES, PATIENCE());
      const body = simulator.received('checkAvailability')[0]?.body ?? '';
      const wanted =
        format === 'soap'
          ? 'enc:arrayType="g:productType[2]"'
          : '"params":{"products":[{"code":"1454-03","codeType":"internal","quantity":2},{"code":"5900000000012","codeType":"producer","quantity":0.5,"comment":"mocne opakowanie"}]}}';
      assert.ok(body.includes(wanted), body);
    });

    for (const quantity of ['0', '-1', '', '1e3', '0.0', '01', 'NaN']) {
      it(`never asks for "${quantity}" of something`, async () => {
        const lines = [{ code: 'a', codeType: 'internal', quantity }];
        await assert.rejects(simulator.client().checkAvailability(lines, PATIENCE()), RangeError);
        await assert.rejects(simulator.client().importBasket(lines, 'append', PATIENCE()), RangeError);
        assert.equal(simulator.received().length, 0);
      });
    }
  });

  describe(`the basket (${format})`, () => {
    const simulator = aWholesaler(format);

    it('is what the answer says it is after the import', async () => {
      const products = [line({ quantity: '3.000' }), { code: '880-uniw', codeType: 'internal', quantity: 1 }];
      simulator.says('importBasket', { errors: DONE, results: { status: 'OK', products } });
      const { status, lines } = value(await simulator.client().importBasket(LINES, 'replace', PATIENCE()));
      assert.equal(status, 'OK');
      assert.deepEqual(
        lines?.map(({ code, codeType, quantity, fault: of }) => [code, codeType, quantity, of]),
        [
          ['1454-03', 'internal', '3', 'done'],
          ['880-uniw', 'internal', '1', 'done'],
        ],
      );
    });

    it('is unknown where the answer lists none', async () => {
      simulator.says('importBasket', { errors: DONE, results: { status: 'OK' } });
      assert.equal(value(await simulator.client().importBasket(LINES, 'append', PATIENCE())).lines, undefined);
    });

    it('is told to be replaced only where that is understood', async () => {
      const mode = () =>
        /mode[^a-z]*(?:xsi:type="xsd:string">)?(replace|append)/.exec(
          simulator.received('importBasket').at(-1)?.body ?? '',
        )?.[1];
      await simulator.client().importBasket(LINES, 'replace', PATIENCE());
      assert.equal(mode(), undefined);
      await simulator.client({ basketReplaceSupported: true }).importBasket(LINES, 'replace', PATIENCE());
      assert.equal(mode(), 'replace');
    });

    it('is refused with its lines when one failed below a top that is done', async () => {
      simulator.says('importBasket', {
        errors: DONE,
        results: { status: 'OK', products: [line({ quantity: 2 }), SOLD_OUT] },
      });
      const reply = trouble(await simulator.client().importBasket(LINES, 'append', PATIENCE()));
      assert.deepEqual([reply.class, reply.mayHaveHappened], ['out-of-stock', true]);
      assert.match(reply.reason, /1454-03 za mało sztuk/);
      assert.deepEqual(
        reply.lines?.map(({ fault: of }) => of),
        ['out-of-stock'],
      );
      simulator.says('importBasket', { errors: DONE, results: { products: [SOLD_OUT, SOLD_OUT] } });
      assert.equal(trouble(await simulator.client().importBasket(LINES, 'append', PATIENCE())).mayHaveHappened, false);
    });

    it('cannot be emptied unless the profile says how', async () => {
      assert.equal(trouble(await simulator.client().clearBasket(PATIENCE())).class, 'not-supported');
      assert.equal(simulator.received().length, 0);
      const operations = { clearBasket: { gate: 'Dropshipping', method: 'basketClear' } };
      assert.equal((await simulator.client({ operations }).clearBasket(PATIENCE())).kind, 'done');
    });
  });
}
