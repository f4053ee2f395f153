import { VERSION } from '../../domain/version.ts';
import { shopAction } from './context.ts';

/** The structure standard that every known integration names (docs/protocol/baselinker.md 3). */
const STANDARD = 4;

export const fileVersion = shopAction({
  name: 'FileVersion',
  input: [],
  run: (_, { platform }) => Promise.resolve({ platform, version: VERSION, standard: STANDARD }),
});
