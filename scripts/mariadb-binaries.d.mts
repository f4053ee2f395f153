export function findMariadb(env?: NodeJS.ProcessEnv): { server: string; installer: string } | undefined;
