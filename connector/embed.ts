import { loadConfig, loadEnvironment } from '../config/index.ts';
import { openWholesalers } from './compose/wholesalers.ts';
import { connect } from './db/connect.ts';
import { instanceId } from './lib/instance-id.ts';
import { createLog } from './lib/log.ts';

/** What is asked about: the wholesaler's code, of which kind it is, and how many (docs/protocol/idosell.md 4.2). */
export interface AvailabilityLine {
  readonly code: string;
  readonly codeType: 'internal' | 'producer' | 'external';
  readonly quantity: string;
}

/** Asks one wholesaler; keeps its session, so open it once a process. */
export interface AvailabilityCheck {
  /** 'unknown' when the signal fires first or the response is not understood: it is never "available". */
  readonly checkAvailability: (
    lines: readonly AvailabilityLine[],
    signal: AbortSignal,
  ) => Promise<'available' | 'missing' | 'unknown'>;
  /** Ends the connections to the database. */
  readonly close: () => Promise<void>;
}

/** Reads the settings as `npm start` does. Throws when the wholesaler of this name is not in IDOSELL_PROFILES. */
export function openAvailabilityCheck(wholesaler: string): AvailabilityCheck {
  const config = loadConfig(loadEnvironment());
  const db = connect(config.databaseUrl);
  const deps = { db, owner: instanceId(), now: () => new Date(), log: createLog(config.logLevel) };
  const found = openWholesalers(config.idoSell, deps).find(({ profile }) => profile.name === wholesaler);
  if (!found) throw new Error(`${wholesaler} is not switched on: no profile of IDOSELL_PROFILES has this name`);
  const { client, account } = found;
  return {
    checkAvailability: async (lines, signal) => {
      const reply = await account.withLease(signal, () => client.checkAvailability(lines, signal));
      return reply?.kind === 'done' ? reply.value.verdict : 'unknown';
    },
    close: () => db.destroy(),
  };
}
