import type { PaymentType, CallError, WireAddress } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';
import type { Outcome } from '../../../contracts/target.ts';
import type { PartChange, SupplyPart } from '../../../domain/supply-part.ts';
import { NEXT_TURN_MS } from './basket-looks.ts';
import { canEmpty } from './can-empty.ts';
import { basketLines, claimOf, isSameBasket, LANDED_MS, MIXED, released, type Claim } from './basket-owner.ts';
import { halt, proceed, refuse, stopAt, unheard, wait, type OrderingContext, type Step } from './context.ts';
import type { Part } from './part.ts';

/** For whom and how the basket is to be ordered. */
export interface BasketOrder {
  readonly part: Part;
  readonly address: WireAddress;
}

/**
 * Brings exactly the lines of this part into the basket of the account (4.3). An import may have been carried out although
 * its answer was lost, and most wholesalers only add: so the basket is first seen to be empty, by the question for
 * couriers, and where it is not, our books must know what it holds: these very lines, or some of them that were left over.
 */
export async function fillBasket(
  context: OrderingContext,
  known: SupplyPart,
  wanted: BasketOrder,
): Promise<Step<SupplyPart>> {
  const { profile, client, repository } = context;
  const { part } = wanted;
  const owner = await repository.basketOwner();
  if (profile.basketReplaceSupported) {
    const underWay = callUnderWay(owner, ['importing', 'sending'], context.now());
    return underWay ?? importAll(context, await releaseBasket(context, known, owner), part, 'replace');
  }
  if (profile.basketScope === 'session') {
    if (owner) client.dropSession();
    return importAll(context, await releaseBasket(context, known, owner), part, 'append');
  }
  const couriers = await client.listCouriersForOrder(courierQuery(wanted), context.signal);
  if (couriers.kind === 'error') {
    if (couriers.class !== 'basket-empty') return stopAt(context, known, couriers, 'the look at the basket');
    const underWay = callUnderWay(owner, ['importing'], context.now());
    if (underWay) return underWay;
    return importAll(context, await releaseBasket(context, known, owner), part, 'append');
  }
  const claim = claimOf(owner, known, part, context.now());
  if (claim.kind === 'ours') return proceed(known);
  if (claim.kind === 'usable') return useLeftover(context, known, claim, part);
  // What is not in our books is somebody else's, and nothing of theirs is thrown away.
  if (owner && owner.state !== 'basket_blocked' && profile.operations.clearBasket !== null) {
    return clearAndImport(context, known, owner, part);
  }
  if (owner) context.looks.remember(owner.id);
  return mustWait(claim, context.profile) ?? blocked(context, known, owner);
}

