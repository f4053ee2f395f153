import { times, type Amount } from './amount.ts';
import type { Session } from './accounts.ts';
import type { Product } from './stock.ts';

export interface BasketLine {
  readonly product: Product;
  readonly code: string;
  readonly codeType: string;
  readonly quantity: Amount;
  readonly comment: string;
  /** The request that brought it, or the account's owner at the storefront. */
  readonly by: number | 'storefront';
}

export interface Basket {
  lines: readonly BasketLine[];
  /** The session that has put the first line there. */
  user: Session | undefined;
}

export interface Baskets {
  of(session: Session): Basket;
  /** Somebody else puts a line there; with baskets of sessions nobody else can. */
  fill(login: string, line: BasketLine): void;
  readonly all: ReadonlyMap<string, Basket>;
}

export function openBaskets(scope: 'account' | 'session'): Baskets {
  const baskets = new Map<string, Basket>();
  const open = (key: string): Basket => {
    const basket = baskets.get(key) ?? { lines: [], user: undefined };
    baskets.set(key, basket);
    return basket;
  };
  return {
    of: ({ key, login }) => open(scope === 'account' ? login : key),
    fill: (login, line) => {
      if (scope === 'session') throw new Error('a basket belongs to its session: nobody else can fill it');
      put(open(login), line);
    },
    all: baskets,
  };
}

/** The same product with the same note is one line. */
export function put(basket: Basket, line: BasketLine): void {
  const isSame = (one: BasketLine) => one.product === line.product && one.comment === line.comment;
  basket.lines = basket.lines.some(isSame)
    ? basket.lines.map((one) => (isSame(one) ? { ...one, quantity: one.quantity + line.quantity } : one))
    : [...basket.lines, line];
}

export function empty(basket: Basket): void {
  basket.lines = [];
  basket.user = undefined;
}

export const sum = (lines: readonly BasketLine[], of: (line: BasketLine) => Amount): Amount =>
  lines.reduce((total, line) => total + of(line), 0n);

export const wantedOf = (lines: readonly BasketLine[], product: Product): Amount =>
  sum(lines, (line) => (line.product === product ? line.quantity : 0n));

export const weightOf = (lines: readonly BasketLine[]): Amount =>
  sum(lines, ({ product, quantity }) => times(product.weight, quantity));

export const priceOf = (lines: readonly BasketLine[]): Amount =>
  sum(lines, ({ product, quantity }) => times(product.price, quantity));
