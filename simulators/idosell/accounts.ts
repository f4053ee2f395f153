import { createHash } from 'node:crypto';
import { shopDay } from './shop-time.ts';

/** Why an account may not do something: the shop is closed for it, its invoices are overdue, or it may not order. */
export type Block = 'shop' | 'overdue' | 'customer';

/** A customer of the wholesaler: a reseller. */
export interface Account {
  readonly login: string;
  readonly password: string;
  readonly dropshippingKey: string;
  /** Decimal text; orders below it are refused. */
  readonly minimumOrder?: string;
  /** Codes of products that are not sold to this customer. */
  readonly notSold?: readonly string[];
}

export interface Session {
  readonly key: string;
  readonly login: string;
  readonly since: number;
  /** `told`: because the simulator was told so. */
  end?: 'replaced' | 'told';
}

export interface Accounts {
  find(login: string): Account | undefined;
  block(login: string, block: Block | undefined): void;
  blockOf(login: string): Block | undefined;
  /** A new session, or undefined for a login that is not known or a key that is not today's. */
  enter(login: string, systemKey: string): Session | undefined;
  /** Undefined for a key that nobody has, or no longer. */
  session(key: string): Session | undefined;
  isLive(session: Session): boolean;
  /** The sessions of one account, or all of them, are gone. */
  endSessions(login?: string): void;
  readonly sessions: readonly Session[];
}

export interface AccountRules {
  readonly timeZone: string;
  readonly ttlSeconds: number;
  /** A new session ends the one before it (3.4). */
  readonly singleSession: boolean;
  readonly now: () => Date;
}

export function openAccounts(accounts: readonly Account[], rules: AccountRules): Accounts {
  const byLogin = new Map(accounts.map((account) => [account.login, account]));
  const blocks = new Map<string, Block>();
  const sessions: Session[] = [];
  const isLive = ({ end, since }: Session) =>
    end === undefined && rules.now().getTime() - since < rules.ttlSeconds * 1000;
  const endAll = (login: string | undefined, end: 'replaced' | 'told') => {
    for (const session of sessions) {
      if ((login === undefined || session.login === login) && isLive(session)) session.end = end;
    }
  };
  return {
    find: (login) => byLogin.get(login),
    block: (login, block) => {
      if (block) blocks.set(login, block);
      else blocks.delete(login);
    },
    blockOf: (login) => blocks.get(login),
    enter: (login, systemKey) => {
      const account = byLogin.get(login);
      const now = rules.now();
      if (!account || systemKey !== systemKeyOf(account.password, shopDay(now, rules.timeZone))) return undefined;
      if (rules.singleSession) endAll(login, 'replaced');
      const number = sessions.length + 1;
      // Not to be guessed from the one before it, and the same in every run.
      const key = `S${number}-${sha1(`${number} ${login} ${now.getTime()}`)}`;
      const session: Session = { key, login, since: now.getTime() };
      sessions.push(session);
      return session;
    },
    session: (key) => sessions.find((session) => session.key === key && isLive(session)),
    isLive,
    endSessions: (login) => endAll(login, 'told'),
    sessions,
  };
}

/** 3.2, once more and on purpose not with the connector's own function. */
const systemKeyOf = (password: string, day: string) => sha1(day + sha1(password));

const sha1 = (text: string) => createHash('sha1').update(text, 'utf8').digest('hex');
