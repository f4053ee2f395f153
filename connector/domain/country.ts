import { createRequire } from 'node:module';
import countries, { type LocaleData } from 'i18n-iso-countries';

// Not an import: Node 20 prints a warning for each JSON file that is imported.
const load = createRequire(import.meta.url);
for (const language of ['pl', 'en']) {
  countries.registerLocale(load(`i18n-iso-countries/langs/${language}.json`) as LocaleData);
}

/**
 * Two capital letters: from the code that was sent (two letters, three, or a number), else from the country's Polish or
 * English name; '' if unknown.
 */
export function countryCode(code: string, name: string): string {
  const sent = code.trim().toUpperCase();
  if (countries.isValid(sent)) return countries.toAlpha2(sent) ?? '';
  const named = name.trim();
  return countries.getAlpha2Code(named, 'pl') ?? countries.getAlpha2Code(named, 'en') ?? '';
}
