const OLDEST_NODE = [20, 19];

/** What is wrong with this version of Node.js; undefined when it will do. */
export function nodeTrouble(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `This is Node.js ${version}, and ${OLDEST_NODE.join('.')} or newer is needed: see https://nodejs.org`;
}
