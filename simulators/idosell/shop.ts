import type { FaultClass, OperationName, Profile } from '../../connector/integrations/idosell/client/profile.ts';
import type { Account, Accounts, Session } from './accounts.ts';
import type { AddressBook } from './addresses.ts';
import type { Answer, Habits } from './answer.ts';
import type { Baskets } from './baskets.ts';
import type { Courier } from './couriers.ts';
import type { Orders } from './orders.ts';
import type { Struct } from './raw.ts';
import type { Stock } from './stock.ts';

/** What the wholesaler says of itself (4.9). */
export interface Supplier {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly zipCode: string;
  readonly city: string;
  readonly averageDeliveryTime: { readonly value: number; readonly unit: string };
  readonly orderCompletionTime: { readonly value: number; readonly unit: string };
  readonly workDays: readonly {
    readonly day: string;
    readonly type: string;
    readonly from: string;
    readonly to: string;
  }[];
}

/** The wholesaler's shop, with everything that is in it. */
export interface Shop {
  readonly profile: Profile;
  readonly habits: Habits;
  readonly now: () => Date;
  readonly accounts: Accounts;
  readonly stock: Stock;
  readonly baskets: Baskets;
  readonly couriers: readonly Courier[];
  readonly orders: Orders;
  readonly addresses: AddressBook;
  readonly supplier: Supplier;
}

/** One call of somebody who may call. */
export interface Call {
  readonly request: number;
  readonly params: Struct;
  readonly account: Account;
  readonly session: Session;
  /** The number by which this operation says so. */
  readonly number: (fault: FaultClass) => string;
  readonly complain: (text: string) => void;
}

export type Operation = (call: Call, shop: Shop) => Answer;

export type Operations = Readonly<Record<Exclude<OperationName, 'authenticate'>, Operation>>;
