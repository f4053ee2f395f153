import { shopAction } from './context.ts';
import { offeredEntries } from './response-parts.ts';

export const paymentMethodsList = shopAction({
  name: 'PaymentMethodsList',
  input: [],
  run: (_, { shop }) => offeredEntries(shop, 'payments'),
});
