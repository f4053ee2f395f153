import type { OperationName, Profile } from '../../connector/integrations/idosell/client/profile.ts';

export type Format = Profile['format'];

/** Where an operation is called, and how its envelope looks. */
export interface Gate {
  readonly operation: OperationName;
  readonly format: Format;
  readonly method: string;
  readonly namespace: string;
  readonly soapAction: string;
}

/** The gate that a request's path and query name; undefined where there is none. */
export type FindGate = (url: string) => Gate | undefined;

export function openGates(profile: Profile, formats: readonly Format[]): FindGate {
  const gates = new Map<string, Gate>();
  for (const [name, endpoint] of Object.entries(profile.operations)) {
    if (!endpoint) continue;
    for (const format of formats) {
      const { gate, method, version = profile.apiVersion } = endpoint;
      const values = { host: 'shop.invalid', gate, method, version, format };
      const place = placeOf(fill(endpoint.endpointTemplate ?? profile.endpointTemplate, values));
      const namespace = fill(endpoint.soapNamespace ?? profile.soapNamespace, values);
      const soapAction = fill(endpoint.soapAction ?? profile.soapAction, { ...values, namespace });
      if (gates.has(place)) throw new Error(`two operations have the same address: ${place}`);
      // The cast: these are the names of the profile's own operations.
      gates.set(place, { operation: name as OperationName, format, method, namespace, soapAction });
    }
  }
  return (url) => gates.get(placeOf(new URL(url, 'http://shop.invalid').href));
}

export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Path and query as they are meant, whichever characters were percent-encoded. */
function placeOf(href: string): string {
  const { pathname, searchParams } = new URL(href);
  const query = [...searchParams].map((pair) => pair.join('=')).sort();
  return [decoded(pathname), ...query].join('?');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The same profile for whoever wants to talk to the simulator: its host, without TLS. */
export function profileAt(profile: Profile, port: number): Profile {
  const plain = (template: string) => template.replace(/^https:/, 'http:');
  const operations = Object.fromEntries(
    Object.entries(profile.operations).map(([name, endpoint]) => [
      name,
      endpoint?.endpointTemplate ? { ...endpoint, endpointTemplate: plain(endpoint.endpointTemplate) } : endpoint,
    ]),
  ) as Profile['operations']; // The cast: every operation is mapped under its own name.
  return { ...profile, operations, endpointTemplate: plain(profile.endpointTemplate), host: `127.0.0.1:${port}` };
}
