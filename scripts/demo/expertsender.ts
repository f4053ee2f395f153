import { SimulatorState } from '../../simulators/expertsender/control.ts';
import type { FaultInput } from '../../simulators/expertsender/faults.ts';
import { startSimulator, type SimulatorProcess } from './simulator-process.ts';

/** What stands in for ExpertSender. */
export interface DemoExpertSender extends SimulatorProcess<SimulatorState> {
  readonly apiKey: string;
  misbehave(trouble: FaultInput): Promise<unknown>;
  behave(): Promise<unknown>;
}

export async function startDemoExpertSender(apiKey: string): Promise<DemoExpertSender> {
  const simulator = await startSimulator({
    name: 'ExpertSender',
    simulator: 'expertsender',
    args: ['--api-key', apiKey],
    state: SimulatorState,
  });
  return {
    ...simulator,
    apiKey,
    misbehave: (trouble) => simulator.tell('misbehave', trouble),
    behave: () => simulator.tell('behave'),
  };
}
