import type { Command } from 'commander';

/** How a command ends that was called with something it does not know, as the system's own commands do. */
const MISUSED = 2;

/** Lets a command and those below it end so, after they have named what they do not know. Call it when all are added. */
export function endsWhenMisused<C extends Command>(command: C): C {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : MISUSED));
  for (const one of command.commands) endsWhenMisused(one);
  return command;
}

/** 2 for what a command found wrong with its arguments when it looked closer, otherwise 1. */
export function failureCode(error: unknown): number {
  for (let next = error; next instanceof Error; next = next.cause) {
    if ('code' in next && String(next.code).startsWith('commander.')) return MISUSED;
  }
  return 1;
}

/** What `read` gives, which calls parseArgs; what that does not know is named, the help is shown, and the process ends. */
export function understood<Options>(read: () => Options, help: string): Options {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')))
      throw error;
    // Behind the first sentence is advice for what no command of ours takes.
    const [sentence = ''] = error.message.split('. ');
    return misused(`${sentence.replace(/\.$/, '')}.`, help);
  }
}

/** For programs that take everything from their settings. */
export function takesNoArguments(what: string, given = process.argv.slice(2)): void {
  if (given.length > 0) misused(`${what} takes no arguments (${given.join(' ')}): its settings stand in .env.`, '');
}

function misused(sentence: string, help: string): never {
  process.stderr.write(help === '' ? `${sentence}\n` : `${sentence}\n\n${help}\n`);
  process.exit(MISUSED);
}
