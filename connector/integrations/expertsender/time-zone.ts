/** The platform's names of time zones are those of Windows (section 6); here with the IANA zones that they stand for. */
const WINDOWS_ZONES: readonly (readonly [windows: string, ...iana: [string, ...string[]]])[] = [
  ['UTC', 'UTC', 'Etc/UTC'],
  ['GMT Standard Time', 'Europe/London', 'Europe/Dublin', 'Europe/Lisbon'],
  ['Greenwich Standard Time', 'Atlantic/Reykjavik'],
  [
    'W. Europe Standard Time',
    ...(['Europe/Berlin', 'Europe/Vienna', 'Europe/Zurich', 'Europe/Rome', 'Europe/Amsterdam'] as const),
    ...['Europe/Oslo', 'Europe/Stockholm', 'Europe/Luxembourg'],
  ],
  [
    'Central Europe Standard Time',
    ...(['Europe/Budapest', 'Europe/Prague', 'Europe/Bratislava', 'Europe/Ljubljana', 'Europe/Belgrade'] as const),
  ],
  ['Romance Standard Time', 'Europe/Paris', 'Europe/Brussels', 'Europe/Copenhagen', 'Europe/Madrid'],
  ['Central European Standard Time', 'Europe/Warsaw', 'Europe/Zagreb', 'Europe/Sarajevo', 'Europe/Skopje'],
  ['GTB Standard Time', 'Europe/Bucharest', 'Europe/Athens', 'Asia/Nicosia'],
  [
    'FLE Standard Time',
    ...(['Europe/Kyiv', 'Europe/Kiev', 'Europe/Sofia', 'Europe/Tallinn', 'Europe/Helsinki'] as const),
    ...['Europe/Vilnius', 'Europe/Riga'],
  ],
  ['E. Europe Standard Time', 'Europe/Chisinau'],
  ['Turkey Standard Time', 'Europe/Istanbul'],
  ['Kaliningrad Standard Time', 'Europe/Kaliningrad'],
  ['Belarus Standard Time', 'Europe/Minsk'],
  ['Russian Standard Time', 'Europe/Moscow'],
];

/** A zone as the platform names it, and how a moment is written in it. */
export interface WireZone {
  readonly name: string;
  readonly write: (moment: Date) => string;
}

/** The zone of the setting, which may name it in either way. Throws for one that the platform is not known to have. */
export function wireZone(setting: string): WireZone {
  const found = WINDOWS_ZONES.find((names) => names.some((name) => name.toLowerCase() === setting.toLowerCase()));
  if (!found) {
    const known = WINDOWS_ZONES.map(([windows]) => windows).join(', ');
    throw new Error(`EXPERTSENDER_TIME_ZONE: the zone is not one of ${known}, nor one of the places they stand for`);
  }
  const [name, iana] = found;
  return { name, write: name === 'UTC' ? utc : local(iana) };
}

const utc = (moment: Date) => moment.toISOString().replace(/\.\d{3}Z$/, 'Z');

/**
 * Local time together with its offset. What the platform makes of a zone beside a date is not documented (E6): whether it
 * minds the offset or the zone, this names the same moment.
 */
function local(iana: string): (moment: Date) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: iana, hourCycle: 'h23', timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  return (moment) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
    const offset = part('timeZoneName').replace('GMT', '') || '+00:00';
    return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`;
  };
}
