const WEIGHTS = [6, 5, 7, 2, 3, 4, 5, 6, 7] as const;

/** Whether this is a Polish tax number (NIP) with a right check digit; dashes, blanks and a PL before it do not matter. */
export function isPolishTaxNumber(text: string): boolean {
  const digits = text.replace(/^\s*PL/i, '').replace(/[\s-]/g, '');
  if (!/^\d{10}$/.test(digits)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return sum % 11 === Number(digits[9]);
}
