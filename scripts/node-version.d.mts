/** What is wrong with this version of Node.js; undefined when it will do. */
export function nodeTrouble(version?: string): string | undefined;
