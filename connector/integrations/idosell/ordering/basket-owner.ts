import type { PartLine } from '../../../domain/supply.ts';
import type { PartChange, SupplyPart } from '../../../domain/supply-part.ts';
import type { BasketLine, LineAnswer } from '../client/client.ts';
import type { Part } from './part.ts';

/**
 * So long after its lines were put into the basket a part goes on with them. The basket can be read by nobody: the longer
 * ago, the likelier a person has used the account in the storefront meanwhile.
 */
const TRUSTED_MS = 3_600_000;

/**
 * So long a call of which nothing was heard may yet be carried out, be it that its line broke, its process died, or its
 * lease ran out: what the basket holds before then proves nothing of what it will hold.
 */
export const LANDED_MS = 300_000;

/** So long an order of which nothing was heard is looked for; then a person decides. */
const LOOKED_FOR_MS = 24 * 3_600_000;

/** Stands for the content of a basket that was seen to hold something else than a part: it is nobody's order. */
export const MIXED = '';

/** What a basket that is not empty means for a part, by what is written down of whose lines lie in it. */
export type Claim =
  /** Exactly its own lines lie there. */
  | { readonly kind: 'ours' }
  /** The lines of a part that was not ordered lie there, and this part needs them all; `missing` are to be added. */
  | { readonly kind: 'usable'; readonly owner: SupplyPart; readonly missing: readonly BasketLine[] }
  /** The owner is about to be ordered, or to be looked for. */
  | { readonly kind: 'comes-first'; readonly owner: SupplyPart }
  /** The lines of a part that was not ordered lie there, and this part needs others. */
  | { readonly kind: 'left-over'; readonly owner: SupplyPart }
  /** Nobody can say what lies there, or a person must decide about its owner first. */
  | { readonly kind: 'unusable' };

export function claimOf(owner: SupplyPart | undefined, known: SupplyPart, part: Part, now: Date): Claim {
  if (owner?.basketAt === undefined) return { kind: 'unusable' };
  const inBasketMs = now.getTime() - owner.basketAt.getTime();
  const isTrusted = inBasketMs < TRUSTED_MS;
  const isOwn = owner.id === known.id;
  if (isOwn && isTrusted && owner.content === part.content) return { kind: 'ours' };
  if (owner.state === 'sending') {
    const sentMs = now.getTime() - (owner.sentAt ?? owner.basketAt).getTime();
    return !isOwn && sentMs < LOOKED_FOR_MS ? { kind: 'comes-first', owner } : { kind: 'unusable' };
  }
  if (!isTrusted || owner.state === 'unknown') return { kind: 'unusable' };
  const isSentAnew = owner.attempt > 1 && owner.state === 'draft';
  const isUnderWay = owner.state === 'importing' && inBasketMs < LANDED_MS;
  if (!isOwn && (isSentAnew || isUnderWay)) return { kind: 'comes-first', owner };
  if (owner.content === MIXED) return { kind: 'unusable' };
  const missing = missingLines(basketLines(owner.lines), basketLines(part.lines));
  if (missing) return { kind: 'usable', owner, missing };
  return { kind: isOnItsWay(owner) && !isOwn ? 'comes-first' : 'left-over', owner };
}

function isOnItsWay({ state }: SupplyPart): boolean {
  return state === 'importing' || state === 'basketed';
}

const LIE_THERE = '; its lines lie in the basket of ';

/** The end of a sentence about a part whose lines nobody can take out of the basket. */
export function lieThere({ name, login }: { readonly name: string; readonly login: string }): string {
  return `${LIE_THERE}${login}: an order of the same articles takes them along, others wait until you empty it in the storefront of ${name}`;
}

/** What is written down of a part whose lines do not lie in the basket any more. */
export function released({ state, note, ...part }: SupplyPart): PartChange {
  return {
    basketAt: null,
    note: note.split(LIE_THERE)[0] ?? '',
    ...(isOnItsWay({ ...part, state, note }) && { state: 'verified' }),
    // It was given up without trouble: only its lines were.
    ...(state === 'draft' && { alert: false }),
  };
}

/** What is to be added so that the basket holds the lines that are wanted; undefined when it holds anything else. */
export function missingLines(
  inside: readonly BasketLine[],
  wanted: readonly BasketLine[],
): readonly BasketLine[] | undefined {
  const rest = new Map(wanted.map((line) => [keyOf(line), Number(line.quantity)]));
  for (const line of inside) {
    const more = (rest.get(keyOf(line)) ?? 0) - Number(line.quantity);
    if (more < 0) return undefined;
    rest.set(keyOf(line), more);
  }
  return wanted.flatMap((line) => {
    const quantity = rest.get(keyOf(line)) ?? 0;
    return quantity > 0 ? [{ ...line, quantity: String(quantity) }] : [];
  });
}

/** Two variants of the shop may be one at the wholesaler. */
export function basketLines(lines: readonly PartLine[]): readonly BasketLine[] {
  const pieces = new Map<string, { code: string; codeType: string; quantity: number }>();
  for (const { code, codeType, quantity } of lines) {
    const key = keyOf({ code, codeType });
    pieces.set(key, { code, codeType, quantity: quantity + (pieces.get(key)?.quantity ?? 0) });
  }
  return [...pieces.values()].map((line) => ({ ...line, quantity: String(line.quantity) }));
}

export function isSameBasket(sent: readonly BasketLine[], inside: readonly LineAnswer[]): boolean {
  const told = new Map(inside.map((line) => [keyOf(line), line.quantity]));
  return (
    inside.length === sent.length &&
    sent.every((line) => {
      const there = told.get(keyOf(line));
      return there !== undefined && isSameQuantity(there, line.quantity);
    })
  );
}

function keyOf({ code, codeType }: Pick<BasketLine, 'code' | 'codeType'>): string {
  return JSON.stringify([codeType, code]);
}

/** `2` and `2.000`. */
function isSameQuantity(one: string, other: string): boolean {
  const plain = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  return plain(one) === plain(other);
}
