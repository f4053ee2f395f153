import { nouns, type Noun } from './words.ts';
import type { Row } from './insert.ts';

/** What the variants of a product differ in. */
export type Axis = 'size' | 'shoe' | 'colour' | 'package';

/** A category in which products stand. */
export interface Leaf {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
  /** Three letters, the beginning of the SKUs. */
  readonly code: string;
  /** Percent as stored; null = exempt. */
  readonly vatRate: string | null;
  /** Whole zloty, cheapest and dearest. */
  readonly price: readonly [number, number];
  readonly grams: readonly [number, number];
  readonly axis: Axis;
  readonly nouns: readonly Noun[];
}

type LeafEntry = readonly [
  name: string,
  code: string,
  vat: number | null,
  price: readonly [number, number],
  grams: readonly [number, number],
  axis: Axis,
  nouns: string,
];
/** A name that begins with "!" is switched off. */
type Tree = readonly (readonly [string, readonly (readonly [string, readonly LeafEntry[]])[]])[];

/* prettier-ignore */
const TREE: Tree = [
  ['Dom i kuchnia', [
    ['Naczynia', [
      ['Kubki i filiżanki', 'KUB', 23, [15, 80], [180, 600], 'colour', 'kubek/m filiżanka/f garnuszek/m'],
      ['Talerze i półmiski', 'TAL', 23, [12, 140], [300, 1400], 'colour', 'talerz/m półmisek/m miska/f'],
      ['Garnki i patelnie', 'GAR', 23, [60, 420], [900, 4200], 'size', 'garnek/m patelnia/f rondel/m'],
    ]],
    ['Tekstylia', [
      ['Pościel', 'POS', 23, [70, 480], [700, 2600], 'colour', 'komplet_pościeli/m poszewka/f prześcieradło/n'],
      ['Ręczniki', 'REC', 23, [15, 120], [150, 900], 'colour', 'ręcznik/m szlafrok/m'],
      ['!Obrusy świąteczne', 'OBR', 23, [35, 200], [200, 900], 'colour', 'obrus/m bieżnik/m'],
    ]],
    ['Oświetlenie', [
      ['Lampy stołowe', 'LAM', 23, [60, 700], [600, 5000], 'colour', 'lampa/f lampka_nocna/f kinkiet/m'],
      ['Żarówki i taśmy LED', 'ZAR', 23, [5, 90], [30, 400], 'package', 'żarówka/f taśma_LED/f świetlówka/f'],
    ]],
  ]],
  ['Moda', [
    ['Odzież damska', [
      ['Sukienki', 'SUK', 23, [90, 650], [200, 900], 'size', 'sukienka/f spódnica/f'],
      ['Swetry i bluzy', 'SWE', 23, [70, 420], [300, 1100], 'size', 'sweter/m bluza/f kardigan/m'],
    ]],
    ['Odzież męska', [
      ['Koszule', 'KOS', 23, [60, 320], [180, 450], 'size', 'koszula/f podkoszulek/m'],
      ['Kurtki i płaszcze', 'KUR', 23, [180, 1400], [700, 2400], 'size', 'kurtka/f płaszcz/m bezrękawnik/m'],
    ]],
    ['Obuwie', [
      ['Buty sportowe', 'BUT', 23, [120, 780], [500, 1500], 'shoe', 'buty_do_biegania/n półbuty/n trampki/n'],
      ['Śniegowce i kozaki', 'SNI', 23, [140, 690], [900, 2200], 'shoe', 'śniegowce/n kozaki/n'],
    ]],
  ]],
  ['Ogród', [
    ['Narzędzia ogrodowe', [
      ['Łopaty i szpadle', 'LOP', 23, [35, 260], [900, 3200], 'size', 'łopata/f szpadel/m grabie/n'],
      ['Sekatory i piły', 'SEK', 23, [25, 320], [150, 1800], 'size', 'sekator/m piła/f nożyce/n'],
    ]],
    ['Nasiona i rośliny', [
      ['Nasiona warzyw', 'NAS', 8, [2, 19], [5, 60], 'package', 'nasiona_rzodkiewki/n nasiona_pomidorów/n nasiona_dyni/n'],
      ['Cebulki i kłącza', 'CEB', 8, [6, 60], [50, 900], 'package', 'cebulki_żonkili/n kłącze_piwonii/n cebulki_krokusów/n'],
    ]],
    ['Meble ogrodowe', [
      ['Leżaki i hamaki', 'LEZ', 23, [90, 900], [2500, 14000], 'colour', 'leżak/m hamak/m huśtawka/f'],
      ['!Parasole – stara kolekcja', 'PAR', 23, [120, 800], [3000, 12000], 'colour', 'parasol/m'],
    ]],
  ]],
  ['Spiżarnia', [
    ['Napoje', [
      ['Herbaty i zioła', 'HER', 23, [8, 90], [50, 500], 'package', 'herbata/f mieszanka_ziołowa/f napar/m'],
      ['Soki i syropy', 'SOK', 5, [6, 48], [350, 3200], 'package', 'sok_z_czarnej_porzeczki/m syrop_z_pędów_sosny/m nektar/m'],
    ]],
    ['Słodkości', [
      ['Miody', 'MIO', 5, [18, 95], [250, 1300], 'package', 'miód_gryczany/m miód_lipowy/m miód_wrzosowy/m'],
      ['Pierniki i cukierki', 'PIE', 23, [5, 60], [100, 900], 'package', 'piernik/m karmelki/n krówki/n'],
    ]],
    ['Produkty sypkie', [
      ['Kasze i ryż', 'KAS', 5, [4, 29], [400, 5000], 'package', 'kasza_gryczana/f kasza_pęczak/f ryż/m'],
      ['Mąki', 'MAK', 5, [3, 32], [500, 5000], 'package', 'mąka_żytnia/f mąka_orkiszowa/f'],
    ]],
  ]],
  ['Dziecko', [
    ['Zabawki', [
      ['Klocki i układanki', 'KLO', 23, [20, 390], [200, 2500], 'package', 'klocki_drewniane/n układanka/f sorter/m'],
      ['Pluszaki', 'PLU', 23, [19, 180], [100, 1200], 'colour', 'miś/m żyrafa/f słonik/m królik/m'],
    ]],
    ['Pielęgnacja', [
      ['Pieluchy', 'PIL', 5, [25, 130], [900, 4200], 'size', 'pieluchy/n pieluszki_wielorazowe/n'],
      ['Foteliki samochodowe', 'FOT', 8, [290, 1900], [3500, 13000], 'colour', 'fotelik/m podstawka/f'],
    ]],
  ]],
  ['Zdrowie i uroda', [
    ['Apteczka', [
      ['Plastry i opatrunki', 'PLA', 8, [4, 60], [20, 300], 'package', 'plaster/m opatrunek/m bandaż/m'],
      ['Ciśnieniomierze', 'CIS', 8, [89, 420], [300, 900], 'colour', 'ciśnieniomierz/m termometr/m'],
    ]],
    ['Kosmetyki', [
      ['Kremy i balsamy', 'KRE', 23, [12, 220], [40, 500], 'package', 'krem/m balsam/m maść/f'],
      ['Szampony i odżywki', 'SZA', 23, [9, 110], [150, 1100], 'package', 'szampon/m odżywka/f'],
    ]],
  ]],
  ['Książki i nauka', [
    ['Książki', [
      ['Powieści', 'POW', 5, [25, 79], [250, 900], 'package', 'powieść/f saga/f zbiór_opowiadań/m'],
      ['Bajki i baśnie', 'BAJ', 5, [15, 69], [200, 1100], 'package', 'baśń/f książeczka/f'],
    ]],
    ['Kursy i szkolenia', [
      ['Kursy językowe', 'KJE', null, [99, 1290], [0, 0], 'package', 'kurs_języka_łotewskiego/m kurs_wymowy/m'],
      ['Warsztaty rękodzieła', 'WAR', null, [79, 590], [0, 0], 'package', 'warsztat_ceramiczny/m warsztat_tkacki/m'],
    ]],
    ['Dla szkół', [
      ['Komputery dla szkół', 'KOM', 0, [1490, 4990], [1200, 8000], 'colour', 'laptop/m komputer/m drukarka/f'],
      ['Zeszyty i przybory', 'ZES', 23, [2, 45], [30, 500], 'package', 'zeszyt/m piórnik/m cyrkiel/m'],
    ]],
  ]],
  ['Sport i turystyka', [
    ['Rowery', [
      ['Rowery miejskie', 'ROW', 23, [990, 5400], [11000, 24000], 'size', 'rower_28"/m rower_26"/m hulajnoga/f'],
      ['Kaski i oświetlenie', 'KAK', 23, [39, 420], [80, 600], 'size', 'kask/m lampka_rowerowa/f'],
    ]],
    ['W góry', [
      ['Plecaki i śpiwory', 'PLE', 23, [79, 980], [500, 3200], 'colour', 'plecak/m śpiwór/m worek/m'],
      ['Namioty', 'NAM', 23, [190, 2600], [1800, 9000], 'colour', 'namiot/m tarp/m'],
    ]],
  ]],
  ['!Archiwum', [
    ['!Końcówki serii', [['!Wyprzedaż wiosenna', 'WYP', 23, [5, 200], [50, 3000], 'colour', 'świecznik/m wazon/m ramka/f']]],
  ]],
];

