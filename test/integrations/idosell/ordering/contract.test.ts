import { innerHash } from '../../../../connector/integrations/idosell/client/session/system-key.ts';
import { emptyTables } from '../../../support/database.ts';
import { keepsTheTargetContract } from '../../../relay/target-contract.ts';
import { aSupplied, DROPSHIPPING_KEY, PASSWORD } from './a-wholesaler.ts';
import {
  operationOf,
  quotingNo,
  quotingWrongKey,
  scriptedWholesaler,
  SESSION,
  targetAt,
} from './scripted-wholesaler.ts';

const STEPS = ['authenticate', 'checkAvailability', 'listCouriersForOrder', 'importBasket', 'placeOrder'] as const;

describe('for one account', () => {
  beforeEach(emptyTables);

  keepsTheTargetContract('idosell', targetAt, {
    ok: scriptedWholesaler(),
    no: quotingNo,
    wrongKey: quotingWrongKey,
    order: (id) => aSupplied({ id }),
    steps: STEPS.map((operation) => ({
      name: operation,
      isThis: (request) => operationOf(request) === operation,
      isForAll: operation === 'authenticate',
    })),
    secrets: [PASSWORD, innerHash(PASSWORD), DROPSHIPPING_KEY, SESSION, 'Kowalska', '600100200'],
  });
});
