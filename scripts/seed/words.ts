/** The Polish words that products are named with. */

/** Masculine, feminine, neuter; neuter stands for the plural of things too, because the adjectives are the same. */
export type Gender = 'm' | 'f' | 'n';

export interface Noun {
  readonly word: string;
  readonly gender: Gender;
}

/** Reads "kubek/m filiżanka/f buty_trekkingowe/n". */
export function nouns(list: string): Noun[] {
  return list.split(' ').map((entry) => {
    const [word = '', gender] = entry.split('/');
    return { word: word.replaceAll('_', ' '), gender: gender === 'f' || gender === 'n' ? gender : 'm' };
  });
}

/** The form of an adjective ("żółty", "wąski", "tani") that goes with the noun. */
export function agree(adjective: string, gender: Gender): string {
  if (gender === 'm') return adjective;
  if (/[kg]i$/.test(adjective)) return gender === 'f' ? `${adjective.slice(0, -1)}a` : `${adjective}e`;
  if (adjective.endsWith('i')) return adjective + (gender === 'f' ? 'a' : 'e');
  return adjective.slice(0, -1) + (gender === 'f' ? 'a' : 'e');
}

export const ADJECTIVES: readonly string[] = (
  'klasyczny nowoczesny lekki wytrzymały praktyczny elegancki ręczny rodzinny domowy śliczny wyjątkowy miękki ' +
  'wąski szeroki długi krótki duży mały solidny ćwiczebny źródlany łagodny ożywczy świąteczny jesienny zimowy letni'
).split(' ');

/** Names of product lines, in Polish quotation marks when printed; one of them with a quote that SQL must survive. */
export const SERIES: readonly string[] = (
  'Żółw Świt Źródło Łąka Gęś Jaskółka Wrzos Ćma Ósemka Ząbek Bałtyk Śnieżka Późne_Lato Mgła Dąb Kłos Żuraw ' +
  "Księżyc Zorza Łoś Jodła Słoń Rosa Wiśnia Ważka Piołun Jaśmin Sójka Brzoza Tęcza O'Pole"
)
  .split(' ')
  .map((name) => name.replaceAll('_', ' '));

export const COLOURS: readonly string[] =
  'biały czarny czerwony niebieski zielony żółty różowy brązowy szary błękitny fioletowy pomarańczowy beżowy złoty'.split(
    ' ',
  );

export const ORIGINS: readonly string[] = ['Polska', 'Czechy', 'Włochy', 'Portugalia', 'Niemcy', 'Litwa', 'Hiszpania'];

export const MANUFACTURERS: readonly string[] = [
  'Żółw Ceramika',
  'Łąkowa Manufaktura',
  'Świt Tekstylia',
  'Ćmielno Szkło',
  'Gęsie Pióro',
  'Śnieżka Sport',
  'Źródło Zdrowia',
  'Pracownia „Ósemka”',
  'Dąb & Jodła',
  'Zakłady Wełniane Ślężan',
  'Bartek Pszczółka',
  'Młyn nad Wisłą',
  'Wydawnictwo Późna Jesień',
  'Rowery Jaźwiec',
  'Tatra Góra',
  "O'Pole Design",
  'Mała Księgarnia',
  'Zielnik Babci Józi',
  'Kuźnia Kątna',
  'Baltic Light',
];

/** Only letters, digits and dashes, as addresses and codes want them. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, (run) => (/^\p{M}+$/u.test(run) ? '' : '-'))
    .replace(/^-|-$/g, '');
}