export interface Assortment {
  /** For shop_categories. */
  readonly categories: readonly Row[];
  readonly active: readonly Leaf[];
  readonly inactive: readonly Leaf[];
}

/** The category tree with its ids, which have gaps as in a shop of some age. */
export function assortment(): Assortment {
  const categories: Row[] = [];
  const leaves: Leaf[] = [];
  let lastId = 2;

  const category = (
    label: string,
    parentId: number,
    position: number,
  ): { id: number; name: string; active: boolean } => {
    lastId += position % 3 === 2 ? 4 : 1;
    const active = !label.startsWith('!');
    const name = active ? label : label.slice(1);
    categories.push([lastId, parentId, name, position, active ? 1 : 0]);
    return { id: lastId, name, active };
  };

  TREE.forEach(([department, groups], d) => {
    const top = category(department, 0, d + 1);
    groups.forEach(([group, entries], g) => {
      const middle = category(group, top.id, g + 1);
      entries.forEach(([label, code, vat, price, grams, axis, words], l) => {
        const { id, name, active } = category(label, middle.id, l + 1);
        const vatRate = vat === null ? null : `${String(vat)}.00`;
        leaves.push({ id, name, active, code, vatRate, price, grams, axis, nouns: nouns(words) });
      });
    });
  });
  return {
    categories,
    active: leaves.filter(({ active }) => active),
    inactive: leaves.filter(({ active }) => !active),
  };
}
