import type { Log } from '../../../../connector/lib/log.ts';
import { Profile, type OperationName } from '../../../../connector/integrations/idosell/client/profile.ts';
import { openWholesalers } from '../../../../connector/compose/wholesalers.ts';
import type { Target } from '../../../../connector/contracts/target.ts';
import { idoSellTarget } from '../../../../connector/integrations/idosell/ordering/index.ts';
import { DONE, fault, soapAnswer, type Said } from '../client/a-wholesaler.ts';
import { testDatabase } from '../../../support/database.ts';
import type { Received, Reply } from '../../../support/stub-server.ts';
import { aProfile, DROPSHIPPING_KEY, NOW, PASSWORD } from './a-wholesaler.ts';

export const SESSION = 'SESSION-OF-THE-CONTRACT-1';
const ENDPOINT = 'http://{host}/customer-api/?gate={gate}/{method}/{version}/{format}';
const { operations } = Profile.parse(aProfile());

/** Gate and method are in the address; see the profile's template. */
export function operationOf({ path }: Received): OperationName | undefined {
  const names = Object.keys(operations) as OperationName[];
  return names.find((name) => path.includes(`${operations[name]?.gate ?? ''}/${operations[name]?.method ?? ''}/`));
}

const MUG = { code: '501-uniw', codeType: 'internal', quantity: 1, available: 'y', ...DONE };
const COURIERS = [{ courierId: 100149, courierName: 'Kurier Demo', hasPickupPoints: 'n' }];

/** What a wholesaler says when all goes well; its basket is empty whenever somebody has logged in. */
export function scriptedWholesaler() {
  let isFilled = false;
  const say = (operation: OperationName | undefined): Said => {
    switch (operation) {
      case 'authenticate':
        isFilled = false;
        return { authenticate: { sessionKey: SESSION }, errors: DONE };
      case 'listCouriersForOrder':
        return isFilled ? { errors: DONE, results: { couriers: COURIERS } } : fault(20, 'koszyk jest pusty');
      case 'placeOrder':
        return { errors: DONE, results: { orderId: 'sklep-demo-1', orderSerialNumber: 40211, status: 'new' } };
      case 'importBasket':
        isFilled = true;
        return { errors: DONE, results: { status: 'OK', products: [MUG] } };
      default:
        return { errors: DONE, results: { status: 'OK', products: [MUG] } };
    }
  };
  return (request: Received): Reply => answer(request, say(operationOf(request)));
}

function answer(request: Received, said: Said): Reply {
  const method = operations[operationOf(request) ?? 'authenticate']?.method ?? '';
  return { status: 200, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body: soapAnswer(method, said) };
}

/** Quotes what it was sent, keys and consumer and all. */
export const quotingNo = (request: Received): Reply =>
  answer(request, fault(99, `nie: ${request.body.replaceAll(/<[^>]*>/g, ' ')}`));
export const quotingWrongKey = (request: Received): Reply =>
  answer(request, fault(1, `błędny klucz w ${request.body}`));

/** Our account at the wholesaler with this address. */
export function targetAt(url: string, log: Log): Target {
  const json = aProfile({ host: new URL(url).host, endpointTemplate: ENDPOINT });
  const now = () => NOW;
  const given = { path: 'test.json', json, password: PASSWORD, dropshippingKey: DROPSHIPPING_KEY };
  const [supplier] = openWholesalers([given], { db: testDatabase().db, owner: 'contract', now, log });
  if (!supplier) throw new Error('no wholesaler');
  return idoSellTarget({ ...supplier, now });
}
