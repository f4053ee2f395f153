/**
 * Remote systems quote what they received. Their messages are kept for the operator, without what identifies a buyer.
 */
export function redactPersonalData(text: string): string {
  return text
    .replace(/[^\s@"'<>(),;:=]+@[^\s@"'<>(),;:=]+/g, '[e-mail]')
    .replace(/(?:\+|\b00)\d(?:[ ()-]?\d){7,}/g, '[phone]');
}

const MAX_REASON = 300;

/**
 * Why a call was refused, for log and tables: the reason names the field, and may quote what was sent in it. What
 * stands from the first quotation mark on is left out, and so are long numbers, such as those of buyers.
 */
export function withoutValues(reason: string): string {
  const line = reason.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return redactPersonalData(withoutQuotes(line))
    .replace(/\d(?:[ -]?\d){6,}/g, '[number]')
    .slice(0, MAX_REASON)
    .toWellFormed();
}

/** From the first mark on: a value may hold marks itself, and where it was cut no mark tells its end. */
function withoutQuotes(text: string): string {
  return text.replace(/["“„«`][^]*/, '[…]');
}
