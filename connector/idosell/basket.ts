import { refusal, type Account } from './account.ts';
import { trouble } from './call.ts';
import type { Availability, Basket, BasketLine, IdoSell, LineAnswer, Trouble, TroubleClass } from './client.ts';
import { isRefused, linesField, readLines } from './lines.ts';
import { text } from './outgoing.ts';
import type { FaultClass } from './profile.ts';
import { asText, find } from './wire.ts';

/** Faults of the whole answer that are about goods: the question was understood, and the answer is no. */
const ABOUT_GOODS: ReadonlySet<FaultClass> = new Set<FaultClass>(['product-unknown', 'out-of-stock', 'not-sold']);

/** Changes nothing at the wholesaler (protocol/idosell.md 4.2). */
export function checkAvailability(account: Account): IdoSell['checkAvailability'] {
  const { profile } = account.calls;
  return async (lines, signal) => {
    const operation = 'checkAvailability';
    const params = [linesField(profile, lines)];
    const told = await account.ask({ operation, params, signal, elements: lines.length });
    if (told.kind === 'trouble') return told;
    const isNo = ABOUT_GOODS.has(told.fault.class);
    if (!isNo && told.fault.class !== 'done') return refusal(account, told);
    const found = readLines(told, { operation, profile, quantity: 'quantityAvailable' });
    const { frame, basket } = profile.names;
    const status = asText(find(told.fields, frame.results, basket.status));
    const isOk = status.toLowerCase() === profile.words.basketStatus.ok.toLowerCase();
    const readable = found === 'unreadable' ? [] : (found ?? []);
    const verdict = verdictOf({ isNo, status, isOk, isReadable: found !== 'unreadable', lines: readable });
    return { kind: 'done', value: { verdict, lines: readable } };
  };
}

/** Available only by the overall word and no line that says otherwise; what is not understood is never available. */
function verdictOf(said: {
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
    const told = await account.ask({ operation, params, signal, elements: lines.length });
    if (told.kind === 'trouble') return told;
    const found = readLines(told, { operation, profile, quantity: 'quantity' });
    const basket: Basket = {
      status: asText(find(told.fields, names.frame.results, names.basket.status)),
      lines: found === 'unreadable' ? undefined : found,
    };
    const refused = (basket.lines ?? []).filter(isRefused);
    if (told.fault.class !== 'done') return withLines(refusal(account, told), refused);
    return refusedLines(basket, refused, lines) ?? { kind: 'done', value: basket };
  };
}

function withLines(reason: Trouble, lines: readonly LineAnswer[]): Trouble {
  return lines.length > 0 ? { ...reason, lines } : reason;
}

/** The whole may be done while lines of it failed (P2); the others are in the basket then. */
export function refusedLines(
  basket: Pick<Basket, 'lines'>,
  refused: readonly LineAnswer[],
  asked: readonly BasketLine[],
): Trouble | undefined {
  const [first] = refused;
  if (!first) return undefined;
  const mayBeDone = (basket.lines?.length ?? 0) > refused.length || asked.length > refused.length;
  const said = refused.map(({ code, faultString }) => `${code} ${faultString}`.trim()).join('; ');
  return { ...trouble(lineTrouble(first), `lines were refused: ${said}`.slice(0, 500), mayBeDone), lines: refused };
}

export function lineTrouble({ fault }: LineAnswer): TroubleClass {
  return fault === 'done' || fault === 'empty' ? 'out-of-stock' : fault;
}

/** Not known to exist: a wholesaler that has it names it in the profile. */
export function clearBasket(account: Account): IdoSell['clearBasket'] {
  return async (signal) => {
    const told = await account.ask({ operation: 'clearBasket', params: [], signal });
    if (told.kind === 'trouble') return told;
    return told.fault.class === 'done' ? { kind: 'done', value: undefined } : refusal(account, told);
  };
}
