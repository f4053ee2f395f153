/** A right on a table; the rights that were granted are read elsewhere. */
type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Rights on our own tables, as far as one part of the work needs them. */
export type OwnNeeds = Readonly<Record<string, readonly Right[]>>;

const RECORDS_CHANGES: OwnNeeds = { bl_changes: ['INSERT'] };

/** What a capability of a shop that is written to needs of our own tables besides the shop's. */
export const OWN_NEEDS = {
  'write-stock': RECORDS_CHANGES,
  'write-prices': RECORDS_CHANGES,
  'write-products': { bl_added_products: ['SELECT', 'INSERT', 'UPDATE'], ...RECORDS_CHANGES },
  'create-orders': {
    bl_orders: ['SELECT', 'INSERT', 'UPDATE'],
    bl_booked_stock: ['SELECT', 'INSERT', 'UPDATE'],
    ...RECORDS_CHANGES,
  },
} as const satisfies Readonly<Record<string, OwnNeeds>>;

/** What ordering at wholesalers needs besides what passing orders on needs: the parts of orders, and notifications. */
export const SUPPLY_NEEDS: OwnNeeds = {
  bl_supply_parts: ['SELECT', 'INSERT', 'UPDATE'],
  bl_inbox: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
};

/** What the guard of the stock dump needs. */
export const STOCK_GUARD_NEEDS: OwnNeeds = { bl_stock_guard: ['SELECT', 'INSERT', 'UPDATE'] };

const ENQUEUES: OwnNeeds = { bl_outbox: ['SELECT', 'INSERT', 'UPDATE'] };

/** What these capabilities need besides when a target is switched on: an order and its letter are written together. */
export const ENQUEUEING_NEEDS = {
  'create-orders': ENQUEUES,
  'update-orders': ENQUEUES,
} as const satisfies Readonly<Record<string, OwnNeeds>>;

/** What passing orders on needs: deliveries, the targets' health, the look for changes, and where orders come from. */
export const RELAY_NEEDS: OwnNeeds = {
  bl_outbox: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  bl_targets: ['SELECT', 'INSERT', 'UPDATE'],
  bl_cursors: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  bl_orders: ['SELECT'],
};
