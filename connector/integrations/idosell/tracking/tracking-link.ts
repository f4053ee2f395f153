import type { Package } from '../client/client.ts';
import type { Profile } from '../client/profile.ts';

/**
 * Where a parcel can be followed: by the profile's template of its courier, then by the courier's own, then as the
 * wholesaler says it. '' where none of them gives a link; the number stands alone then (docs/protocol/idosell.md 6.4).
 */
export function trackingLink({ trackingTemplates }: Profile, parcel: Package, courierTemplate = ''): string {
  const { courierId, number, trackingUrl } = parcel;
  const own = Object.hasOwn(trackingTemplates, courierId) ? trackingTemplates[courierId] : undefined;
  const templates = number === '' ? [] : [own ?? '', courierTemplate].filter((one) => one.includes('{number}'));
  const links = templates.map((template) =>
    template.replaceAll('{number}', () => encodeURIComponent(number.toWellFormed())),
  );
  return [...links, trackingUrl].find(isLink) ?? '';
}

/** Anything else that a remote system calls an address could be a script. */
function isLink(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
