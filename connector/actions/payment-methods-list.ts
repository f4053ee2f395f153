import { shopAction } from './context.ts';
import { currentEntries } from './wire.ts';

export const paymentMethodsList = shopAction({
  name: 'PaymentMethodsList',
  input: [],
  run: async (_, { shop }) => currentEntries(await shop.dictionary('payments')),
});
