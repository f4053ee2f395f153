import type { Product } from './products.ts';
import type { Random } from './random.ts';
import { COLOURS, ORIGINS } from './words.ts';

/** The long texts of a product card. */
export interface Texts {
  readonly description: string;
  /** Commonly the short description. */
  readonly short: string;
  readonly care: string;
}

const OPENINGS = [
  'Powstaje w małej pracowni, w której każdą sztukę ogląda się dwa razy.',
  'Zaprojektowany tak, żeby służył latami – i żeby dało się go naprawić.',
  'Nasi klienci piszą: "najlepszy zakup roku", a my się z nimi nie kłócimy.',
  'Sprawdzi się na co dzień i od święta, w domu, w ogrodzie i w podróży.',
  "Wzór z kolekcji 'Źródła', inspirowany wycinanką łowicką & haftem kaszubskim.",
];

const POINTS = [
  'łatwy w utrzymaniu czystości',
  'pakowany w papier z recyklingu',
  'gwarancja 24 miesiące',
  'wysyłka w ciągu 1 dnia roboczego',
  'zużycie < 5 W',
  'źródło surowca: Żuławy i Podkarpacie',
  'nie zawiera glutenu, laktozy ani złudzeń',
];

const CARE = [
  '<p>Prać w 30&nbsp;°C, nie wirować.</p>',
  '<p>Przechowywać w suchym miejscu, w temp. poniżej 25&nbsp;°C.</p>',
  '<p>Czyścić wilgotną ściereczką; nie używać środków ściernych.</p>',
];

export function textsOf(product: Product, random: Random): Texts {
  const title = escapeHtml(product.name);
  const points = [random.pick(POINTS), random.pick(POINTS), random.pick(POINTS)];
  const list = [...new Set(points)].map((point) => `<li>${escapeHtml(point)}</li>`).join('');
  // Four bytes in UTF-8: a connection or table in the old three-byte "utf8" loses these.
  const smile = random.chance(0.05) ? '<p>Idealny na prezent 🎁 – zapakujemy go z sercem ❤️!</p>' : '';
  return {
    description:
      `<h2>${title}</h2>\n<p>${escapeHtml(random.pick(OPENINGS))}</p>\n<ul class="cechy">${list}</ul>\n${smile}` +
      `<p>Kategoria: <strong>${product.leaf.name}</strong>. Zdjęcia mogą różnić się od rzeczywistości.</p>`,
    short: `<p>${title} – ${random.pick(POINTS).replace('<', '&lt;')}.</p>`,
    care: random.chance(0.3) ? random.pick(CARE) : '',
  };
}

const MATERIALS = ['bawełna', 'len', 'wełna', 'stal nierdzewna', 'drewno dębowe', 'szkło', 'kamionka', 'skóra'];

/** Name and value; several pairs of one name are several values. */
export function featuresOf(random: Random): (readonly [string, string])[] {
  const features: (readonly [string, string])[] = [['Kraj pochodzenia', random.pick(ORIGINS)]];
  if (random.chance(0.7)) features.push(['Materiał', random.pick(MATERIALS)]);
  if (random.chance(0.35)) {
    const first = random.int(0, COLOURS.length - 3);
    for (const colour of COLOURS.slice(first, first + random.int(2, 3))) features.push(['Kolor', colour]);
  }
  if (random.chance(0.3)) features.push(['Gwarancja', `${String(random.pick([12, 24, 36]))} miesięcy`]);
  return features;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
