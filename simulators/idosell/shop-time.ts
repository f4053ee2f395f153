/** The shop speaks its own time: days for the key of the day, and date-times as its database holds them (4.0). */

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

function parts(at: Date, timeZone: string): Record<Part, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    hourCycle: 'h23',
  });
  const found = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (name: Part) => found.get(name) ?? '';
  return {
    ...{ year: part('year'), month: part('month'), day: part('day') },
    ...{ hour: part('hour'), minute: part('minute'), second: part('second') },
  };
}

/** `20261121` */
export function shopDay(at: Date, timeZone: string): string {
  const { year, month, day } = parts(at, timeZone);
  return `${year}${month}${day}`;
}

/** `2026-11-21` */
export function shopDate(at: Date, timeZone: string): string {
  const { year, month, day } = parts(at, timeZone);
  return `${year}-${month}-${day}`;
}

/** `2026-11-21 14:05:10` */
export function shopTime(at: Date, timeZone: string): string {
  const { hour, minute, second } = parts(at, timeZone);
  return `${shopDate(at, timeZone)} ${hour}:${minute}:${second}`;
}

export const isShopTime = (text: string): boolean => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text);
export const isShopDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
