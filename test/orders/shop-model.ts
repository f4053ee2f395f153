/** What orders and updates of BaseLinker make of a shop, in plain JavaScript and in hundredths. */

export const NEW = '1';
export const SENT = '3';
export const CANCELLED = '5';

export type Restock = 'never' | 'ours' | 'all';

export interface Order {
  readonly kind: 'order';
  readonly number: number;
  readonly lines: readonly { readonly variant: string; readonly pieces: number; readonly cents: number }[];
  readonly deliveryCents: number;
  readonly status: string;
  readonly paid: '' | '0' | '1';
  readonly takesStock: boolean;
  /** Whether the call names the number that the shop gave before. */
  readonly namesPrevious: boolean;
}

export type Step =
  | Order
  /** The last call of this order again, word for word. */
  | { readonly kind: 'again'; readonly number: number }
  | { readonly kind: 'status'; readonly number: number; readonly status: string }
  | { readonly kind: 'paid'; readonly number: number; readonly paid: '0' | '1' }
  | { readonly kind: 'stock'; readonly variant: string; readonly operation: 'set' | 'change'; readonly pieces: number }
  | { readonly kind: 'price'; readonly variant: string; readonly cents: number };

export interface Placed {
  call: Order;
  status: string;
  paidCents: number;
  askedStatus: string;
  askedPaid: '' | '0' | '1';
  /** Undefined as long as no call has asked that stock be taken for a variant that the shop has. */
  booked: Map<string, number> | undefined;
}

export class ShopModel {
  readonly orders = new Map<number, Placed>();
  readonly stock: Map<string, number>;
  readonly prices: Map<string, number>;
  readonly #restock: Restock;

  constructor(variants: readonly string[], pieces: number, cents: number, restock: Restock) {
    this.stock = new Map(variants.map((variant) => [variant, pieces]));
    this.prices = new Map(variants.map((variant) => [variant, cents]));
    this.#restock = restock;
  }

  apply(step: Step): void {
    switch (step.kind) {
      case 'order': {
        this.#place(step);
        return;
      }
      case 'again':
        return;
      case 'status': {
        this.#setStatus(this.orders.get(step.number), step.status);
        return;
      }
      case 'paid': {
        this.#setPaid(this.orders.get(step.number), step.paid);
        return;
      }
      case 'stock': {
        const before = step.operation === 'set' ? 0 : (this.stock.get(step.variant) ?? 0);
        this.stock.set(step.variant, before + step.pieces);
        return;
      }
      case 'price':
        this.prices.set(step.variant, step.cents);
    }
  }

  #place(call: Order): void {
    const known = this.orders.get(call.number);
    if (known && sameContent(known.call, call)) return;
    const order = known ?? {
      call,
      status: call.status || NEW,
      paidCents: 0,
      askedStatus: '',
      askedPaid: '' as const,
      booked: undefined,
    };
    this.orders.set(call.number, order);
    order.call = call;
    const before = order.status;
    if (call.status !== '' && call.status !== order.askedStatus) order.status = call.status;
    if (call.paid === '1' || (call.paid === '0' && order.askedPaid === '1')) this.#setPaid(order, call.paid);
    order.askedStatus = call.status || order.askedStatus;
    order.askedPaid = call.paid || order.askedPaid;
    const crosses = (before === CANCELLED) !== (order.status === CANCELLED);
    if (call.takesStock || (crosses && order.booked && this.#restock !== 'never')) this.#book(order);
  }

  #setStatus(order: Placed | undefined, status: string): void {
    if (!order) return;
    const crosses = (order.status === CANCELLED) !== (status === CANCELLED);
    order.status = status;
    if (crosses && order.booked && this.#restock !== 'never') this.#book(order);
  }

  #setPaid(order: Placed | undefined, paid: '0' | '1'): void {
    if (order) order.paidCents = paid === '1' ? Math.max(order.paidCents, totalCents(order.call)) : 0;
  }

  /** Stock is what it was without this order, less what the order holds now. */
  #book(order: Placed): void {
    if (!order.booked && !order.call.lines.some(({ variant }) => this.stock.has(variant))) return;
    const isHeld = this.#restock === 'never' || order.status !== CANCELLED;
    const wanted = new Map<string, number>();
    for (const { variant, pieces } of isHeld ? order.call.lines : []) {
      if (this.stock.has(variant)) wanted.set(variant, (wanted.get(variant) ?? 0) + pieces);
    }
    for (const [variant, pieces] of this.stock) {
      this.stock.set(variant, pieces + (order.booked?.get(variant) ?? 0) - (wanted.get(variant) ?? 0));
    }
    order.booked = wanted;
  }
}

export function totalCents({ lines, deliveryCents }: Order): number {
  return lines.reduce((sum, { pieces, cents }) => sum + pieces * cents, deliveryCents);
}

function sameContent(a: Order, b: Order): boolean {
  const content = (order: Order) => JSON.stringify({ ...order, namesPrevious: false });
  return content(a) === content(b);
}

export const money = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
