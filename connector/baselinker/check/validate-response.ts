import type { z } from 'zod';
import { errorObject } from './response-schemas.ts';
import type { CallResponse } from './client.ts';
import { readJson, type Tree } from './ordered-json.ts';

/** What was judged: either it can be used, or there is a sentence for each thing that is wrong with it. */
export type Validation<T> =
  { readonly conforms: true; readonly value: T } | { readonly conforms: false; readonly faults: readonly string[] };

/** Judges an answer by the schema of its action. */
export function validate<T>(response: CallResponse, schema: z.ZodType<T>): Validation<T> {
  const read = treeOf(response);
  if (!('tree' in read)) return { conforms: false, faults: [read.fault] };
  if (isErrorObject(read.tree)) {
    return {
      conforms: false,
      faults: [`the connector refused: ${field(read.tree, 'error_code')}: ${field(read.tree, 'error_text')}`],
    };
  }
  if (response.kind === 'answered' && response.status !== 200) {
    return { conforms: false, faults: [`HTTP ${response.status} where 200 is due`] };
  }
  return validateTree(read.tree, schema);
}

/** Judges an answer that must be an error object with one of these codes. */
export function validateError(
  response: CallResponse,
  codes: readonly string[],
): Validation<z.output<typeof errorObject>> {
  const read = treeOf(response);
  if (!('tree' in read)) return { conforms: false, faults: [read.fault] };
  if (!isErrorObject(read.tree))
    return { conforms: false, faults: [`an error (${codes.join(' or ')}) is due, but there is an answer`] };
  const validation = validateTree(read.tree, errorObject);
  if (!validation.conforms || codes.includes(validation.value.error_code)) return validation;
  return {
    conforms: false,
    faults: [`the error is ${validation.value.error_code} where ${codes.join(' or ')} is due`],
  };
}

/** The code of an error object, whatever its HTTP status; undefined for any other answer. */
export function errorCode(response: CallResponse): string | undefined {
  const read = treeOf(response);
  return 'tree' in read && isErrorObject(read.tree) ? field(read.tree, 'error_code') : undefined;
}

function treeOf(response: CallResponse): ReturnType<typeof readJson> {
  if (response.kind === 'lost') return { fault: response.reason };
  if (response.status >= 300 && response.status < 400) {
    return {
      fault: `the address sends callers elsewhere (HTTP ${response.status}): give BaseLinker the final address`,
    };
  }
  if (response.status >= 500)
    return { fault: `HTTP ${response.status}: ${response.text.slice(0, 80).replace(/\s+/g, ' ')}` };
  if (!response.isUtf8) return { fault: 'the answer is not UTF-8' };
  return readJson(response.text);
}

function validateTree<T>(tree: Tree, schema: z.ZodType<T>): Validation<T> {
  const { success, data, error } = schema.safeParse(tree);
  return success ? { conforms: true, value: data } : { conforms: false, faults: sentences(error.issues, tree) };
}

const isErrorObject = (tree: Tree): tree is ReadonlyMap<string, Tree> =>
  tree instanceof Map && tree.get('error') === true;

function field(tree: ReadonlyMap<string, Tree>, name: string): string {
  const value = tree.get(name);
  return typeof value === 'string' ? value : show(value);
}

/** A broken page of 1000 products has one fault 1000 times: the first few tell it all. */
const MAX_SENTENCES = 5;

function sentences(issues: readonly z.core.$ZodIssue[], tree: Tree): string[] {
  const all = issues.map((issue) => sentence(issue, tree));
  return all.length <= MAX_SENTENCES
    ? all
    : [...all.slice(0, MAX_SENTENCES), `and ${all.length - MAX_SENTENCES} more like these`];
}

function sentence(issue: z.core.$ZodIssue, tree: Tree): string {
  // A page is looked at as { rows, pages }: on the wire the rows stand at the root.
  const path = issue.path[0] === 'rows' ? issue.path.slice(1) : issue.path;
  const where = path.length === 0 ? 'the answer' : path.map(String).join(' › ');
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${where}: ${issue.keys.join(', ')} is not a field that the protocol knows here`;
    case 'invalid_key':
      return `${where}: ${issue.issues.map(({ message }) => message).join('; ')}`;
    default: {
      const found = valueAt(tree, path);
      return found === undefined || found instanceof Map
        ? `${where}: ${issue.message}`
        : `${where}: ${issue.message}, but is ${show(found)}`;
    }
  }
}

function valueAt(tree: Tree, path: readonly PropertyKey[]): Tree | undefined {
  let at: Tree | undefined = tree;
  for (const step of path) {
    if (at instanceof Map) at = (at as ReadonlyMap<string, Tree>).get(String(step));
    else if (Array.isArray(at)) at = (at as readonly Tree[])[Number(step)];
    else return undefined;
  }
  return at;
}

function show(value: Tree | undefined): string {
  if (value instanceof Map) return '{…}';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list []' : 'a list […]';
  const json = JSON.stringify(value ?? null);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
