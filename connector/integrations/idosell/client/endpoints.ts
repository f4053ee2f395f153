import { isXmlName } from '../../../lib/xml.ts';
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

/** Throws for a profile that no call can be made by, before one is tried; the Error names every problem. */
export function checkEndpoints(profile: Profile): void {
  const problems = endpointProblems(profile);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** What of a profile nobody can be called by, in a sentence each; the same trouble of several operations is said once. */
export function endpointProblems(profile: Profile): readonly string[] {
  const isSoap = profile.format === 'soap';
  const found = new Map<string, string[]>();
  for (const operation of Object.keys(profile.operations) as OperationName[]) {
    const endpoint = endpointOf(profile, operation);
    if (!endpoint) continue;
    const problem = addressProblem(endpoint.url);
    if (problem !== undefined) found.set(problem, [...(found.get(problem) ?? []), operation]);
    if (isSoap && !isXmlName(endpoint.method)) found.set(`operations.${operation}.method is no name in XML`, []);
  }
  const ofAddresses = Array.from(found, ([problem, operations]) =>
    operations.length === 0 ? problem : `${problem} (${operations.join(', ')})`,
  );
  return isSoap ? [...ofAddresses, ...nameProblems(profile)] : ofAddresses;
}

function nameProblems(profile: Profile): readonly string[] {
  const fields = (
    ['loginField', 'systemKeyField', 'sessionKeyField', 'dropshippingKeyField', 'referenceField'] as const
  ).map((key) => [key, profile[key]] as const);
  const optional = (['authBlock', 'externalReferenceField'] as const).map((key) => [key, profile[key]] as const);
  const names = Object.entries(profile.names).flatMap(([group, wire]) =>
    Object.entries(wire as Readonly<Record<string, string>>).map(
      ([ours, name]) => [`names.${group}.${ours}`, name] as const,
    ),
  );
  return [...fields, ...optional.filter(([, value]) => value !== ''), ...names]
    .filter(([, name]) => !isXmlName(name))
    .map(([key, name]) => `${key}: ${JSON.stringify(name)} is no name in XML`);
}

/** What is wrong with an address to which keys would be sent: the day's key is worth an account (P18). */
function addressProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return 'host and endpointTemplate make no address';
  const parsed = new URL(url);
  const isSafe = parsed.protocol === 'https:' || (parsed.protocol === 'http:' && LOOPBACK.has(parsed.hostname));
  return isSafe ? undefined : 'endpointTemplate must begin with https://, as keys would travel in the open';
}
