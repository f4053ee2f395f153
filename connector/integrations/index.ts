import type { Log } from '../lib/log.ts';
import type { Target } from '../contracts/target.ts';
import { expertSender } from './expertsender/index.ts';
import type { ExpertSenderSettings } from './expertsender/settings.ts';
import { idoSellTarget, type IdoSellTargetDeps } from './idosell/ordering/index.ts';

/** The remote systems that the settings switch on. */
export interface TargetSettings {
  readonly expertSender: ExpertSenderSettings | undefined;
}

export function openTargets(
  settings: TargetSettings,
  wholesalers: readonly Omit<IdoSellTargetDeps, 'now'>[],
  parts: { readonly log: Log; readonly now: () => Date },
): readonly Target[] {
  return [
    ...(settings.expertSender ? [expertSender(settings.expertSender, parts)] : []),
    ...wholesalers.map((wholesaler) => idoSellTarget({ ...wholesaler, now: parts.now })),
  ];
}
