/** An EAN-13 with the Polish prefix 590. Different numbers below 10^9 give different codes. */
export function ean13(number: number): string {
  const digits = `590${String(number % 1_000_000_000).padStart(9, '0')}`;
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) sum += Number(digits[i]) * (i % 2 === 0 ? 1 : 3);
  return digits + String((10 - (sum % 10)) % 10);
}

const NIP_WEIGHTS = [6, 5, 7, 2, 3, 4, 5, 6, 7];

/** A Polish tax number that passes the check and belongs to nobody: there is no tax office 999. */
export function nip(number: number): string {
  for (let n = number % 1_000_000; ; n = (n + 1) % 1_000_000) {
    const digits = `999${String(n).padStart(6, '0')}`;
    const check = NIP_WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0) % 11;
    if (check < 10) return digits + String(check); // a remainder of 10 is never issued
  }
}
