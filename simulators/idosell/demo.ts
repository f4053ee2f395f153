import type { ProductInput } from './stock.ts';

/** What the wholesaler sells when nobody says otherwise. */
export const DEMO_PRODUCTS: readonly ProductInput[] = [
  {
    codes: { internal: '1454-03', producer: '5900000000012', external: 'KX-771/B' },
    ...{ name: 'Kubek emaliowany', stock: '7', price: '19.9', weight: '0.4' },
  },
  { codes: { internal: '880-uniw' }, name: 'Zestaw łyżek', stock: '-1', price: '42', weight: '1.2' },
  { codes: { internal: '901-uniw' }, name: 'Len z metra', stock: '12.5', price: '31.5', weight: '0.3' },
];
