import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import countries, { type LocaleData } from 'i18n-iso-countries';

/** Read first: where their names differ from those of other languages, theirs count, in this order. */
const FIRST_LANGUAGES: readonly string[] = ['pl', 'en', 'de'];

/** Names that are in use and that no list of the package has. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  AE: ['ZEA', 'Emiraty Arabskie', 'Emirates'],
  AL: ['Shqipëria'],
  AT: ['Republik Österreich', 'Republic of Austria', 'Republika Austrii'],
  BA: ['Bośnia', 'Bosnia', 'Bosnien', 'BiH'],
  BE: ['Królestwo Belgii', 'Kingdom of Belgium'],
  BY: ['Bielorussia', 'Byelorussia', 'Weissrussland', 'Republic of Belarus'],
  CH: ['Confoederatio Helvetica', 'Swiss', 'Konfederacja Szwajcarska', 'Schweizerische Eidgenossenschaft'],
  CN: ['PRC', 'ChRL', 'Chińska Republika Ludowa', 'Mainland China', 'Volksrepublik China'],
  CY: ['Kıbrıs'],
  CZ: ['Republika Czeska', 'Czech Rep', 'Tschechei', 'Česko', 'Česká republika', 'ČR'],
  DE: ['Bundesrepublik Deutschland', 'BRD', 'RFN', 'Republika Federalna Niemiec', 'Federal Republic of Germany'],
  DK: ['Kingdom of Denmark'],
  ES: ['Kingdom of Spain', 'Canary Islands', 'Wyspy Kanaryjskie', 'Islas Canarias', 'Kanarische Inseln'],
  FO: ['Føroyar'],
  FR: ['French Republic', 'République française', 'Republika Francuska'],
  GB: [
    ...['Wlk. Brytania', 'W. Brytania', 'Brytania', 'Zjednoczone Królestwo', 'Britain', 'Great Britain (UK)'],
    ...['Zjednoczone Królestwo Wielkiej Brytanii i Irlandii Północnej', 'The United Kingdom'],
    ...['United Kingdom of Great Britain and Northern Ireland', 'Vereinigtes Königreich von Großbritannien', 'U.K.'],
    ...['Anglia', 'England', 'Szkocja', 'Scotland', 'Schottland', 'Walia', 'Wales'],
    ...['Irlandia Północna', 'Northern Ireland', 'Nordirland'],
  ],
  GR: ['Hellas', 'Ellada', 'Hellenic Republic', 'Republika Grecka'],
  HU: ['Magyar Köztársaság', 'Republic of Hungary'],
  IE: ['Republic of Ireland', 'Irish Republic', 'Republika Irlandii', 'Republik Irland', 'Eire'],
  IT: ['Italian Republic', 'Repubblica Italiana', 'Republika Włoska'],
  KR: ['Korea', 'Republika Korei', 'Republik Korea'],
  LT: ['Republic of Lithuania', 'Lietuvos Respublika', 'Republika Litewska'],
  LU: ['Lëtzebuerg', 'Grand Duchy of Luxembourg', 'Wielkie Księstwo Luksemburga'],
  LV: ['Republic of Latvia', 'Latvijas Republika', 'Republika Łotewska'],
  EE: ['Republic of Estonia', 'Eesti Vabariik', 'Republika Estońska'],
  MD: ['Moldova', 'Mołdowa', 'Republic of Moldova', 'Republika Mołdawii', 'Republik Moldau', 'Moldau'],
  MK: ['Macedonia', 'Mazedonien', 'FYROM', 'Republika Macedonii Północnej', 'Republic of North Macedonia'],
  NL: ['Niderlandy', 'Holland', 'Królestwo Niderlandów', 'Kingdom of the Netherlands', 'Koninkrijk der Nederlanden'],
  NO: ['Kingdom of Norway'],
  PL: ['Rzeczpospolita Polska', 'Republic of Poland', 'Republik Polen'],
  PS: ['Palestinian Territories', 'Terytoria Palestyńskie', 'Palästinensische Autonomiegebiete'],
  RU: ['Federacja Rosyjska'],
  SE: ['Kingdom of Sweden'],
  SK: ['Republika Słowacka', 'Słowacka Republika', 'Slovak Republic', 'Slovenská republika', 'Slowakische Republik'],
  TR: ['Turkiye', 'Republic of Turkey', 'Republika Turcji'],
  TW: ['Republic of China'],
  US: ['Stany Zjednoczone Ameryki', 'Stany Zjednoczone Ameryki Północnej', 'America', 'Ameryka'],
  VA: ['Vatican', 'Vatican City', 'Państwo Watykańskie', 'Stolica Apostolska', 'Vatikan'],
  XK: ['Republic of Kosovo', 'Republika Kosowa'],
  ZA: ['RPA', 'Republika Południowej Afryki', 'Republic of South Africa'],
};

/**
 * The code of the country of this name, in Polish, English, German, or any other language in which the name means one
 * country only. Case, accents and signs do not matter.
 */
export function countryNamed(text: string): string | undefined {
  const whole = keyOf(text);
  const plain = keyOf(text.replace(/\([^)]*\)/g, ' ')).replace(/^the /, '');
  return find(whole) ?? (plain === whole ? undefined : find(plain));
}

function find(key: string): string | undefined {
  if (key === '') return undefined;
  usualNames ??= readUsualNames();
  const code = usualNames.get(key);
  if (code !== undefined) return code;
  foreignNames ??= readForeignNames(usualNames);
  return foreignNames.get(key) || undefined;
}

// Read when the first name needs them: most orders bring a code, and dozens of languages take a tenth of a second.
let usualNames: ReadonlyMap<string, string> | undefined;
let foreignNames: ReadonlyMap<string, string> | undefined;

function readUsualNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (name: string, code: string) => {
    for (const key of [keyOf(name), keyOf(withoutUmlauts(name))]) if (!names.has(key)) names.set(key, code);
  };
  for (const [code, others] of Object.entries(OTHER_NAMES)) for (const name of others) add(name, code);
  for (const language of FIRST_LANGUAGES) for (const [name, code] of namesIn(language)) add(name, code);
  return names;
}

/** A name that means two countries in two languages means none. */
function readForeignNames(usual: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const language of countries.getSupportedLanguages()) {
    if (FIRST_LANGUAGES.includes(language)) continue;
    for (const [name, code] of namesIn(language)) {
      const key = keyOf(name);
      if (!usual.has(key)) names.set(key, [undefined, code].includes(names.get(key)) ? code : '');
    }
  }
  return names;
}

const resolve = createRequire(import.meta.url).resolve;

/** Each name with its code. Read, not imported: Node 20 prints a warning for each JSON file that is imported. */
function namesIn(language: string): readonly (readonly [name: string, code: string])[] {
  const json = readFileSync(resolve(`i18n-iso-countries/langs/${language}.json`), 'utf8');
  // The cast: the package's own file, in the form that it declares.
  const { countries: names } = JSON.parse(json) as LocaleData;
  return Object.entries(names).flatMap(([code, name]) => [name].flat().map((one) => [one, code] as const));
}

/** Letters that no accent can be taken from. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { ł: 'l', đ: 'd', ø: 'o', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

/** Only the accents of Latin, Greek and Cyrillic letters: those of Indian scripts are vowels. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[łđøßæœı]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** As Germans write them where there are none. */
const withoutUmlauts = (name: string): string => name.replace(/[äöüÄÖÜ]/g, (letter) => `${letter}e`);
