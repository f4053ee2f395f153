import type { Knex } from 'knex';

/** What is known of an order of BaseLinker; its row is locked until the unit of work ends. */
export interface OrderReference {
  /** Undefined when BaseLinker's number is new here. */
  readonly orderId: string | undefined;
  /** Of the last call that was carried out. */
  readonly fingerprint: Buffer | undefined;
  /** What that call said of status and payment. */
  readonly askedStatus: string;
  readonly askedPaid: boolean | undefined;
}

interface Row {
  readonly connection: string;
  readonly baselinker_id: string;
  readonly order_id: string | null;
  readonly fingerprint: Buffer | null;
  readonly asked_status: string;
  readonly asked_paid: number | null;
}

/**
 * Takes BaseLinker's number for this unit of work. Whoever else comes with the same number waits here, on the unique
 * key, until the first one is done, and then sees its order.
 */
export async function claimReference(
  unit: Knex.Transaction,
  connection: string,
  baselinkerId: string,
  at: Date,
): Promise<OrderReference> {
  // ON DUPLICATE KEY locks the row for writing at once; IGNORE would share it, and two callers would deadlock over it.
  await unit.raw(
    `INSERT INTO bl_orders (connection, baselinker_id, created_at, changed_at) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE connection = bl_orders.connection`,
    [connection, baselinkerId, at, at],
  );
  const row = await unit<Row>('bl_orders').where({ connection, baselinker_id: baselinkerId }).forUpdate().first();
  if (!row) throw new Error(`the claim on order ${baselinkerId} was lost`);
  return {
    orderId: row.order_id ?? undefined,
    fingerprint: row.fingerprint ?? undefined,
    askedStatus: row.asked_status,
    askedPaid: row.asked_paid === null ? undefined : row.asked_paid === 1,
  };
}

/** Whether this shop order was made for another number of BaseLinker. The order must be locked. */
export async function isOfAnother(
  unit: Knex.Transaction,
  { connection, baselinkerId }: { readonly connection: string; readonly baselinkerId: string },
  orderId: string,
): Promise<boolean> {
  const others = unit<Row>('bl_orders')
    .where({ connection, order_id: orderId })
    .whereNot('baselinker_id', baselinkerId);
  return (await others.first('order_id')) !== undefined;
}

/** The numbers in BaseLinker of those among these shop orders that were made for one. */
export async function numbersInBaseLinker(
  db: Knex,
  connection: string,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await db<Row>('bl_orders')
    .where({ connection })
    .whereIn('order_id', orderIds)
    .select('order_id', 'baselinker_id');
  return new Map(rows.map(({ order_id, baselinker_id }) => [order_id ?? '', baselinker_id]));
}

/** Writes down which shop order it is, and what the call that made it so had asked for. */
export async function bindReference(
  unit: Knex.Transaction,
  key: { readonly connection: string; readonly baselinkerId: string },
  bound: {
    readonly orderId: string;
    readonly fingerprint: Buffer;
    readonly askedStatus: string;
    readonly askedPaid: boolean | undefined;
    readonly at: Date;
  },
): Promise<void> {
  await unit('bl_orders')
    .where({ connection: key.connection, baselinker_id: key.baselinkerId })
    .update({
      order_id: bound.orderId,
      fingerprint: bound.fingerprint,
      asked_status: bound.askedStatus,
      asked_paid: bound.askedPaid ?? null,
      changed_at: bound.at,
    });
}
