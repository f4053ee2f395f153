/**
 * A sentence for each name in the environment that looks like a setting but is none. The environment is full of other
 * programs' names, so only what is nearly the same counts.
 */
export function misspeltSettings(
  env: Readonly<Record<string, unknown>>,
  settings: readonly string[],
  ownNames: readonly string[] = [],
): readonly string[] {
  const known = new Set([...settings, ...ownNames]);
  return Object.keys(env)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = nearest(
        name
          .trim()
          .toUpperCase()
          .replaceAll(/[-.\s]/g, '_'),
        settings,
      );
      return meant === undefined ? [] : [`${name} is no setting of the connector: is ${meant} meant?`];
    })
    .sort();
}

function nearest(name: string, settings: readonly string[]): string | undefined {
  const near = settings
    .map((setting) => ({ setting, slips: slipsBetween(name, setting) }))
    .filter(({ setting, slips }) => slips <= maxSlips(name, setting))
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.setting;
}

/** HOST, PORT and SHOP are like too many other words; only their own letters in another order are a slip. */
function maxSlips(name: string, setting: string): number {
  if (setting.length > 8) return 2;
  return setting.length > 4 || sorted(name) === sorted(setting) ? 1 : 0;
}

const sorted = (text: string): string => Array.from(text).sort().join('');

/** Letters to add, drop, change, or swap with the next one (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  // Not worth a table: the difference in length alone is too large.
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = at(last, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, changed, swapped ? at(before, j - 2) + 1 : Infinity));
    }
    [before, last] = [last, row];
  }
  return at(last, other.length);
}

const at = (row: readonly number[], n: number): number => row[n] ?? Infinity;
