import type { Knex } from 'knex';
import { backlogs, type Backlog, deliveredCounts } from '../storage/outbox-admin.ts';
import { allTargetHealth, type TargetHealth } from '../storage/target-health.ts';
import type { Target } from '../contracts/target.ts';

interface StatusDeps {
  readonly db: Knex;
  readonly targets: readonly Pick<Target, 'name'>[];
  readonly now: () => Date;
  readonly print: (line: string) => void;
}

/** Some sentences for each target that is switched on, or of which something is left. */
export async function relayStatus({ db, targets, now, print }: StatusDeps): Promise<void> {
  const waiting = new Map((await backlogs(db)).map((backlog) => [backlog.target, backlog]));
  const delivered = await deliveredCounts(db);
  const health = await allTargetHealth(db);
  const switchedOn = new Set(targets.map(({ name }) => name));
  const names = new Set([...switchedOn, ...waiting.keys(), ...delivered.keys()]);
  if (names.size === 0) print('No target is switched on, and nothing waits.');
  for (const name of [...names].sort()) {
    const state = switchedOn.has(name) ? 'on' : 'off';
    print(`${name} (${state}): ${counts(waiting.get(name))}, ${delivered.get(name) ?? 0} delivered`);
    const oldest = waiting.get(name)?.oldest;
    if (oldest) print(`  the oldest waits since ${oldest.toISOString()}`);
    for (const line of problems(health.get(name), now())) print(`  ${line}`);
  }
}

function counts(
  { due, leased, parked }: Omit<Backlog, 'target' | 'oldest'> = { due: 0, leased: 0, parked: 0 },
): string {
  return `${due} due, ${leased} under way, ${parked} parked`;
}

function problems(health: TargetHealth | undefined, now: Date): readonly string[] {
  if (!health) return [];
  const { failures, openUntil, reason } = health;
  if (openUntil) {
    const opensAgain =
      openUntil > now ? `nothing is sent before ${openUntil.toISOString()}` : 'its rest is over, one call tries';
    return [`${opensAgain}: ${reason}`];
  }
  return failures === 0 ? [] : [`the last ${failures} calls failed: ${reason}`];
}
