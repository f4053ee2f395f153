import { shopAction } from './context.ts';
import { offeredEntries } from './response-parts.ts';

export const deliveryMethodsList = shopAction({
  name: 'DeliveryMethodsList',
  input: [],
  run: (_, { shop }) => offeredEntries(shop, 'deliveries'),
});
