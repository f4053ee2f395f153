import type { Log } from './log.ts';

/** How long work in flight may take to finish after a signal to stop. */
const SHUTDOWN_MS = 10_000;

/** SIGTERM and SIGINT stop in order; a second signal, or the time limit, ends the process at once. */
export function shutDownOnSignal(shutDown: () => Promise<unknown>, what: string, log: Log): void {
  let isStopping = false;
  const onSignal = (signal: string): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    void shutDown().finally(() => {
      log.info(`${what} stopped`, { signal });
      process.exit(0);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
