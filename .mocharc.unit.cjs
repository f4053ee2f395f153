// `npm run test:unit`: the tests that need neither a database nor a process of their own, found by what they import
// and, where that is their whole subject, by their name: `*.slow.test.ts`.
const { readdirSync, readFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

const DATABASE = resolve('test/support/database.ts');
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g;

/** Whether the file, or a file that it imports, starts a database or a process. */
function startsSomething(file, seen = new Set()) {
  if (file === DATABASE) return true;
  if (seen.has(file) || !file.endsWith('.ts')) return false;
  seen.add(file);
  const imported = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, name]) => name);
  if (imported.some((name) => /^(?:node:)?child_process$/.test(name))) return true;
  return imported.some((name) => name.startsWith('.') && startsSomething(join(dirname(file), name), seen));
}

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.slow.test.ts'))
  .map((file) => resolve('test', file));

module.exports = { ...require('./.mocharc.json'), spec: files.filter((file) => !startsSomething(file)) };
