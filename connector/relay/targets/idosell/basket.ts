import type { PartLine } from '../../../domain/supply.ts';
import type { BasketLine, LineAnswer, PaymentType, Trouble, WireAddress } from '../../../idosell/client.ts';
import type { Outcome } from '../../target.ts';
import type { PartChange, SupplyPart } from '../../../domain/supply-part.ts';
import { halt, on, refuse, stopAt, wait, type Desk, type Step } from './desk.ts';
import type { Part } from './part.ts';

/** For whom and how the basket is to be ordered. */
export interface Wanted {
  readonly part: Part;
  readonly address: WireAddress;
}

/**
 * So long after its lines were put into the basket a part goes on with them. The basket can be read by nobody: the longer
 * ago, the likelier a person has used the account in the storefront meanwhile.
 */
const TRUSTED_MS = 3_600_000;

/**
 * So long a call of which nothing was heard may yet be carried out, be it that its line broke, its process died, or its
 * lease ran out: what the basket holds before then proves nothing of what it will hold.
 */
const LANDED_MS = 300_000;

/** Stands for the content of a basket that was seen to hold something else than a part: it is nobody's order. */
const MIXED = '';

/**
 * Brings exactly the lines of this part into the basket of the account (4.3). An import may have been carried out although
 * its answer was lost, and most wholesalers only add: so the basket is first seen to be empty, by the question for
 * couriers, and where it is not, our books must know that it holds these very lines.
 */
export async function fillBasket(desk: Desk, known: SupplyPart, wanted: Wanted): Promise<Step<SupplyPart>> {
  const { profile, client, book } = desk;
  const owner = await book.inBasket();
  if (profile.basketReplaceSupported) {
    const underWay = callUnderWay(owner, ['importing', 'sending'], desk.now());
    return underWay ?? importLines(desk, await disowned(desk, known, owner), wanted.part, 'replace');
  }
  if (profile.basketScope === 'session') {
    if (owner) client.dropSession();
    return importLines(desk, await disowned(desk, known, owner), wanted.part, 'append');
  }
  const asked = await client.listCouriersForOrder(askFor(wanted), desk.signal);
  if (asked.kind === 'trouble') {
    if (asked.class !== 'basket-empty') return stopAt(desk, known, asked, 'the look at the basket');
    const underWay = callUnderWay(owner, ['importing'], desk.now());
    if (underWay) return underWay;
    return importLines(desk, await disowned(desk, known, owner), wanted.part, 'append');
  }
  if (isStillOurs(owner, known, wanted.part, desk.now())) return on(known);
  return comesFirst(owner, known, desk.now()) ? afterIt(owner) : blocked(desk, known, owner);
}

/** Why the basket must wait: a call about it may still be under way. */
function callUnderWay(
  owner: SupplyPart | undefined,
  states: readonly SupplyPart['state'][],
  now: Date,
): Outcome | undefined {
  if (!owner?.basketAt || !states.includes(owner.state)) return undefined;
  const since = owner.state === 'sending' ? (owner.sentAt ?? owner.basketAt) : owner.basketAt;
  const restMs = since.getTime() + LANDED_MS - now.getTime();
  if (restMs <= 0) return undefined;
  return wait(
    `a call about the basket with order ${owner.orderId} was not answered, and may still be under way`,
    restMs,
  );
}

/** So long an order of which nothing was heard is looked for; then a person decides. */
const LOOKED_FOR_MS = 24 * 3_600_000;

/** So soon an order comes back that waits for another one. */
const NEXT_TURN_MS = 60_000;

/** Its lines lie in the basket: a search will say whether they were ordered, or a person wants them sent again. */
function comesFirst(owner: SupplyPart | undefined, known: SupplyPart, now: Date): owner is SupplyPart {
  if (!owner?.basketAt || owner.id === known.id) return false;
  const since = (at: Date): number => now.getTime() - at.getTime();
  if (owner.state === 'sending') return since(owner.sentAt ?? owner.basketAt) < LOOKED_FOR_MS;
  return owner.attempt > 1 && owner.state === 'draft' && since(owner.basketAt) < TRUSTED_MS;
}

/** No trouble of the account: a halt would keep the other order waiting, too. */
function afterIt({ orderId }: SupplyPart): Outcome {
  return wait(`the basket holds the lines of order ${orderId}, which comes first`, NEXT_TURN_MS);
}

function isStillOurs(owner: SupplyPart | undefined, known: SupplyPart, { content }: Part, now: Date): boolean {
  if (owner?.basketAt === undefined || owner.id !== known.id || owner.content !== content) return false;
  return now.getTime() - owner.basketAt.getTime() < TRUSTED_MS;
}

