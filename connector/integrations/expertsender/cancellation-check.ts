import type { Log } from '../../lib/log.ts';
import type { Outcome } from '../../contracts/target.ts';
import { openRequests, type Api } from './api.ts';
import type { Job } from './send-orders.ts';
import type { ExpertSenderSettings } from './settings.ts';
import { isSameStatus, readStored } from './remote-order.ts';

/**
 * After the first cancellation that the process tells of, the order is read back once: which spelling the platform
 * understands is not known, and a word that it does not understand might be stored as something else (E5). It changes
 * nothing about the delivery.
 */
export function cancellationCheck(
  settings: ExpertSenderSettings,
  { api, log }: { readonly api: Api; readonly log: Log },
) {
  let isDone = false;
  return async (notes: readonly (readonly [Job, Outcome])[], signal: AbortSignal): Promise<void> => {
    if (isDone) return;
    const cancelled = notes.find(([{ wire }, { kind }]) => kind === 'delivered' && wire.status === settings.canceledAs);
    if (!cancelled) return;
    isDone = true;
    const [{ wire, delivery }] = cancelled;
    const found = await readStored(openRequests(api, signal, [settings.apiKey]), wire.id);
    const orderId = delivery.order.id;
    if (found.kind !== 'found') {
      isDone = false; // the next cancellation may be read back
      log.info('a cancelled order could not be read back from ExpertSender', { orderId, result: found.kind });
    } else if (isSameStatus(found.order.status, wire.status)) {
      log.info('ExpertSender keeps a cancellation as it should', {
        orderId,
        sent: wire.status,
        stored: found.order.status,
      });
    } else {
      const fields = { orderId, sent: wire.status, stored: found.order.status };
      log.warn('ExpertSender keeps a cancellation as something else: see EXPERTSENDER_CANCELED_AS', fields);
    }
  };
}
