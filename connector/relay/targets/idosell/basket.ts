import type { PaymentType, Trouble, WireAddress } from '../../../idosell/client.ts';
import type { Profile } from '../../../idosell/profile.ts';
import type { Outcome } from '../../target.ts';
import type { PartChange, SupplyPart } from '../../../domain/supply-part.ts';
import { NEXT_TURN_MS } from './basket-looks.ts';
import { canEmpty } from './can-empty.ts';
import { basketLines, claimOf, isSameBasket, LANDED_MS, MIXED, released, type Claim } from './basket-owner.ts';
import { halt, on, refuse, stopAt, unheard, wait, type Desk, type Step } from './desk.ts';
import type { Part } from './part.ts';

/** For whom and how the basket is to be ordered. */
export interface Wanted {
  readonly part: Part;
  readonly address: WireAddress;
}

/**
 * Brings exactly the lines of this part into the basket of the account (4.3). An import may have been carried out although
 * its answer was lost, and most wholesalers only add: so the basket is first seen to be empty, by the question for
 * couriers, and where it is not, our books must know what it holds: these very lines, or some of them that were left over.
 */
export async function fillBasket(desk: Desk, known: SupplyPart, wanted: Wanted): Promise<Step<SupplyPart>> {
  const { profile, client, book } = desk;
  const { part } = wanted;
  const owner = await book.inBasket();
  if (profile.basketReplaceSupported) {
    const underWay = callUnderWay(owner, ['importing', 'sending'], desk.now());
    return underWay ?? importAll(desk, await disowned(desk, known, owner), part, 'replace');
  }
  if (profile.basketScope === 'session') {
    if (owner) client.dropSession();
    return importAll(desk, await disowned(desk, known, owner), part, 'append');
  }
  const asked = await client.listCouriersForOrder(askFor(wanted), desk.signal);
  if (asked.kind === 'trouble') {
    if (asked.class !== 'basket-empty') return stopAt(desk, known, asked, 'the look at the basket');
    const underWay = callUnderWay(owner, ['importing'], desk.now());
    if (underWay) return underWay;
    return importAll(desk, await disowned(desk, known, owner), part, 'append');
  }
  const claim = claimOf(owner, known, part, desk.now());
  if (claim.kind === 'ours') return on(known);
  if (claim.kind === 'usable') return useLeftover(desk, known, claim, part);
  // What is not in our books is somebody else's, and nothing of theirs is thrown away.
  if (owner && owner.state !== 'basket_blocked' && profile.operations.clearBasket !== null) {
    return clearAndImport(desk, known, owner, part);
  }
  if (owner) desk.looks.remember(owner.id);
  return mustWait(claim, desk.profile) ?? blocked(desk, known, owner);
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

/** So soon an order is tried again that needs a basket in which other lines were left over. */
const LEFT_OVER_MS = 5 * NEXT_TURN_MS;

/** No trouble of the account: a halt would keep the owner waiting, too, and those that can use what lies there. */
function mustWait(claim: Claim, { name }: Profile): Outcome | undefined {
  switch (claim.kind) {
    case 'comes-first':
      return wait(`the basket holds the lines of order ${claim.owner.orderId}, which comes first`, NEXT_TURN_MS);
    case 'left-over': {
      const advice = `empty it in the storefront of ${name}, or wait for an order of the same articles`;
      return wait(`the basket holds the lines of ${left(claim.owner)}: ${advice}`, LEFT_OVER_MS);
    }
    default:
      return undefined;
  }
}

/** What the book and the last look tell without asking again: everybody who waits would ask the same. */
export async function mustWaitUnasked(desk: Desk, known: SupplyPart, part: Part): Promise<Outcome | undefined> {
  if (canEmpty(desk.profile)) return undefined;
  const owner = await desk.book.inBasket();
  if (!owner || !desk.looks.hasJustSeen(owner.id)) return undefined;
  const outcome = mustWait(claimOf(owner, known, part, desk.now()), desk.profile);
  return outcome && unheard(outcome);
}

/** The basket is empty, or about to be replaced: whoever's lines lay in it, they do not now. */
async function disowned(desk: Desk, known: SupplyPart, owner: SupplyPart | undefined): Promise<SupplyPart> {
  if (!owner) return known;
  const changed = await desk.book.change(owner, released(owner));
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

async function clearAndImport(desk: Desk, known: SupplyPart, owner: SupplyPart, part: Part): Promise<Step<SupplyPart>> {
  const underWay = callUnderWay(owner, ['importing', 'sending'], desk.now());
  if (underWay) return underWay;
  if (!(await desk.renew())) return overtaken();
  const cleared = await desk.client.clearBasket(desk.signal);
  if (cleared.kind === 'trouble') return stopAt(desk, known, cleared, 'the emptying of the basket');
  return importAll(desk, await disowned(desk, known, owner), part, 'append');
}

async function importAll(
  desk: Desk,
  known: SupplyPart,
  part: Part,
  mode: 'replace' | 'append',
): Promise<Step<SupplyPart>> {
  if (!(await desk.renew())) return overtaken();
  const { lines, content } = part;
  const importing = await desk.book.change(known, { state: 'importing', basketAt: desk.now(), content, lines });
  const undone: PartChange = { state: 'verified', basketAt: null };
  return importLines(desk, importing, part, { mode, lines: basketLines(lines), undone });
}

/** Orders what can be ordered from what was left over, with what is missing. */
async function useLeftover(
  desk: Desk,
  known: SupplyPart,
  { owner, missing }: Extract<Claim, { kind: 'usable' }>,
  part: Part,
): Promise<Step<SupplyPart>> {
  if (!(await desk.renew())) return overtaken();
  const { lines, content } = part;
  const taken: PartChange = { lines, basketAt: owner.basketAt ?? desk.now() };
  if (missing.length === 0) {
    return on(await desk.book.handOver(owner, known, { ...taken, state: 'basketed', content }));
  }
  // Until it is answered, nobody knows what lies there: that something does is no proof, as it did before.
  const importing = await desk.book.handOver(owner, known, { ...taken, state: 'importing', content: MIXED });
  const undone: PartChange = { state: 'verified', content: owner.content, lines: owner.lines };
  return importLines(desk, importing, part, { mode: 'append', lines: missing, undone });
}

const overtaken = (): Outcome => wait('the account went to another process meanwhile');

interface Import {
  readonly mode: 'replace' | 'append';
  /** What is put in; together with what lies there it is what the part wants. */
  readonly lines: ReturnType<typeof basketLines>;
  /** What is written down when nothing of it was put in. */
  readonly undone: PartChange;
}

async function importLines(
  desk: Desk,
  importing: SupplyPart,
  { lines, content }: Part,
  { mode, lines: sent, undone }: Import,
): Promise<Step<SupplyPart>> {
  const { book, client } = desk;
  const reply = await client.importBasket(sent, mode, desk.signal);
  if (reply.kind === 'trouble') {
    const after = await book.change(importing, reply.mayBeDone ? afterDoubtfulImport(reply) : undone);
    return stopAt(desk, after, reply, 'the import into the basket');
  }
  const { lines: inside, status } = reply.value;
  const isSaidWell = status.toLowerCase() === desk.profile.words.basketStatus.ok.toLowerCase();
  if (inside === undefined ? !isSaidWell : inside.length === 0 || (status !== '' && !isSaidWell)) {
    const note = 'the import into the basket was answered in a way that is not understood';
    return refuse(desk, await book.change(importing, { content: MIXED }), 'rejected', note);
  }
  if (inside !== undefined && !isSameBasket(basketLines(lines), inside)) return changedBasket(desk, importing);
  return on(await book.change(importing, { state: 'basketed', content }));
}

/** Some of it was put in (P2), or nobody knows: then the basket tells the next time. */
function afterDoubtfulImport({ class: kind }: Trouble): PartChange {
  return kind === 'lost' || kind === 'busy' || kind === 'server' ? {} : { content: MIXED };
}

async function changedBasket(desk: Desk, part: SupplyPart): Promise<Outcome> {
  const { name, login } = desk.profile;
  const advice = `empty it in the storefront of ${name}, then: connector relay retry idosell-${name}`;
  const note = `the basket of ${login} holds something else than order ${part.orderId} after its import: ${advice}`;
  return halt(desk, await desk.book.change(part, { content: MIXED }), 'basket_blocked', note);
}

export function askFor({ part, address }: Wanted): {
  readonly address: WireAddress;
  readonly paymentType: PaymentType;
} {
  return { address, paymentType: part.paymentType };
}
