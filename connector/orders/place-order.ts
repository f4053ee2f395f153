import { createHash } from 'node:crypto';
import type { ChangedBy } from '../domain/changed-by.ts';
import { transferAllocations } from '../storage/stock-allocations.ts';
import { bindReference, claimReference, belongsToOther, type OrderReference } from '../storage/order-references.ts';
import { enqueue } from '../storage/outbox.ts';
import { inTransaction } from '../db/transaction.ts';
import { excerpt } from '../domain/cut-text.ts';
import type { OrderDraft } from '../domain/incoming-order.ts';
import type { LockedLine, LockedOrder, LinkedOrderDraft, UnitOfWork } from '../contracts/shop-writing.ts';
import { allocateStock } from './allocate-stock.ts';
import { composeOrder } from './compose-order.ts';
import type { OrderDeps } from './deps.ts';
import { restock } from './restock.ts';
import type { Statuses } from './statuses.ts';

/**
 * Puts an order of BaseLinker into the shop and answers its id: once, however often and from wherever the call comes.
 * Number, order, payment, deliveries and stock commit together or not at all. The same call again changes nothing, a call with
 * other content brings the order to that content (docs/protocol/baselinker.md 2.12, Rec).
 */
export async function placeOrder(deps: OrderDeps, draft: OrderDraft, by: ChangedBy): Promise<string> {
  const statuses = await deps.statuses(draft.statusId);
  const fingerprint = fingerprintOf(draft);
  const call = { draft, statuses, fingerprint, by };
  for (const search of ['by-books', 'by-number'] as const) {
    // Each in a unit of work of its own: the first one has locked stock for an order that was thought to be new.
    const id = await inTransaction(deps.db, (unit) => placeIn(unit, deps, call, search));
    if (id !== undefined) return id;
  }
  throw new Error(`order ${draft.baselinkerId} is there and is not to be found`);
}

interface PlacingCall {
  readonly draft: OrderDraft;
  readonly statuses: Statuses;
  readonly fingerprint: Buffer;
  readonly by: ChangedBy;
}

/** Undefined when the shop has an order of this number without an order reference: then it must be searched for. */
async function placeIn(
  unit: UnitOfWork,
  deps: OrderDeps,
  { draft, statuses, fingerprint, by }: PlacingCall,
  search: Search,
): Promise<string | undefined> {
  const { settings, shop } = deps;
  const at = deps.now();
  const key = { connection: settings.name, baselinkerId: draft.baselinkerId };
  const reference = await claimReference(unit, key.connection, key.baselinkerId, at);
  const existing = await findOwnOrder(unit, deps, draft, reference, search);
  if (existing && reference.fingerprint?.equals(fingerprint) === true) return existing.id;

  // Nobody else can have locked an order that is not there yet: only then stock may be locked before it.
  const isNew = !existing && reference.orderId === undefined && search === 'by-books';
  const variants = await shop.variantDetails(unit, linkedVariants(draft), isNew && draft.takesStock);
  const order = composeOrder(draft, variants, settings);
  const statusId = statusFor(draft, existing, reference, statuses);
  const id = existing
    ? await updateTo(unit, deps, existing, order, statusId)
    : await create(unit, deps, draft, withStatusNote(order, draft, statuses), statusId);
  if (id === undefined) return undefined;
  if (existing) await syncPayment(unit, deps, id, draft, reference);
  const requested = requestedOf(draft, existing && reference, statuses);
  await bindReference(unit, key, { orderId: id, fingerprint, ...requested, at });
  await enqueue(unit, deps.targets, id, at);
  if (draft.takesStock) {
    const before = (existing ?? reference.orderId) ? await transferAllocations(unit, reference.orderId ?? id, id) : [];
    await allocateStock(
      unit,
      deps,
      { id, lines: linesToAllocate(order, statusId, deps, statuses) },
      before,
      by,
      variants,
    );
  } else if (existing) {
    await restock(unit, deps, existing, () => Promise.resolve(order.lines), statusId, statuses, by);
  }
  return id;
}

/**
 * A number without an order reference is nearly always new in the shop, too, and the shop refuses to store one twice:
 * the mark is searched only after that, or where the call itself names an order.
 */
type Search = 'by-books' | 'by-number';

