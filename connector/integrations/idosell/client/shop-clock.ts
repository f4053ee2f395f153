/** The wholesaler's calendar and clock, whatever zone our own server stands in. */
export interface ShopClock {
  /** Eight digits: 20261121. */
  day(moment: Date): string;
  /** `YYYY-MM-DD HH:MM:SS`. */
  write(moment: Date): string;
  /** Undefined for nothing ('', '0', a date of zeros) and for what is no time. */
  read(text: string): Date | undefined;
}

const WIRE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Throws for a zone that nobody knows. */
export function shopClock(timeZone: string): ShopClock {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const partsOf = (moment: Date) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    return (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  };
  const write = (moment: Date): string => {
    const part = partsOf(moment);
    const date = `${part('year')}-${part('month')}-${part('day')}`;
    return `${date} ${part('hour')}:${part('minute')}:${part('second')}`;
  };
  return {
    day: (moment) => write(moment).slice(0, 10).replaceAll('-', ''),
    write,
    read: (text) => readTime(text.trim(), write),
  };
}

function readTime(text: string, write: (moment: Date) => string): Date | undefined {
  const [whole, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', offset] =
    WIRE_TIME.exec(text) ?? [];
  if (whole === undefined || year === '0000') return undefined;
  const local = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  const asUtc = utcOf(local);
  // A month of 13, or the 30th of February, which the parser would move.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19).replace('T', ' ') !== local) return undefined;
  if (offset !== undefined) return new Date(`${local.replace(' ', 'T')}${offset.replace(/^(...)(\d\d)$/, '$1:$2')}`);
  // The zone's distance from UTC the day before and the day after: one of the two holds, both in the doubled hour (the
  // earlier moment is taken), none in the hour that is left out (read as if the clock had not been put forward).
  const distances = [-DAY_MS, DAY_MS].map((shift) => utcOf(write(new Date(asUtc + shift))) - (asUtc + shift));
  const moments = distances.map((distance) => asUtc - distance);
  const fitting = moments.filter((ms) => write(new Date(ms)) === local);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : Math.max(...moments));
}

const utcOf = (local: string): number => Date.parse(`${local.replace(' ', 'T')}Z`);
