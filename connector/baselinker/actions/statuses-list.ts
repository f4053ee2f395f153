import { shopAction } from './context.ts';
import { offeredEntries } from './response-parts.ts';

export const statusesList = shopAction({
  name: 'StatusesList',
  input: [],
  run: (_, { shop }) => offeredEntries(shop, 'statuses'),
});
