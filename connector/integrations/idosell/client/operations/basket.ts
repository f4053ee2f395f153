import { refusal, type Account } from '../session/account.ts';
import { callError } from '../session/send-request.ts';
import type { Availability, Basket, BasketLine, IdoSell, LineAnswer, CallError, CallErrorClass } from '../client.ts';
import { isRefused, linesField, readLines } from './lines.ts';
import { text } from '../codec/request.ts';
import type { FaultClass } from '../profile.ts';
import { asText, find } from '../codec/response.ts';

/** Faults of the whole answer that are about goods: the question was understood, and the answer is no. */
const ABOUT_GOODS: ReadonlySet<FaultClass> = new Set<FaultClass>(['product-unknown', 'out-of-stock', 'not-sold']);

/** Changes nothing at the wholesaler (docs/protocol/idosell.md 4.2). */
export function checkAvailability(account: Account): IdoSell['checkAvailability'] {
  const { profile } = account.calls;
  return async (lines, signal) => {
    const operation = 'checkAvailability';
    const params = [linesField(profile, lines)];
    const response = await account.sendRequest({ operation, params, signal, elements: lines.length });
    if (response.kind === 'error') return response;
    const isNo = ABOUT_GOODS.has(response.fault.class);
    if (!isNo && response.fault.class !== 'done') return refusal(account, response);
    const found = readLines(response, { operation, profile, quantity: 'quantityAvailable' });
    const { frame, basket } = profile.names;
    const status = asText(find(response.fields, frame.results, basket.status));
    const isOk = status.toLowerCase() === profile.words.basketStatus.ok.toLowerCase();
    const readable = found === 'unreadable' ? [] : (found ?? []);
    const verdict = availabilityOf({ isNo, status, isOk, isReadable: found !== 'unreadable', lines: readable });
    return { kind: 'done', value: { verdict, lines: readable } };
  };
}

/** Available only by the overall word and no line that says otherwise; what is not understood is never available. */
function availabilityOf(said: {
  readonly isNo: boolean;
  readonly status: string;
  readonly isOk: boolean;
  readonly isReadable: boolean;
  readonly lines: readonly LineAnswer[];
}): Availability['verdict'] {
  if (said.isNo || said.lines.some(isRefused)) return 'missing';
  if (said.status === '' || !said.isReadable) return 'unknown';
  return said.isOk ? 'available' : 'missing';
}

/** The basket lives at the wholesaler, for the account or for the session (4.3). */
export function importBasket(account: Account): IdoSell['importBasket'] {
  const { profile } = account.calls;
  const { names, words } = profile;
  return async (lines, mode, signal) => {
    const operation = 'importBasket';
    const params = [
      linesField(profile, lines),
      ...(profile.basketReplaceSupported ? [[names.basket.mode, text(words.basketMode[mode])] as const] : []),
    ];
    const response = await account.sendRequest({ operation, params, signal, elements: lines.length });
    if (response.kind === 'error') return response;
    const found = readLines(response, { operation, profile, quantity: 'quantity' });
    const basket: Basket = {
      status: asText(find(response.fields, names.frame.results, names.basket.status)),
      lines: found === 'unreadable' ? undefined : found,
    };
    const refused = (basket.lines ?? []).filter(isRefused);
    if (response.fault.class !== 'done') return withLines(refusal(account, response), refused);
    return refusedLines(basket, refused, lines) ?? { kind: 'done', value: basket };
  };
}

function withLines(reason: CallError, lines: readonly LineAnswer[]): CallError {
  return lines.length > 0 ? { ...reason, lines } : reason;
}

/** The whole may be done while lines of it failed (P2); the others are in the basket then. */
export function refusedLines(
  basket: Pick<Basket, 'lines'>,
  refused: readonly LineAnswer[],
  asked: readonly BasketLine[],
): CallError | undefined {
  const [first] = refused;
  if (!first) return undefined;
  const mayHaveHappened = (basket.lines?.length ?? 0) > refused.length || asked.length > refused.length;
  const said = refused.map(({ code, faultString }) => `${code} ${faultString}`.trim()).join('; ');
  return {
    ...callError(lineError(first), `lines were refused: ${said}`.slice(0, 500), mayHaveHappened),
    lines: refused,
  };
}

export function lineError({ fault }: LineAnswer): CallErrorClass {
  return fault === 'done' || fault === 'empty' ? 'out-of-stock' : fault;
}

/** Not known to exist: a wholesaler that has it names it in the profile. */
export function clearBasket(account: Account): IdoSell['clearBasket'] {
  return async (signal) => {
    const response = await account.sendRequest({ operation: 'clearBasket', params: [], signal });
    if (response.kind === 'error') return response;
    return response.fault.class === 'done' ? { kind: 'done', value: undefined } : refusal(account, response);
  };
}
