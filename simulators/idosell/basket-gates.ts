import type { FaultClass, Profile } from '../../connector/integrations/idosell/client/profile.ts';
import { readAmount, type Amount } from './amount.ts';
import { done, fails, type Answer, type OutStruct } from './answer.ts';
import { empty, put, wantedOf, type Basket, type BasketLine } from './baskets.ts';
import { structs, text, type Struct } from './raw.ts';
import type { Call, Operation, Shop } from './shop.ts';
import { canGive, type Product } from './stock.ts';

/** What became of one line that somebody wants. */
interface Judged {
  readonly code: string;
  readonly codeType: string;
  readonly quantity: Amount;
  readonly comment: string;
  readonly product: Product | undefined;
  readonly fault: FaultClass;
}

const WORDS = new Map<FaultClass, string>([
  ['done', ''],
  ['product-unknown', 'nieznany kod towaru'],
  ['out-of-stock', 'za mało sztuk'],
  ['not-sold', 'towar nie jest sprzedawany temu klientowi'],
  ['rejected', 'błędna ilość'],
]);

/** 4.2: changes nothing. */
export const checkAvailability: Operation = (call, shop) => {
  const refusal = refuseList(call, shop.profile);
  if (refusal) return refusal;
  const judged = judgeAll(call, shop, []);
  return answerLines(call, shop, { isOk: judged.every(({ fault }) => fault === 'done'), lines: judged });
};

/** 4.3: what is there stays there, unless the profile says that it can be replaced. */
export const importBasket: Operation = (call, shop) => {
  const refusal = refuseList(call, shop.profile);
  if (refusal) return refusal;
  const basket = shop.baskets.of(call.session);
  if (isReplaced(call, shop.profile)) empty(basket);
  noteAttachments(call);
  const judged = judgeAll(call, shop, basket.lines);
  for (const { product, fault, ...line } of judged) {
    if (product && fault === 'done') put(basket, { ...line, product, by: call.request });
  }
  const refused = judged.filter(({ fault }) => fault !== 'done');
  const kept = basket.lines.map((line) => ({ ...line, fault: 'done' as const }));
  return answerLines(call, shop, { isOk: refused.length === 0, lines: [...kept, ...refused] });
};

export const clearBasket: Operation = (call, shop) => {
  empty(shop.baskets.of(call.session));
  return done({ [shop.profile.names.basket.status]: shop.profile.words.basketStatus.ok });
};

function refuseList({ params }: Call, { maxElements }: Profile): Answer | undefined {
  const { length } = structs(params, 'products');
  if (length > maxElements) return fails('too-large', `najwyżej ${maxElements} pozycji`);
  return length === 0 ? fails('protocol', 'brak listy towarów') : undefined;
}

function isReplaced({ params, complain }: Call, { words, basketReplaceSupported }: Profile): boolean {
  const mode = text(params, 'mode');
  const { replace, append } = words.basketMode;
  if (mode === '') return false;
  if (!basketReplaceSupported) complain('the mode of an import is sent where nobody understands it');
  else if (mode !== replace && mode !== append) complain(`nobody knows the mode ${mode}`);
  return basketReplaceSupported && mode === replace;
}

function noteAttachments({ params, complain }: Call): void {
  for (const attachment of structs(params, 'products').flatMap((line) => structs(line, 'attachments'))) {
    const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text(attachment, 'file'));
    if (text(attachment, 'name') === '' || !isBase64) complain('an attachment has no name or is no Base64');
  }
}

/** What is in the basket, and what stands further up in the list, is gone for the lines below. */
function judgeAll({ params, account }: Call, shop: Shop, inBasket: readonly BasketLine[]): Judged[] {
  const promised = new Map<Product, Amount>();
  return structs(params, 'products').map((line) => {
    const before = (product: Product) => (promised.get(product) ?? 0n) + wantedOf(inBasket, product);
    const judged = judge(line, shop, { notSold: account.notSold ?? [], before });
    const { product, quantity, fault } = judged;
    if (product && fault === 'done') promised.set(product, (promised.get(product) ?? 0n) + quantity);
    return judged;
  });
}

function judge(
  line: Struct,
  { stock }: Shop,
  { notSold, before }: { readonly notSold: readonly string[]; readonly before: (product: Product) => Amount },
): Judged {
  const [code, codeType] = [text(line, 'code'), text(line, 'codeType')];
  const product = stock.find(code, codeType);
  const components = structs(line, 'products');
  const isKnown = components.every((one) => stock.find(text(one, 'code'), text(one, 'codeType')));
  const wanted = readAmount(text(line, 'quantity'));
  const fault = ((): FaultClass => {
    if (!product || !isKnown) return 'product-unknown';
    if ([...product.codes.values()].some((one) => notSold.includes(one))) return 'not-sold';
    if (wanted === undefined || wanted <= 0n) return 'rejected';
    return canGive(product, before(product) + wanted) ? 'done' : 'out-of-stock';
  })();
  return { code, codeType, quantity: wanted ?? 0n, comment: text(line, 'comment'), product, fault };
}

function answerLines(
  call: Call,
  { profile, habits }: Shop,
  { isOk, lines }: { readonly isOk: boolean; readonly lines: readonly Judged[] },
): Answer {
  const names = profile.names.product;
  const { ok } = profile.words.basketStatus;
  // There is no documented word for the contrary: any other one will do.
  const status = { [profile.names.basket.status]: isOk ? ok : ok === 'ERROR' ? 'FAILED' : 'ERROR' };
  if (!habits.tellsLines) return done(status);
  return done({ ...status, [names.products]: lines.map((line) => lineAnswer(line, call, profile)) });
}

function lineAnswer({ code, codeType, quantity, product, fault }: Judged, call: Call, profile: Profile): OutStruct {
  const { product: names, frame } = profile.names;
  const { yes, no } = profile.words.flag;
  const isAvailable = fault === 'done';
  return {
    [names.code]: code,
    [names.codeType]: codeType,
    [names.quantity]: isAvailable ? quantity : 0n,
    [names.available]: isAvailable ? yes : no,
    ...(product && fault !== 'not-sold' ? { [names.quantityAvailable]: product.stock } : {}),
    [frame.faultCode]: Number(call.number(fault)),
    [frame.faultString]: WORDS.get(fault) ?? '',
  };
}

/** Two sessions that fill one basket order each other's lines (P3). */
export function watchBasket(
  basket: Basket,
  { session, complain }: Call,
  isLive: (user: Basket['user']) => boolean,
): void {
  const { user } = basket;
  if (basket.lines.length === 0 || !user) basket.user = session;
  else if (user !== session) {
    // A session that ran out or was taken away is continued by the next one; a living or a replaced one is somebody else.
    if (isLive(user) || user.end === 'replaced')
      complain(`the basket of ${session.login} is in use by another session`);
    basket.user = session;
  }
}
