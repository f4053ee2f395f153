import assert from 'node:assert/strict';
import { openAccount } from '../../../../connector/integrations/idosell/client/session/account.ts';
import type { Codec as Written } from '../../../../connector/integrations/idosell/client/codec/codec.ts';
import { jsonCodec } from '../../../../connector/integrations/idosell/client/codec/json.ts';
import { throttle } from '../../../../connector/lib/throttle.ts';
import { text } from '../../../../connector/integrations/idosell/client/codec/request.ts';
import { soapCodec } from '../../../../connector/integrations/idosell/client/codec/soap.ts';
import { innerHash } from '../../../../connector/integrations/idosell/client/session/system-key.ts';
import { startStubServer, type StubServer } from '../../../support/stub-server.ts';
import { aProfile, DONE, fault, handClock, NOW, PASSWORD, PATIENCE, soapAnswer, type Said } from './a-wholesaler.ts';

/** As opaque as keys may be: it means something in XML, in JSON and in a replacement. */
const KEY = `S&"1'\\$&$1<`;
const DROPSHIPPING_KEY = 'DROPKEY-EXAMPLE-1';

for (const format of ['soap', 'json'] as const) {
  describe(`a message to a wholesaler (${format})`, () => {
    let simulator: StubServer;
    let refused = 0;
    beforeEach(async () => {
      refused = 0;
      simulator = await startStubServer(({ path }) => {
        const isLogin = path.includes('Authenticate');
        const said: Said = isLogin
          ? { authenticate: { sessionKey: KEY }, errors: DONE }
          : refused-- > 0
            ? fault(1)
            : { errors: DONE };
        const method = isLogin ? 'authenticate' : 'getSupplierData';
        const body = format === 'soap' ? soapAnswer(method, said) : JSON.stringify(said);
        return { status: 200, headers: { 'Content-Type': format === 'soap' ? 'text/xml' : 'application/json' }, body };
      });
    });
    afterEach(() => simulator.close());

    /** An account whose format tells what it was asked to write. */
    function anAccount(changes: object = {}) {
      const profile = aProfile(simulator, { format, ...changes });
      const real = format === 'soap' ? soapCodec(profile) : jsonCodec(profile);
      const written: string[] = [];
      const counting: Written = {
        ...real,
        write(endpoint, request) {
          written.push(endpoint.method);
          return real.write(endpoint, request);
        },
      };
      const clock = handClock();
      const account = openAccount({
        calls: {
          profile,
          codec: counting,
          throttle: throttle({ concurrency: 2, gapMs: 0, clock }),
          clock,
          now: () => NOW,
        },
        ...{ innerHash: innerHash(PASSWORD), dropshippingKey: DROPSHIPPING_KEY, log: undefined },
      });
      const ask = (params: string) =>
        account.sendRequest({ operation: 'getSupplierData', params: [['name', text(params)]], signal: PATIENCE() });
      return { ask, written };
    }

    it('is written once, the login and each question', async () => {
      const { ask, written } = anAccount();
      await ask('one');
      await ask('two');
      assert.equal(simulator.received.length, 3);
      assert.deepEqual(written.toSorted(), ['authenticate', 'getSupplierData', 'getSupplierData']);
    });

    it('is not written again for another session, and carries its key as it is', async () => {
      refused = 1;
      const { ask, written } = anAccount();
      const told = await ask('Żółć & <co>');
      assert.equal(told.kind, 'response');
      assert.deepEqual(written.toSorted(), ['authenticate', 'authenticate', 'getSupplierData']);
      const bodies = simulator.received.filter(({ path }) => !path.includes('Authenticate')).map(({ body }) => body);
      const key = format === 'soap' ? 'S&amp;&quot;1&apos;\\$&amp;$1&lt;' : JSON.stringify(KEY).slice(1, -1);
      assert.equal(bodies.length, 2);
      for (const body of bodies) assert.ok(body.includes(key) && body.includes('Żółć'), body);
    });

    it('that is too long is not sent, nor is a login for it', async () => {
      const { ask, written } = anAccount({ maxRequestBytes: 2000 });
      const told = await ask('ż'.repeat(1000));
      assert.ok(told.kind === 'error' && told.class === 'too-large');
      assert.deepEqual([simulator.received.length, written], [0, ['getSupplierData']]);
    });
  });
}
