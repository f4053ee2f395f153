import { baseLinker } from './client.ts';
import { checkBadInput } from './cases/bad-input.ts';
import { checkBadWrites } from './cases/bad-writes.ts';
import { checkCatalogue } from './cases/catalogue.ts';
import { checkConnection } from './cases/connection.ts';
import { checkDumps } from './cases/dumps.ts';
import { checkOrders } from './cases/orders.ts';
import { checkWriting } from './cases/writing.ts';
import { preflight } from './preflight.ts';
import { openReport } from './report.ts';

export interface Check {
  /** The address that BaseLinker is given. */
  readonly url: string;
  readonly key: string;
  readonly print: (line: string) => void;
  /**
   * Writes into the shop too, for test shops only: a cancelled order, a product and a category stay behind, and one
   * product's stock and price are moved and put back. Without it the writing actions are sent nothing but what they
   * must refuse.
   */
  readonly writes?: boolean;
  /** How long one answer may take. */
  readonly timeoutMs?: number;
  readonly now?: () => Date;
}

/** Plays BaseLinker's part against a running connector and reports call by call what conforms. True when all does. */
export async function runCheck({
  url,
  key,
  print,
  writes = false,
  timeoutMs = 30_000,
  now = () => new Date(),
}: Check): Promise<boolean> {
  const caller = baseLinker({ url, key, timeoutMs });
  const problem = await preflight(caller, url);
  if (problem !== undefined) {
    print(problem);
    return false;
  }
  const report = openReport(caller, print);
  print(`Playing BaseLinker's part against ${url}`);
  const offered = await checkConnection(report, key);
  if (offered.size > 0) {
    const listed = await checkCatalogue(report, offered);
    await checkDumps(report, offered, listed);
    await checkOrders(report, offered, now());
    await checkBadInput(report, offered);
    await checkBadWrites(report, offered);
    if (writes) await checkWriting(report, offered, now());
  } else {
    report.skipped('everything else', 'nobody knows which actions are supported');
  }
  return report.close();
}
