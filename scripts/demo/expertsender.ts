import { PartyState } from '../../simulators/expertsender/control.ts';
import type { TroubleInput } from '../../simulators/expertsender/faults.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

/** What stands in for ExpertSender. */
export interface DemoParty extends StandIn<PartyState> {
  readonly apiKey: string;
  misbehave(trouble: TroubleInput): Promise<unknown>;
  behave(): Promise<unknown>;
}

export async function startDemoParty(apiKey: string): Promise<DemoParty> {
  const standIn = await startStandIn({
    name: 'ExpertSender',
    simulator: 'expertsender',
    args: ['--api-key', apiKey],
    state: PartyState,
  });
  return {
    ...standIn,
    apiKey,
    misbehave: (trouble) => standIn.tell('misbehave', trouble),
    behave: () => standIn.tell('behave'),
  };
}
