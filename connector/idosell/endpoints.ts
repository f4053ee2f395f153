import { isXmlName } from '../lib/xml.ts';
import type { OperationName, Profile } from './profile.ts';

/** Where an operation is asked, and under which names. */
export interface Endpoint {
  readonly url: string;
  readonly method: string;
  readonly soapNamespace: string;
  readonly soapAction: string;
}

/** Undefined for an operation that this wholesaler does not have. */
export function endpointOf(profile: Profile, operation: OperationName): Endpoint | undefined {
  const found = profile.operations[operation];
  if (!found) return undefined;
  const { gate, method, version = profile.apiVersion } = found;
  const words = { host: profile.host, gate, method, version, format: profile.format };
  const soapNamespace = filled(found.soapNamespace ?? profile.soapNamespace, words);
  return {
    url: filled(found.endpointTemplate ?? profile.endpointTemplate, words),
    method,
    soapNamespace,
    soapAction: filled(found.soapAction ?? profile.soapAction, { ...words, namespace: soapNamespace }),
  };
}

function filled(template: string, words: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Throws for a profile that no call can be made by, before one is tried. */
export function checkEndpoints(profile: Profile): void {
  for (const operation of Object.keys(profile.operations) as OperationName[]) {
    const endpoint = endpointOf(profile, operation);
    if (!endpoint) continue;
    checkAddress(endpoint.url, operation);
    if (profile.format === 'soap' && !isXmlName(endpoint.method))
      throw new Error(`${operation}: method is no name in XML`);
  }
  if (profile.format === 'soap') checkNames(profile);
}

function checkNames(profile: Profile): void {
  const fields = (
    ['loginField', 'systemKeyField', 'sessionKeyField', 'dropshippingKeyField', 'referenceField'] as const
  ).map((key) => [key, profile[key]] as const);
  const optional = (['authBlock', 'externalReferenceField'] as const).map((key) => [key, profile[key]] as const);
  const names = Object.entries(profile.names).flatMap(([group, wire]) =>
    Object.entries(wire as Readonly<Record<string, string>>).map(
      ([ours, name]) => [`names.${group}.${ours}`, name] as const,
    ),
  );
  for (const [key, name] of [...fields, ...optional.filter(([, value]) => value !== ''), ...names]) {
    if (!isXmlName(name)) throw new Error(`${key}: ${JSON.stringify(name)} is no name in XML`);
  }
}

/** Throws for an address to which no key may be sent: the day's key is worth an account (P18). */
function checkAddress(url: string, operation: string): void {
  if (!URL.canParse(url)) throw new Error(`${operation}: the profile's host and endpointTemplate make no address`);
  const parsed = new URL(url);
  const isSafe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && LOOPBACK.has(parsed.hostname));
  if (!isSafe) throw new Error(`${operation}: the profile's endpointTemplate must begin with https://`);
}
