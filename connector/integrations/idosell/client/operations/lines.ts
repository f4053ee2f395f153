import type { OperationResponse } from '../session/account.ts';
import type { BasketLine, LineAnswer } from '../client.ts';
import { faultOf } from '../codec/faults.ts';
import { decimal, fields, given, list, text, type RequestField } from '../codec/request.ts';
import type { OperationName, Profile } from '../profile.ts';
import { asDecimal, asBoolean, field, findList, isFields, textOf } from '../codec/response.ts';

/** Lines as a basket is told of them (docs/protocol/idosell.md 4.2, 4.3). */
export function linesField({ names: { product } }: Profile, lines: readonly BasketLine[]): RequestField {
  const line = ({ code, codeType, quantity, comment = '' }: BasketLine) =>
    fields(
      [product.code, text(code)],
      [product.codeType, text(codeType)],
      [product.quantity, decimal(quantity)],
      ...given(product.comment, comment),
    );
  return [product.products, list(lines.map(line))];
}

/** Lines as an answer tells of them; undefined where it has no list, `unreadable` where it is a list of something else. */
export function readLines(
  { fields: answer, quote }: OperationResponse,
  {
    operation,
    profile,
    quantity,
  }: { operation: OperationName; profile: Profile; quantity: 'quantity' | 'quantityAvailable' },
): readonly LineAnswer[] | 'unreadable' | undefined {
  const { frame, product } = profile.names;
  const found = findList(answer, frame.results, product.products);
  if (found === undefined) return undefined;
  if (!found.every(isFields)) return 'unreadable';
  return found.map((line) => {
    const fault = faultOf(line, operation, profile);
    return {
      code: textOf(line, product.code),
      codeType: textOf(line, product.codeType),
      available: asBoolean(field(line, product.available), profile.words.flag),
      quantity: asDecimal(field(line, product[quantity])),
      fault: fault.class,
      faultString: quote(fault.text),
    };
  });
}

/** A line that cannot be had, by its own fault or by its flag. */
export function isRefused({ fault, available }: LineAnswer): boolean {
  return fault !== 'done' || available === false;
}