/** The basket is empty, or about to be replaced: whoever's lines lay in it, they do not now. */
async function disowned(desk: Desk, known: SupplyPart, owner: SupplyPart | undefined): Promise<SupplyPart> {
  if (!owner) return known;
  const changed = await desk.book.change(owner, { basketAt: null });
  return owner.id === known.id ? changed : known;
}

function blocked(desk: Desk, known: SupplyPart, owner: SupplyPart | undefined): Promise<Outcome> {
  const { name, login } = desk.profile;
  const whose = owner === undefined ? 'lines that the connector did not put there' : `the lines of ${left(owner)}`;
  const advice = `empty it in the storefront of ${name}, then: connector relay retry idosell-${name}`;
  return halt(desk, known, 'basket_blocked', `the basket of ${login} holds ${whose}: ${advice}`);
}

function left({ orderId, state, note }: SupplyPart): string {
  const what = state === 'unknown' ? 'of which it is not known whether it was ordered' : 'which was not ordered';
  return `order ${orderId}, ${what}${note === '' ? '' : ` (${note})`}`;
}

async function importLines(
  desk: Desk,
  known: SupplyPart,
  { lines, content }: Part,
  mode: 'replace' | 'append',
): Promise<Step<SupplyPart>> {
  const { book, client, now } = desk;
  if (!(await desk.renew())) return wait('the account went to another process meanwhile');
  const importing = await book.change(known, { state: 'importing', basketAt: now(), content, lines });
  const reply = await client.importBasket(basketLines(lines), mode, desk.signal);
  if (reply.kind === 'trouble') {
    const left = await book.change(importing, afterRefusedImport(reply));
    return stopAt(desk, left, reply, 'the import into the basket');
  }
  const { lines: inside, status } = reply.value;
  const isSaidWell = status.toLowerCase() === desk.profile.words.basketStatus.ok.toLowerCase();
  if (inside === undefined ? !isSaidWell : inside.length === 0 || (status !== '' && !isSaidWell)) {
    const note = 'the import into the basket was answered in a way that is not understood';
    return refuse(desk, await book.change(importing, { content: MIXED }), 'rejected', note);
  }
  if (inside !== undefined && !isSameBasket(basketLines(lines), inside)) return changedBasket(desk, importing);
  return on(await book.change(importing, { state: 'basketed' }));
}

/** Nothing was put in, or some of it (P2), or nobody knows: then the basket tells the next time. */
function afterRefusedImport({ class: kind, mayBeDone }: Trouble): PartChange {
  if (!mayBeDone) return { state: 'verified', basketAt: null };
  return kind === 'lost' || kind === 'busy' || kind === 'server' ? {} : { content: MIXED };
}

async function changedBasket(desk: Desk, part: SupplyPart): Promise<Outcome> {
  const { name, login } = desk.profile;
  const advice = `empty it in the storefront of ${name}, then: connector relay retry idosell-${name}`;
  const note = `the basket of ${login} holds something else than order ${part.orderId} after its import: ${advice}`;
  return halt(desk, await desk.book.change(part, { content: MIXED }), 'basket_blocked', note);
}

/** Takes back what was put into the basket in vain, where the wholesaler can do that. */
export async function leaveBasket(desk: Desk, orderId: string): Promise<void> {
  const part = await desk.book.find(orderId);
  if (part?.basketAt === undefined) return;
  const { profile, client, book } = desk;
  if (profile.basketScope === 'session') client.dropSession();
  else if (profile.operations.clearBasket !== null) {
    if ((await client.clearBasket(desk.signal)).kind === 'trouble') return;
  } else if (!profile.basketReplaceSupported) return;
  await book.change(part, { basketAt: null });
}

export function askFor({ part, address }: Wanted): {
  readonly address: WireAddress;
  readonly paymentType: PaymentType;
} {
  return { address, paymentType: part.paymentType };
}

/** Two articles of the shop may be one at the wholesaler. */
export function basketLines(lines: readonly PartLine[]): readonly BasketLine[] {
  const pieces = new Map<string, { code: string; codeType: string; quantity: number }>();
  for (const { code, codeType, quantity } of lines) {
    const key = JSON.stringify([codeType, code]);
    pieces.set(key, { code, codeType, quantity: quantity + (pieces.get(key)?.quantity ?? 0) });
  }
  return [...pieces.values()].map((line) => ({ ...line, quantity: String(line.quantity) }));
}

function isSameBasket(sent: readonly BasketLine[], inside: readonly LineAnswer[]): boolean {
  const told = new Map(inside.map(({ code, codeType, quantity }) => [`${codeType} ${code}`, quantity]));
  return (
    inside.length === sent.length &&
    sent.every(({ code, codeType, quantity }) => {
      const there = told.get(`${codeType} ${code}`);
      return there !== undefined && isSameQuantity(there, quantity);
    })
  );
}

/** `2` and `2.000`. */
function isSameQuantity(one: string, other: string): boolean {
  const plain = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  return plain(one) === plain(other);
}
