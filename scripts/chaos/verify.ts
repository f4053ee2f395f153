import { variantKey } from '../../connector/domain/variant-ref.ts';
import { leftOpen, readSnapshot, type AuditRow, type DatabaseSnapshot } from './database-snapshot.ts';
import { heldBy, totalOf, type ExpectedOrder, type ExpectedState } from './expected-state.ts';
import { Violation } from './violation.ts';

/** How much was compared. */
export interface Verified {
  readonly orders: number;
  readonly lines: number;
  readonly parcels: number;
  readonly variants: number;
  readonly auditRows: number;
  /** Changes of stock whose callers could not know what became of them. */
  readonly lost: Unknown;
  readonly troubled: Unknown;
}

interface Unknown {
  readonly attempts: number;
  readonly carriedOut: number;
}

const MAX_TOLD = 15;
const TIMEOUT_MS = 10_000; // a server takes a moment to notice that a client is gone

/** Compares the shop with what the clients were told. Nobody may be working meanwhile. */
export async function verify(
  databaseUrl: string,
  expectedState: ExpectedState,
  timeoutMs = TIMEOUT_MS,
): Promise<Verified> {
  const complaints = [...(await leftOpen(databaseUrl, timeoutMs))];
  const snapshot = await readSnapshot(databaseUrl);
  complaints.push(
    ...snapshot.strays.map(({ what, id }) => `${what}: ${id}`),
    ...compareReferences(snapshot, expectedState),
  );
  const byOrder = rowsByOrder(snapshot);
  for (const order of expectedState.orders) complaints.push(...compareOrder(order, byOrder));
  const audit = auditByVariant(snapshot.audit);
  complaints.push(...compareAudit(audit, snapshot, expectedState), ...compareBookings(snapshot, expectedState));
  const applied = appliedChanges(snapshot.audit, expectedState);
  complaints.push(...compareChanges(applied, expectedState), ...compareStock(applied, snapshot, expectedState));
  if (complaints.length > 0) throw new Violation(listed(complaints));
  const unknown = (kind: 'lost' | 'troubled'): Unknown => {
    const attempts = expectedState.changes.filter(({ outcome }) => outcome === kind);
    return { attempts: attempts.length, carriedOut: attempts.filter(({ pieces: units }) => applied.has(units)).length };
  };
  return {
    orders: snapshot.orders.length,
    lines: snapshot.lines.length,
    parcels: snapshot.parcels.length,
    variants: audit.size,
    auditRows: snapshot.audit.length,
    lost: unknown('lost'),
    troubled: unknown('troubled'),
  };
}

