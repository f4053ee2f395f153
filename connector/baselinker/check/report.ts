import type { z } from 'zod';
import type { CallResponse, BaseLinker, Parameters } from './client.ts';
import { counted, size, wrapped } from './text-layout.ts';
import { validate, validateError, type Validation } from './validate-response.ts';

/** What a closer look at an answer of the right shape found. */
export interface Finding {
  /** What came back, in a few words. */
  readonly says: string;
  /** One sentence for each thing that does not conform. */
  readonly faults?: readonly string[];
  /** Odd, but allowed. */
  readonly notes?: readonly string[];
}

/** Makes the calls of a check and reports them one by one. */
export interface Report {
  readonly baseLinker: BaseLinker;
  /** Begins a group of calls. */
  heading(title: string): void;
  /** One call that must be answered; undefined when it was not, or not as it should be. */
  call<T>(check: {
    readonly title: string;
    readonly action: string;
    readonly parameters?: Parameters;
    readonly schema: z.ZodType<T>;
    readonly look: (value: T) => Finding;
  }): Promise<T | undefined>;
  /** A request that must be refused with one of these codes. */
  apiError(title: string, codes: readonly string[], response: Promise<CallResponse>): Promise<void>;
  /** Anything else: the judgement is handed in. */
  judged(title: string, response: Promise<CallResponse>, judgement: (response: CallResponse) => Finding): Promise<void>;
  /** Answers laid side by side; no call of its own. */
  compared(title: string, finding: Finding): void;
  /** A call that was not made, and why. */
  skipped(title: string, reason: string): void;
  /** A sentence between the lines. */
  say(sentence: string): void;
  /** The last line; true when every call conformed. */
  close(): boolean;
}

const WIDTH = 100;
const TITLE = 45;
const FIGURES = 17;

export function openReport(baseLinker: BaseLinker, print: (line: string) => void): Report {
  const counts = { ok: 0, 'not ok': 0, skipped: 0 };

  const line = (word: keyof typeof counts, title: string, says: string, figures = ''): void => {
    counts[word] += 1;
    const head = `${word.padEnd(8)}${title.padEnd(TITLE)} `;
    const room = WIDTH - FIGURES - head.length;
    if (room >= says.length) {
      print(`${head}${says.padEnd(room)}${figures.padStart(FIGURES)}`.trimEnd());
      return;
    }
    print(`${head.padEnd(WIDTH - FIGURES)}${figures.padStart(FIGURES)}`.trimEnd());
    if (says !== '') indented(says);
  };

  const indented = (sentence: string): void => {
    for (const part of wrapped(sentence, WIDTH - 10)) print(`          ${part}`);
  };

  const show = (
    title: string,
    response: CallResponse | undefined,
    { says, faults = [], notes = [] }: Finding,
  ): void => {
    line(
      faults.length === 0 ? 'ok' : 'not ok',
      title,
      faults.length === 0 ? says : '',
      response && figuresOf(response),
    );
    for (const fault of faults) indented(`- ${fault}`);
    for (const note of notes) indented(`(${note})`);
  };

  return {
    baseLinker,
    heading: (title) => {
      print('');
      print(title);
    },
    call: async ({ title, action, parameters, schema, look }) => {
      const response = await baseLinker.call(action, parameters);
      const validation = validate(response, schema);
      const finding = validation.conforms ? look(validation.value) : { says: '', faults: validation.faults };
      show(title, response, finding);
      return validation.conforms ? validation.value : undefined;
    },
    apiError: async (title, codes, response) => {
      const received = await response;
      show(title, received, errorFinding(received, validateError(received, codes)));
    },
    judged: async (title, response, judgement) => {
      const received = await response;
      show(title, received, judgement(received));
    },
    compared: (title, finding) => show(title, undefined, finding),
    skipped: (title, reason) => line('skipped', title, reason),
    say: (sentence) => {
      for (const part of wrapped(sentence, WIDTH)) print(part);
    },
    close: () => {
      const all = counts.ok + counts['not ok'];
      const left = counts.skipped === 0 ? '' : `, ${counts.skipped} not made`;
      print('');
      print(
        counts['not ok'] === 0
          ? `All ${counted(all, 'check')} passed${left}.`
          : `${counts['not ok']} of ${counted(all, 'check')} failed${left}.`,
      );
      return counts['not ok'] === 0;
    },
  };
}

function errorFinding(response: CallResponse, validation: Validation<{ readonly error_code: string }>): Finding {
  if (!validation.conforms) return { says: '', faults: validation.faults };
  const status = response.kind === 'answered' ? response.status : 200;
  const notes = status === 200 ? [] : [`with HTTP ${status}: only 200 is known to work with BaseLinker`];
  return { says: `refused: ${validation.value.error_code}`, notes };
}

function figuresOf(response: CallResponse): string {
  return `${response.ms} ms`.padStart(9) + (response.kind === 'answered' ? size(response.bytes).padStart(8) : '');
}