/**
 * The order that was created for this number of BaseLinker: by its order reference or, where that was lost or the order
 * came from a backup, by the mark in the order itself. Whatever else the call names as the previous one, a customer's
 * own order or that of another number, is never overwritten.
 */
async function findOwnOrder(
  unit: UnitOfWork,
  { shop, settings }: OrderDeps,
  { baselinkerId, previousOrderId }: OrderDraft,
  reference: OrderReference,
  search: Search,
): Promise<LockedOrder | undefined> {
  const mayBeThere = reference.orderId === undefined && (search === 'by-number' || previousOrderId !== undefined);
  const found = mayBeThere ? await shop.findOrder(unit, settings.name, baselinkerId) : undefined;
  const id = reference.orderId ?? found ?? previousOrderId;
  const order = id === undefined ? undefined : await shop.lockOrder(unit, id);
  if (order?.source !== settings.name) return undefined;
  return (await belongsToOther(unit, { connection: settings.name, baselinkerId }, order.id)) ? undefined : order;
}

async function create(
  unit: UnitOfWork,
  { shop, now }: OrderDeps,
  { placedAt, paid }: OrderDraft,
  order: LinkedOrderDraft,
  statusId: string,
): Promise<string | undefined> {
  const at = now();
  return shop.createOrder(unit, order, statusId, placedAt ?? at, paid === true ? at : undefined);
}

async function updateTo(
  unit: UnitOfWork,
  { shop }: OrderDeps,
  { id, statusId: before }: LockedOrder,
  order: LinkedOrderDraft,
  statusId: string,
): Promise<string> {
  await shop.replaceOrder(unit, id, order);
  if (statusId !== before) await shop.updateOrder(unit, id, { kind: 'status', statusId });
  return id;
}

/**
 * The status of the call counts when it is new or differs from the last requested one: a call that repeats the old
 * status does not undo the shop's own progress.
 */
function statusFor(
  { statusId }: OrderDraft,
  existing: LockedOrder | undefined,
  { requestedStatus }: OrderReference,
  { known, first }: Statuses,
): string {
  const named = statusId !== undefined && known.has(statusId) ? statusId : undefined;
  if (!existing) return named ?? first;
  return named !== undefined && named !== requestedStatus ? named : existing.statusId;
}

/** The status and payment that BaseLinker requested last: a call without them keeps the earlier request. */
function requestedOf(
  { statusId, paid }: OrderDraft,
  before: OrderReference | undefined,
  { known }: Statuses,
): Pick<OrderReference, 'requestedStatus' | 'requestedPaid'> {
  return {
    requestedStatus: statusId !== undefined && known.has(statusId) ? statusId : (before?.requestedStatus ?? ''),
    requestedPaid: paid ?? before?.requestedPaid,
  };
}

function withStatusNote(order: LinkedOrderDraft, { statusId }: OrderDraft, { known }: Statuses): LinkedOrderDraft {
  if (statusId === undefined || known.has(statusId)) return order;
  return { ...order, notes: [...order.notes, `Not a status of the shop: ${excerpt(statusId)}`] };
}

/**
 * Paid covers the total of the order as it stands now; unpaid counts only when the last call did not request it
 * already.
 */
async function syncPayment(
  unit: UnitOfWork,
  { shop, now }: OrderDeps,
  id: string,
  { paid }: OrderDraft,
  { requestedPaid }: OrderReference,
): Promise<void> {
  if (paid === true || (paid === false && requestedPaid === true)) {
    await shop.updateOrder(unit, id, { kind: 'payment', paid, at: now() });
  }
}

/** A cancelled order holds no units where cancelling puts stock back; its variants are known for when it comes back. */
function linesToAllocate(
  { lines }: LinkedOrderDraft,
  statusId: string,
  { settings }: OrderDeps,
  { isCancelling }: Statuses,
): readonly LockedLine[] {
  return settings.restockCancelled !== 'never' && isCancelling(statusId)
    ? lines.map((line) => ({ ...line, quantity: 0 }))
    : lines;
}

function linkedVariants({ lines }: OrderDraft) {
  return lines.filter(({ productId }) => productId !== '');
}

/** The same for every repetition of one call: the number that BaseLinker remembers is not part of the content. */
function fingerprintOf(draft: OrderDraft): Buffer {
  const content: OrderDraft = { ...draft, previousOrderId: undefined };
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
