import { baseLinker } from './baselinker.ts';
import { checkBadInput } from './calls/bad-input.ts';
import { checkCatalogue } from './calls/catalogue.ts';
import { checkConnection } from './calls/connection.ts';
import { checkDumps } from './calls/dumps.ts';
import { checkOrders } from './calls/orders.ts';
import { openReport } from './report.ts';

export interface Check {
  /** The address that BaseLinker is given. */
  readonly url: string;
  readonly key: string;
  readonly print: (line: string) => void;
  /** How long one answer may take. */
  readonly patienceMs?: number;
  readonly now?: () => Date;
}

/**
 * Plays BaseLinker's part against a running connector and reports call by call what conforms. Sends reading actions
 * only. True when everything conforms.
 */
export async function runCheck({
  url,
  key,
  print,
  patienceMs = 30_000,
  now = () => new Date(),
}: Check): Promise<boolean> {
  const report = openReport(baseLinker({ url, key, patienceMs }), print);
  print(`Playing BaseLinker's part against ${url}`);
  const offered = await checkConnection(report, key);
  if (offered.size > 0) {
    const listed = await checkCatalogue(report, offered);
    await checkDumps(report, offered, listed);
    await checkOrders(report, offered, now());
    await checkBadInput(report, offered);
  } else {
    report.skipped('everything else', 'nobody knows which actions are supported');
  }
  return report.close();
}