function listed(complaints: readonly string[]): string {
  const more = complaints.length - MAX_TOLD;
  return [...complaints.slice(0, MAX_TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** Each order of BaseLinker is one reference and one order of the shop, and they are the same. */
function* compareReferences({ references, orders }: DatabaseSnapshot, expectedState: ExpectedState): Generator<string> {
  const expected = new Map(expectedState.orders.map((order) => [order.baselinkerId, order.id]));
  for (const { baselinker_id, order_id, is_bound } of references) {
    if (order_id === null || is_bound === 0) yield `reference ${baselinker_id} has no order`;
    else if (expected.get(baselinker_id) !== order_id) {
      yield `reference ${baselinker_id} is order ${order_id}, answered was ${expected.get(baselinker_id) ?? 'nothing'}`;
    }
  }
  const counts = new Map<string, number>();
  for (const { id, source_reference } of orders) {
    counts.set(source_reference, (counts.get(source_reference) ?? 0) + 1);
    if (expected.get(source_reference) !== String(id)) {
      yield `the shop's order ${id} is for ${source_reference}, which is ${expected.get(source_reference) ?? 'unknown'}`;
    }
  }
  for (const [baselinkerId] of expected) {
    const count = counts.get(baselinkerId) ?? 0;
    if (count !== 1) yield `the shop holds ${count} orders for ${baselinkerId}`;
  }
  if (references.length !== expected.size) {
    yield `${references.length} references for ${expected.size} orders of BaseLinker`;
  }
}

type ByOrder = ReturnType<typeof rowsByOrder>;

function rowsByOrder(snapshot: DatabaseSnapshot) {
  return {
    heads: new Map(snapshot.orders.map((order) => [String(order.id), order])),
    lines: grouped(snapshot.lines, ({ order_id }) => String(order_id)),
    parcels: grouped(snapshot.parcels, ({ order_id }) => String(order_id)),
  };
}

function* compareOrder(order: ExpectedOrder, { heads, lines, parcels }: ByOrder): Generator<string> {
  const id = order.id ?? '';
  const name = `order ${id} (${order.baselinkerId}, content ${order.content.number})`;
  const head = heads.get(id);
  if (!head) return; // told as a missing reference
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['status', String(head.status_id), order.statusId],
    ['total', hundredths(head.total), totalOf(order.content)],
    ['delivery price', hundredths(head.delivery_price), order.content.deliveryPrice],
    ['paid', hundredths(head.paid_amount), order.paid],
    [
      'lines',
      (lines.get(id) ?? []).map((line) =>
        lineText({
          ...line,
          productId: line.product_id ?? '',
          variantId: line.variant_id,
          price: hundredths(line.price),
        }),
      ),
      order.content.lines.map(lineText),
    ],
    ['parcels', (parcels.get(id) ?? []).map((parcel) => parcel.tracking_number).sort(), [...order.parcels].sort()],
  ];
  for (const [what, found, expected] of facts) {
    const [is, must] = [JSON.stringify(found), JSON.stringify(expected)];
    if (is !== must) yield `${name}: ${what} is ${is}, must be ${must}`;
  }
}

function lineText(line: {
  readonly productId: string | number;
  readonly variantId: string | number;
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
}): string {
  return `${line.productId}/${line.variantId} ${line.name}: ${line.quantity} × ${line.price}`;
}

/** Each row begins where the one before it ended, the first at the beginning and the last at what is there now. */
function* compareAudit(
  audit: ReadonlyMap<string, AuditRow[]>,
  { stock }: DatabaseSnapshot,
  { start }: ExpectedState,
): Generator<string> {
  const now = new Map(stock.map((row) => [keyOf(row), row.quantity]));
  for (const [key, quantity] of now) {
    let last = start.get(key);
    for (const { id, before_value, after_value } of audit.get(key) ?? []) {
      if (before_value !== String(last))
        yield `article ${key}: audit row ${id} begins at ${before_value}, not at ${last}`;
      last = Number(after_value);
    }
    if (last !== quantity) yield `article ${key}: the stock is ${quantity}, the audit ends at ${last}`;
  }
}

/** What is booked for an order is what it holds, and what the audit says was taken for it. */
function* compareBookings({ allocations, audit }: DatabaseSnapshot, expectedState: ExpectedState): Generator<string> {
  const booked = grouped(allocations, ({ order_id }) => order_id);
  const moved = new Map<string, number>();
  for (const row of audit) {
    if (row.order_id === null) continue;
    const key = `${row.order_id} ${keyOf(row)}`;
    moved.set(key, (moved.get(key) ?? 0) + movedBy(row));
  }
  for (const order of expectedState.orders) {
    const must = heldBy(order);
    const is = new Map((booked.get(order.id ?? '') ?? []).map((row) => [keyOf(row), row.quantity]));
    for (const key of new Set([...must.keys(), ...is.keys()])) {
      const name = `order ${order.id} (${order.baselinkerId}), article ${key}`;
      const units = must.get(key) ?? 0;
      const taken = -(moved.get(`${order.id} ${key}`) ?? 0);
      if ((is.get(key) ?? 0) !== units) yield `${name}: booked are ${is.get(key) ?? 0}, must be ${units}`;
      if (taken !== units) yield `${name}: the audit says that ${taken} were taken, must be ${units}`;
    }
  }
}

/** Attempts to change shared stock that the audit knows, by their number of units, with the rows each has left. */
function appliedChanges(audit: readonly AuditRow[], expectedState: ExpectedState): ReadonlyMap<number, AuditRow[]> {
  const shared = new Set(expectedState.shared.map(variantKey));
  const rows = audit.filter((row) => row.action === 'ProductsQuantityUpdate' && shared.has(keyOf(row)));
  return grouped(rows, movedBy);
}

/** Whole or not at all, once at most, and certainly when it was acknowledged. */
function* compareChanges(applied: ReadonlyMap<number, AuditRow[]>, { changes }: ExpectedState): Generator<string> {
  for (const { pieces: units, variants, outcome } of changes) {
    const rows = applied.get(units) ?? [];
    const name = `the change by ${units} (${outcome})`;
    if (rows.length === 0 && outcome === 'acknowledged') yield `${name} is not in the audit`;
    if (rows.length === 0) continue;
    const found = rows.map(keyOf).sort().join(' ');
    const asked = variants.map(variantKey).sort().join(' ');
    if (found !== asked) yield `${name} of ${asked} was carried out on ${found}`;
    if (new Set(rows.map(({ call_id }) => call_id)).size !== 1) yield `${name} was carried out by several calls`;
  }
  const known = new Set(changes.map(({ pieces: units }) => units));
  for (const units of applied.keys()) if (!known.has(units)) yield `nobody asked for the change by ${units}`;
}

/** Start, and what was changed, less what is held by orders; on variants of one's own, what was set last. */
function* compareStock(
  applied: ReadonlyMap<number, AuditRow[]>,
  { stock }: DatabaseSnapshot,
  { start, shared, own, orders }: ExpectedState,
): Generator<string> {
  const must = new Map(shared.map((variant) => [variantKey(variant), start.get(variantKey(variant)) ?? 0]));
  const move = (key: string, units: number): void => void must.set(key, (must.get(key) ?? 0) + units);
  for (const rows of applied.values()) for (const row of rows) move(keyOf(row), movedBy(row));
  for (const order of orders) for (const [key, units] of heldBy(order)) move(key, -units);
  for (const variant of own) if (variant.quantity !== undefined) must.set(variantKey(variant), variant.quantity);
  const now = new Map(stock.map((row) => [keyOf(row), row.quantity]));
  for (const [key, quantity] of must) {
    if (now.get(key) !== quantity) yield `article ${key}: the stock is ${now.get(key)}, must be ${quantity}`;
  }
}

function auditByVariant(audit: readonly AuditRow[]): ReadonlyMap<string, AuditRow[]> {
  return grouped(audit, keyOf);
}

function keyOf(row: { readonly product_id: string | number; readonly variant_id: string | number }): string {
  return variantKey({ productId: String(row.product_id), variantId: String(row.variant_id) });
}

function movedBy({ before_value, after_value }: AuditRow): number {
  return Number(after_value) - Number(before_value);
}

function hundredths(decimal: string): number {
  return Number(decimal.replace('.', ''));
}

function grouped<Row, Key>(rows: readonly Row[], keyOfRow: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOfRow(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
