import assert from 'node:assert/strict';
import { createLog } from '../../connector/lib/log.ts';
import { openWholesalers } from '../../connector/compose/wholesalers.ts';
import { testDatabase } from '../support/database.ts';
import { memoryStream } from '../support/memory-stream.ts';
import { aProfile } from '../integrations/idosell/ordering/a-wholesaler.ts';

const SECRET = 'Sklep-Demo_2026';

/** Opens profiles as their files would hold them. */
const open = (...profiles: readonly object[]) =>
  openWholesalers(
    profiles.map((json, n) => ({ path: `${n + 1}.json`, json, password: SECRET, dropshippingKey: SECRET })),
    {
      db: testDatabase().db,
      owner: 'test',
      now: () => new Date(),
      log: createLog('error', memoryStream()),
    },
  );

const problems = (...profiles: readonly object[]): string[] => {
  try {
    open(...profiles);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

describe('wholesalers', () => {
  it('are opened in the order of their profiles, each with a letter of its own', () => {
    const opened = open(aProfile(), aProfile({ name: 'drugi' }));
    assert.deepEqual(
      opened.map(({ profile, letter, tracker }) => [profile.name, letter, tracker.name]),
      [
        ['hurt', 'A', 'idosell-hurt'],
        ['drugi', 'B', 'idosell-drugi'],
      ],
    );
  });

  it('are refused with every problem of every profile, and no secret', () => {
    const said = problems(
      {
        ...aProfile(),
        login: undefined,
        pasword: SECRET,
        words: { flag: { yep: SECRET } },
        sendWhen: SECRET,
        name: 'Hurt',
      },
      aProfile({ host: `https://${SECRET}`, couriers: { '*': [] } }),
      aProfile({ name: 'drugi' }),
      aProfile({ name: 'drugi' }),
    );
    assert.doesNotMatch(said.join('\n'), new RegExp(SECRET));
    assert.deepEqual(said, [
      'profiles of IDOSELL_PROFILES are not usable:',
      '✖ 1.json: name must be 1 to 24 small letters, digits and hyphens',
      '✖ 1.json: login is missing',
      '✖ 1.json: words.flag: Unrecognized key: "yep" (docs/idosell.md lists every key)',
      '✖ 1.json: sendWhen: Invalid option: expected one of "paid-or-cod"|"paid"|"placed"',
      '✖ 1.json: Unrecognized key: "pasword" (docs/idosell.md lists every key)',
      '✖ 2.json: host must be a name such as hurt.example.com, without https:// and without a path',
      '✖ 2.json: couriers.*: Too small: expected array to have >=1 items',
      '✖ two profiles have the name drugi',
    ]);
  });

  it('are never spoken to in the open, and only by names that XML knows', () => {
    const endpointTemplate = 'http://{host}/?gate={gate}/{method}/{version}/{format}';
    const said = problems(
      aProfile({ host: 'hurt.example.test', endpointTemplate, names: { product: { code: 'the code' } } }),
      aProfile({ name: 'drugi', operations: { placeOrder: { gate: 'D', method: 'place order' } } }),
    );
    assert.equal(said.length, 4, said.join('\n'));
    assert.match(
      said[1] ?? '',
      /^✖ 1\.json: endpointTemplate must begin with https:\/\/.*\(authenticate, .*placeOrder/,
    );
    assert.match(said[2] ?? '', /^✖ 1\.json: names\.product\.code: "the code" is no name in XML$/);
    assert.match(said[3] ?? '', /^✖ 2\.json: operations\.placeOrder\.method is no name in XML$/);
  });

  it('may have a port, or an address in brackets, but no path and no name of a user', () => {
    for (const host of ['hurt.example.test', 'hurt.example.test:8443', '[::1]:8443', '127.0.0.1:1']) {
      assert.deepEqual(problems(aProfile({ host })), [], host);
    }
    for (const host of ['hurt.example.test/x', 'me@hurt.example.test', 'hurt.example.test:', 'http:', '{gate}']) {
      assert.match(problems(aProfile({ host })).join(), /host must be a name/, host);
    }
  });
});
