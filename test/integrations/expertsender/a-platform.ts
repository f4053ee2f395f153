import { createLog } from '../../../connector/lib/log.ts';
import type { Delivery, Outcome, RelayedOrder } from '../../../connector/contracts/target.ts';
import { expertSender, type ExpertSender } from '../../../connector/integrations/expertsender/index.ts';
import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import { memoryStream } from '../../support/memory-stream.ts';
import { startStubServer, type Received, type Script, type StubServer } from '../../support/stub-server.ts';
import { aRelayedOrder } from '../../relay/an-order.ts';
import { ourSettings, quickPace } from './our-settings.ts';

export const NOW = (): Date => new Date('2027-03-04T10:00:00Z');
export const TIMEOUT_MS = 8000;

/** A platform that answers from a script, started anew for each test of the block that asks for it. */
export function aPlatform() {
  let simulator: StubServer | undefined;
  let log = memoryStream();
  let now = NOW();
  beforeEach(async () => {
    simulator = await startStubServer({ status: 201 });
    log = memoryStream();
    now = NOW();
  });
  afterEach(() => simulator?.close());
  const there = (): StubServer => {
    if (!simulator) throw new Error('the platform is there inside of a test');
    return simulator;
  };
  const received = (): readonly Received[] => there().received;

  return {
    received,
    answers: (...script: readonly [Script, ...Script[]]) => there().answers(...script),
    target: (settings: Partial<ExpertSenderSettings> = {}): ExpertSender =>
      expertSender(ourSettings({ url: there().url, ...settings }), {
        ...{ now: () => now, clock: quickPace(), log: createLog('debug', log) },
      }),
    calls: (): string[] => received().map(({ method, path }) => `${method} ${path}`),
    sent: (at = 0): unknown => JSON.parse(received()[at]?.body ?? ''),
    logged: (): string => log.text(),
    pass: (ms: number): void => {
      now = new Date(now.getTime() + ms);
    },
  };
}

export const deliver = (to: ExpertSender, ...deliveries: Delivery[]): Promise<readonly Outcome[]> =>
  to.deliver(deliveries, AbortSignal.timeout(TIMEOUT_MS));

export const kinds = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ kind }) => kind);

/** The order as it was told before, now in another state. */
export const again = (to: ExpertSender, state: Delivery, before: RelayedOrder = aRelayedOrder()): Delivery => ({
  ...state,
  lastDigest: to.digest(before),
});

/** What the platform answers to a question about an order. */
export const stored = (status: string) => ({ status: 200, body: { status: 0, data: { id: '1001', status } } });
