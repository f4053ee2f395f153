import type { z } from 'zod';
import { refusal } from './answers.ts';
import type { Answer } from './baselinker.ts';
import { readJson, type Tree } from './json.ts';

/** What was judged: either it can be used, or there is a sentence for each thing that is wrong with it. */
export type Verdict<T> =
  { readonly conforms: true; readonly value: T } | { readonly conforms: false; readonly faults: readonly string[] };

/** Judges an answer by the schema of its action. */
export function judge<T>(answer: Answer, schema: z.ZodType<T>): Verdict<T> {
  const read = treeOf(answer);
  if (!('tree' in read)) return { conforms: false, faults: [read.fault] };
  if (isRefusal(read.tree)) {
    return {
      conforms: false,
      faults: [`the connector refused: ${field(read.tree, 'error_code')}: ${field(read.tree, 'error_text')}`],
    };
  }
  if (answer.kind === 'answered' && answer.status !== 200) {
    return { conforms: false, faults: [`HTTP ${answer.status} where 200 is due`] };
  }
  return judgeTree(read.tree, schema);
}

/** Judges an answer that must be an error object with one of these codes. */
export function judgeRefusal(answer: Answer, codes: readonly string[]): Verdict<z.output<typeof refusal>> {
  const read = treeOf(answer);
  if (!('tree' in read)) return { conforms: false, faults: [read.fault] };
  if (!isRefusal(read.tree))
    return { conforms: false, faults: [`an error (${codes.join(' or ')}) is due, but there is an answer`] };
  const verdict = judgeTree(read.tree, refusal);
  if (!verdict.conforms || codes.includes(verdict.value.error_code)) return verdict;
  return { conforms: false, faults: [`the error is ${verdict.value.error_code} where ${codes.join(' or ')} is due`] };
}

/** The code of an error object, whatever its HTTP status; undefined for any other answer. */
export function refusalCode(answer: Answer): string | undefined {
  const read = treeOf(answer);
  return 'tree' in read && isRefusal(read.tree) ? field(read.tree, 'error_code') : undefined;
}

function treeOf(answer: Answer): ReturnType<typeof readJson> {
  if (answer.kind === 'lost') return { fault: answer.reason };
  if (answer.status >= 300 && answer.status < 400) {
    return { fault: `the address sends callers elsewhere (HTTP ${answer.status}): give BaseLinker the final address` };
  }
  if (answer.status >= 500) return { fault: `HTTP ${answer.status}: ${answer.text.slice(0, 80).replace(/\s+/g, ' ')}` };
  if (!answer.isUtf8) return { fault: 'the answer is not UTF-8' };
  return readJson(answer.text);
}

function judgeTree<T>(tree: Tree, schema: z.ZodType<T>): Verdict<T> {
  const { success, data, error } = schema.safeParse(tree);
  return success ? { conforms: true, value: data } : { conforms: false, faults: sentences(error.issues, tree) };
}

const isRefusal = (tree: Tree): tree is ReadonlyMap<string, Tree> => tree instanceof Map && tree.get('error') === true;

function field(tree: ReadonlyMap<string, Tree>, name: string): string {
  const value = tree.get(name);
  return typeof value === 'string' ? value : show(value);
}

/** A broken page of 1000 products has one fault 1000 times: the first few tell it all. */
const MOST_SENTENCES = 5;

function sentences(issues: readonly z.core.$ZodIssue[], tree: Tree): string[] {
  const all = issues.map((issue) => sentence(issue, tree));
  return all.length <= MOST_SENTENCES
    ? all
    : [...all.slice(0, MOST_SENTENCES), `and ${all.length - MOST_SENTENCES} more like these`];
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
