import { shopAction } from './context.ts';
import { currentEntries } from './wire.ts';

export const deliveryMethodsList = shopAction({
  name: 'DeliveryMethodsList',
  input: [],
  run: async (_, { shop }) => currentEntries(await shop.dictionary('deliveries')),
});