/** Why the basket must wait: a call about it may still be under way. */
function callUnderWay(
  owner: SupplyPart | undefined,
  states: readonly SupplyPart['state'][],
  now: Date,
): Outcome | undefined {
  if (!owner?.basketAt || !states.includes(owner.state)) return undefined;
  const since = owner.state === 'sending' ? (owner.sentAt ?? owner.basketAt) : owner.basketAt;
  const leftMs = since.getTime() + LANDED_MS - now.getTime();
  if (leftMs <= 0) return undefined;
  return wait(
    `a call about the basket with order ${owner.orderId} was not answered, and may still be under way`,
    leftMs,
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
export async function mustWaitUnasked(
  context: OrderingContext,
  known: SupplyPart,
  part: Part,
): Promise<Outcome | undefined> {
  if (canEmpty(context.profile)) return undefined;
  const owner = await context.repository.basketOwner();
  if (!owner || !context.looks.hasJustSeen(owner.id)) return undefined;
  const outcome = mustWait(claimOf(owner, known, part, context.now()), context.profile);
  return outcome && unheard(outcome);
}

/** The basket is empty, or about to be replaced: whoever's lines lay in it, they do not now. */
async function releaseBasket(
  context: OrderingContext,
  known: SupplyPart,
  owner: SupplyPart | undefined,
): Promise<SupplyPart> {
  if (!owner) return known;
  const changed = await context.repository.change(owner, released(owner));
  return owner.id === known.id ? changed : known;
}

function blocked(context: OrderingContext, known: SupplyPart, owner: SupplyPart | undefined): Promise<Outcome> {
  const { name, login } = context.profile;
  const whose = owner === undefined ? 'lines that the connector did not put there' : `the lines of ${left(owner)}`;
  const advice = `empty it in the storefront of ${name}, then: connector relay retry idosell-${name}`;
  return halt(context, known, 'basket_blocked', `the basket of ${login} holds ${whose}: ${advice}`);
}

function left({ orderId, state, note }: SupplyPart): string {
  const what = state === 'unknown' ? 'of which it is not known whether it was ordered' : 'which was not ordered';
  return `order ${orderId}, ${what}${note === '' ? '' : ` (${note})`}`;
}

async function clearAndImport(
  context: OrderingContext,
  known: SupplyPart,
  owner: SupplyPart,
  part: Part,
): Promise<Step<SupplyPart>> {
  const underWay = callUnderWay(owner, ['importing', 'sending'], context.now());
  if (underWay) return underWay;
  if (!(await context.renew())) return overtaken();
  const cleared = await context.client.clearBasket(context.signal);
  if (cleared.kind === 'error') return stopAt(context, known, cleared, 'the emptying of the basket');
  return importAll(context, await releaseBasket(context, known, owner), part, 'append');
}

async function importAll(
  context: OrderingContext,
  known: SupplyPart,
  part: Part,
  mode: 'replace' | 'append',
): Promise<Step<SupplyPart>> {
  if (!(await context.renew())) return overtaken();
  const { lines, content } = part;
  const importing = await context.repository.change(known, {
    state: 'importing',
    basketAt: context.now(),
    content,
    lines,
  });
  const undone: PartChange = { state: 'verified', basketAt: null };
  return importLines(context, importing, part, { mode, lines: basketLines(lines), undone });
}

/** Orders what can be ordered from what was left over, with what is missing. */
async function useLeftover(
  context: OrderingContext,
  known: SupplyPart,
  { owner, missing }: Extract<Claim, { kind: 'usable' }>,
  part: Part,
): Promise<Step<SupplyPart>> {
  if (!(await context.renew())) return overtaken();
  const { lines, content } = part;
  const taken: PartChange = { lines, basketAt: owner.basketAt ?? context.now() };
  if (missing.length === 0) {
    return proceed(await context.repository.handOver(owner, known, { ...taken, state: 'basketed', content }));
  }
  // Until it is answered, nobody knows what lies there: that something does is no proof, as it did before.
  const importing = await context.repository.handOver(owner, known, { ...taken, state: 'importing', content: MIXED });
  const undone: PartChange = { state: 'verified', content: owner.content, lines: owner.lines };
  return importLines(context, importing, part, { mode: 'append', lines: missing, undone });
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
  context: OrderingContext,
  importing: SupplyPart,
  { lines, content }: Part,
  { mode, lines: sent, undone }: Import,
): Promise<Step<SupplyPart>> {
  const { repository, client } = context;
  const result = await client.importBasket(sent, mode, context.signal);
  if (result.kind === 'error') {
    const after = await repository.change(importing, result.mayHaveHappened ? afterDoubtfulImport(result) : undone);
    return stopAt(context, after, result, 'the import into the basket');
  }
  const { lines: inside, status } = result.value;
  const isSaidWell = status.toLowerCase() === context.profile.words.basketStatus.ok.toLowerCase();
  if (inside === undefined ? !isSaidWell : inside.length === 0 || (status !== '' && !isSaidWell)) {
    const note = 'the import into the basket was answered in a way that is not understood';
    return refuse(context, await repository.change(importing, { content: MIXED }), 'rejected', note);
  }
  if (inside !== undefined && !isSameBasket(basketLines(lines), inside)) return changedBasket(context, importing);
  return proceed(await repository.change(importing, { state: 'basketed', content }));
}

/** Some of it was put in (P2), or nobody knows: then the basket tells the next time. */
function afterDoubtfulImport({ class: kind }: CallError): PartChange {
  return kind === 'lost' || kind === 'busy' || kind === 'server' ? {} : { content: MIXED };
}

async function changedBasket(context: OrderingContext, part: SupplyPart): Promise<Outcome> {
  const { name, login } = context.profile;
  const advice = `empty it in the storefront of ${name}, then: connector relay retry idosell-${name}`;
  const note = `the basket of ${login} holds something else than order ${part.orderId} after its import: ${advice}`;
  return halt(context, await context.repository.change(part, { content: MIXED }), 'basket_blocked', note);
}

export function courierQuery({ part, address }: BasketOrder): {
  readonly address: WireAddress;
  readonly paymentType: PaymentType;
} {
  return { address, paymentType: part.paymentType };
}
