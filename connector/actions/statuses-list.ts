import { shopAction } from './context.ts';
import { currentEntries } from './wire.ts';

export const statusesList = shopAction({
  name: 'StatusesList',
  input: [],
  run: async (_, { shop }) => currentEntries(await shop.dictionary('statuses')),
});
