import { getAddresses, updateAddress } from './address-gates.ts';
import { checkAvailability, clearBasket, importBasket } from './basket-gates.ts';
import { listCouriers, listCouriersForOrder } from './courier-gates.ts';
import { cancelOrder, getOrderStatuses } from './order-gates.ts';
import { placeOrder } from './place-order.ts';
import type { Operations } from './shop.ts';
import { getSupplierData } from './supplier.ts';

export const OPERATIONS: Operations = {
  checkAvailability,
  importBasket,
  clearBasket,
  listCouriers,
  listCouriersForOrder,
  placeOrder,
  getOrderStatuses,
  cancelOrder,
  getAddresses,
  updateAddress,
  getSupplierData,
};
