import { shopAction } from './context.ts';
import { offeredEntries } from './wire.ts';

export const deliveryMethodsList = shopAction({
  name: 'DeliveryMethodsList',
  input: [],
  run: (_, { shop }) => offeredEntries(shop, 'deliveries'),
});
