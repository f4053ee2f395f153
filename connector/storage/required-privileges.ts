/** A right on a table; the rights that were granted are read elsewhere. */
type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Rights on our own tables, as far as one part of the work needs them. */
export type RequiredPrivileges = Readonly<Record<string, readonly Privilege[]>>;

const RECORDS_AUDIT: RequiredPrivileges = { bl_changes: ['INSERT'] };

/** What a capability of a shop that is written to needs of our own tables besides the shop's. */
export const REQUIRED_PRIVILEGES = {
  'write-stock': RECORDS_AUDIT,
  'write-prices': RECORDS_AUDIT,
  'write-products': { bl_added_products: ['SELECT', 'INSERT', 'UPDATE'], ...RECORDS_AUDIT },
  'create-orders': {
    bl_orders: ['SELECT', 'INSERT', 'UPDATE'],
    bl_booked_stock: ['SELECT', 'INSERT', 'UPDATE'],
    ...RECORDS_AUDIT,
  },
} as const satisfies Readonly<Record<string, RequiredPrivileges>>;

/** What ordering at wholesalers needs besides what passing orders on needs: the parts of orders, and notifications. */
export const SUPPLY_PRIVILEGES: RequiredPrivileges = {
  bl_supply_parts: ['SELECT', 'INSERT', 'UPDATE'],
  bl_inbox: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
};

/** What the guard of the stock dump needs. */
export const STOCK_GUARD_PRIVILEGES: RequiredPrivileges = { bl_stock_guard: ['SELECT', 'INSERT', 'UPDATE'] };

const ENQUEUES: RequiredPrivileges = { bl_outbox: ['SELECT', 'INSERT', 'UPDATE'] };

/**
 * What these capabilities also need when a target is switched on: an order and its outbox message are written together.
 */
export const ENQUEUEING_PRIVILEGES = {
  'create-orders': ENQUEUES,
  'update-orders': ENQUEUES,
} as const satisfies Readonly<Record<string, RequiredPrivileges>>;

/** What passing orders on needs: deliveries, the targets' health, the look for changes, and where orders come from. */
export const RELAY_PRIVILEGES: RequiredPrivileges = {
  bl_outbox: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  bl_targets: ['SELECT', 'INSERT', 'UPDATE'],
  bl_cursors: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  bl_orders: ['SELECT'],
};
