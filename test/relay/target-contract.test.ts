import type { Delivery, Outcome, Target } from '../../connector/contracts/target.ts';
import { keepsTheTargetContract } from './target-contract.ts';

const KEY = 'a-key-of-the-little-party';

/** The smallest remote system that keeps the contract: it shows that the contract can be kept, and what it takes. */
function littleTarget(url: string): Target {
  return {
    name: 'little',
    batchSize: 3,
    concurrency: 2,
    wants: () => true,
    digest: ({ order }) => `status ${order.statusId}`,
    async deliver(deliveries, signal) {
      const outcome = await tell(url, deliveries, signal);
      return deliveries.map(({ order }) =>
        outcome.kind === 'delivered' ? { ...outcome, reference: order.id, memo: `status ${order.statusId}` } : outcome,
      );
    },
  };
}

async function tell(url: string, deliveries: readonly Delivery[], signal: AbortSignal): Promise<Outcome> {
  try {
    const body = JSON.stringify(deliveries.map(({ order }) => order.id));
    const headers = { 'X-Api-Key': KEY };
    return judge(await fetch(url, { method: 'POST', body, signal, headers, redirect: 'manual' }));
  } catch (error) {
    return { kind: 'retry', reason: error instanceof Error ? error.name : 'the line broke' };
  }
}

function judge({ status, headers }: Response): Outcome {
  const reason = `HTTP ${status}`;
  if (status === 200) return { kind: 'delivered', reference: '', memo: '' };
  if (status === 401) return { kind: 'halted', reason };
  if (status === 429) return { kind: 'retry', reason, afterMs: Number(headers.get('retry-after') ?? 60) * 1000 };
  return status >= 500 ? { kind: 'retry', reason } : { kind: 'refused', reason };
}

keepsTheTargetContract('little', littleTarget, { ok: () => ({ status: 200 }), secrets: [KEY] });
