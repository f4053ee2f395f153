import type { Command } from 'commander';
import type { Knex } from 'knex';
import { dropText } from '../domain/stock-drop.ts';
import { confirmHeldDump, heldDump, type HeldDump } from '../operator/stock-guard.ts';

/** What the commands about the stock guard work with. */
export interface GuardCommandDeps {
  readonly withDatabase: (work: (db: Knex) => Promise<void>) => Promise<void>;
  readonly connection: string;
  readonly print: (line: string) => void;
}

export function addGuardCommands(program: Command, { withDatabase, connection, print }: GuardCommandDeps): void {
  const guard = program.command('guard').description('the guard against a sudden mass drop of stock to zero');

  guard
    .command('status')
    .description('is a stock dump held back?')
    .action(() => withDatabase(async (db) => print(formatHeldDump(await heldDump(db, connection)))));

  guard
    .command('confirm')
    .description('the drop is right: let the dump that is held back through')
    .action(() =>
      withDatabase(async (db) => {
        const confirmed = await confirmHeldDump(db, connection);
        print(formatHeldDump(confirmed));
        if (confirmed) print('Confirmed: the next stock dump goes through.');
      }),
    );
}

function formatHeldDump(held: HeldDump | undefined): string {
  if (!held) return 'No stock dump is held back.';
  return `Held back since ${held.since.toISOString()}: ${dropText(held)} in stock would drop to 0.`;
}
