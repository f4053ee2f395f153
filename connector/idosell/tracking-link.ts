/** Where a parcel can be followed: the profile’s template for its courier, or nothing (protocol/idosell.md 6.4). */
export function trackingLink(template: string | undefined, number: string): string {
  return template === undefined ? '' : template.replaceAll('{number}', encodeURIComponent(number));
}
