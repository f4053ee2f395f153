import assert from 'node:assert/strict';
import type { Order, OrderLine } from '../../../connector/domain/order.ts';
import type { RelayedOrder } from '../../../connector/contracts/target.ts';
import { orderWriter, type WireOrder } from '../../../connector/integrations/expertsender/order-mapping.ts';
import type { ExpertSenderSettings } from '../../../connector/integrations/expertsender/settings.ts';
import { anOrder, aRelayedOrder } from '../../relay/an-order.ts';
import { ourSettings } from './our-settings.ts';

export function write(relayed: RelayedOrder, settings: Partial<ExpertSenderSettings> = {}) {
  const mapped = orderWriter(ourSettings(settings))(relayed);
  if ('unfit' in mapped) assert.fail(mapped.unfit);
  return mapped;
}

export function wire(changes: Partial<Order> = {}, settings: Partial<ExpertSenderSettings> = {}): WireOrder {
  return write(aRelayedOrder(changes), settings).wire;
}

export function unfit(changes: Partial<Order>, settings: Partial<ExpertSenderSettings> = {}): string {
  const mapped = orderWriter(ourSettings(settings))(aRelayedOrder(changes));
  return 'unfit' in mapped ? mapped.unfit : assert.fail('it was written');
}

export const [LINE = assert.fail()] = anOrder().lines;
export const aLine = (changes: Partial<OrderLine> = {}): OrderLine => ({ ...LINE, ...changes });
