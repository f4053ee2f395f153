import type { FaultClass } from '../../connector/integrations/idosell/client/profile.ts';
import type { Block } from './accounts.ts';
import { fails, type Answer } from './answer.ts';
import { watchBasket } from './basket-gates.ts';
import type { Gate } from './gates.ts';
import { faultNumbers } from './numbers.ts';
import { OPERATIONS } from './operations.ts';
import { struct, text, type Struct } from './raw.ts';
import type { Call, Shop } from './shop.ts';

export interface Attempt {
  readonly request: number;
  readonly gate: Gate;
  /** Keys and parameters in our names. */
  readonly asked: Struct;
  readonly complain: (text: string) => void;
}

export const BASKET_OPERATIONS: ReadonlySet<string> = new Set([
  ...['importBasket', 'listCouriersForOrder', 'placeOrder', 'clearBasket'],
]);

/** Who may ask (section 3), and who answers. */
export function authenticate(knock: Attempt, shop: Shop): Answer {
  const { asked, gate, request, complain } = knock;
  const keys = keysOf(asked, shop);
  if (gate.operation === 'authenticate') return enter(keys, knock, shop);
  const session = shop.accounts.session(text(keys, 'sessionKey'));
  const account = session && shop.accounts.find(session.login);
  if (!account) return fails('auth', 'brak sesji lub sesja wygasła');
  if (text(keys, 'dropshippingKey') !== account.dropshippingKey) {
    return fails('dropshipping-disabled', 'błędny klucz dropshippingu');
  }
  const closed = closedAnswer(account.login, knock, shop);
  if (closed) return closed;
  const number = (fault: FaultClass) => faultNumbers(shop.profile, gate.operation, fault)[0] ?? '';
  const call: Call = { request, params: struct(asked, 'params'), account, session, number, complain };
  if (BASKET_OPERATIONS.has(gate.operation)) {
    watchBasket(shop.baskets.of(session), call, (user) => user !== undefined && shop.accounts.isLive(user));
  }
  return OPERATIONS[gate.operation](call, shop);
}

export const keysOf = (asked: Struct, { profile }: Shop): Struct =>
  profile.authBlock === '' ? asked : struct(asked, 'keys');

function enter(keys: Struct, knock: Attempt, shop: Shop): Answer {
  const { profile, habits, accounts } = shop;
  const login = text(keys, 'login');
  const closed = closedAnswer(login, knock, shop);
  if (closed) return closed;
  const session = accounts.enter(login, text(keys, 'systemKey'));
  if (!session) return fails('auth', 'błędny login lub klucz');
  const key = { [profile.sessionKeyField]: session.key };
  if (habits.sessionKeyAt === 'results') return { fault: 'done', text: '', results: key };
  const isInBlock = habits.sessionKeyAt === 'block' && profile.authBlock !== '';
  return { fault: 'done', text: '', beside: isInBlock ? { [profile.authBlock]: key } : key };
}

/** Some gates say 3 where others say 4 (2.6): the first and the last number that the profile has for it. */
function closedAnswer(login: string, { gate }: Attempt, { accounts, profile }: Shop): Answer | undefined {
  const block: Block | undefined = accounts.blockOf(login);
  if (block !== 'shop' && block !== 'overdue') return undefined;
  const number = faultNumbers(profile, gate.operation, 'supplier-unavailable').at(block === 'shop' ? 0 : -1);
  const answer = fails('supplier-unavailable', 'sklep jest zablokowany');
  return number === undefined ? answer : { ...answer, number };
}
