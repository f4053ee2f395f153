import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import type { MonotonicClock } from '../../../connector/lib/rate.ts';
import type { StatusMeaning } from '../../../connector/domain/order.ts';
import { loadConfig } from '../../../config/index.ts';

export const KEY = 'the-key-of-the-business-unit';

/** The settings as they are without a word from the operator; a test names only what matters to it. */
export function ourSettings(changes: Partial<ExpertSenderSettings> = {}): ExpertSenderSettings {
  const { expertSender } = loadConfig({
    ...{ DATABASE_URL: 'mysql://u:p@127.0.0.1:3306/shop', BASELINKER_KEY: 'k'.repeat(32) },
    EXPERTSENDER_API_KEY: KEY,
  });
  if (!expertSender) throw new Error('the key does not switch the target on');
  return { ...expertSender, ...changes };
}

export const aStatus = (meaning: StatusMeaning | undefined, id = '1') => ({ status: { id, name: 'Nowe', meaning } });

/** Time that passes only by waiting: as long as wished, at once. */
export function quickPace(): MonotonicClock {
  let at = 0;
  return {
    nowMs: () => at,
    wait: (ms) => {
      at += ms;
      return Promise.resolve();
    },
  };
}
