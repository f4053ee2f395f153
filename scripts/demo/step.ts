import type { Cards } from '../../connector/baselinker/check/response-schemas.ts';
import type { NarratedClient, Told } from './narrated-client.ts';
import type { DemoExpertSender } from './expertsender.ts';
import type { DemoWholesaler } from './wholesaler.ts';

/** A product or a variant of the shop. */
export interface Variant {
  readonly productId: string;
  /** `0` for a product. */
  readonly variantId: string;
  readonly name: string;
  readonly sku: string;
  readonly price: string;
}

/** What the day has shown so far: later steps choose from it, the summary is made of it. */
export interface Summary {
  readonly products: Set<string>;
  variants: number;
  orders: number;
  /** Full cards of the first products. */
  cards: Cards;
  /** Products on the first page of the stock dump. */
  readonly firstPage: Set<string>;
  /** The panel's lists, by action: id → name. */
  readonly lists: Map<string, ReadonlyMap<string, string>>;
  /** The number of the order that BaseLinker put into the shop. */
  marketplaceOrder?: string;
  /** The order of what the wholesaler supplies. */
  suppliedOrder?: { readonly id: string; readonly variant: Variant };
  /** What BaseLinker has written into the shop, in a few words each. */
  readonly written: string[];
  /** What ExpertSender was told, likewise. */
  readonly relayed: string[];
}

export const emptyTally = (): Summary => ({
  products: new Set(),
  variants: 0,
  orders: 0,
  cards: new Map<string, never>(),
  firstPage: new Set(),
  lists: new Map(),
  written: [],
  relayed: [],
});

export interface Scenario {
  readonly client: NarratedClient;
  readonly key: string;
  readonly expertSender: DemoExpertSender;
  readonly wholesaler: DemoWholesaler;
  readonly summary: Summary;
  /** From when on orders are collected, and how a merchant would say it. */
  readonly since: { readonly time: Date; readonly words: string };
  readonly now: () => Date;
}

/** One thing that happens between BaseLinker and the shop on an ordinary day. */
export interface Step {
  readonly title: string;
  /** Why it happens, for a merchant. */
  readonly why: string;
  run(scenario: Scenario): Promise<void>;
}

/** The first entries of a map, for the few lines that are shown. */
export function entriesOf<T>(rows: ReadonlyMap<string, T>, shown: (row: T) => string): Pick<Told, 'entries' | 'of'> {
  return { entries: [...rows].slice(0, 3).map(([id, row]) => `${id}: ${shown(row)}`), of: rows.size };
}

/** The entry of a panel's list that is called so. */
export function entryNamed(list: ReadonlyMap<string, string> | undefined, name: RegExp): [string, string] | undefined {
  return [...(list ?? [])].find(([, one]) => name.test(one));
}
