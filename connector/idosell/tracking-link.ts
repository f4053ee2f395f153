export function trackingLink(template: string | undefined, number: string): string {
  return template === undefined ? '' : template.replaceAll('{number}', encodeURIComponent(number));
}
