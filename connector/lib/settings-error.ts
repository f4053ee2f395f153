/** Settings with which no start can succeed: what is wrong with them, with no secret in it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** EX_CONFIG of sysexits.h: the service's unit does not restart what ends so, because a restart would change nothing. */
const WRONG_SETTINGS = 78;

/** How a process ends that could not start. */
export function exitCodeOf(error: unknown): number {
  for (let next = error; next instanceof Error; next = next.cause) {
    if (next instanceof SettingsError) return WRONG_SETTINGS;
  }
  return 1;
}
