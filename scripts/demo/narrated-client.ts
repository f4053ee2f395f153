import type { z } from 'zod';
import type { CallResponse, BaseLinker, Parameters } from '../../connector/baselinker/check/client.ts';
import { number, size } from '../../connector/baselinker/check/text-layout.ts';
import { validate, validateError, type Validation } from '../../connector/baselinker/check/validate-response.ts';
import type { Console } from './console.ts';

/** What came back, for a merchant: a sentence, and the first entries. */
export interface Told {
  readonly says: string;
  readonly entries?: readonly string[];
  readonly of?: number;
}

/** BaseLinker's desk: asks the shop and shows on paper what was asked and answered. */
export interface NarratedClient {
  ask<T>(question: {
    /** Whether it wants to know something, or has something for the shop. */
    readonly by?: Manner;
    /** What that is, in the merchant's words. */
    readonly words: string;
    readonly action: string;
    readonly parameters?: Parameters;
    readonly schema: z.ZodType<T>;
    readonly tell: (value: T) => Told;
  }): Promise<T | undefined>;
  /** A call that must be refused. */
  expectError(question: {
    readonly by?: Manner;
    readonly words: string;
    readonly shown: string;
    readonly answer: Promise<CallResponse>;
    readonly code: string;
  }): Promise<void>;
  /** What happens besides. */
  note(label: string, text: string): void;
  /** A line below it. */
  entry(text: string): void;
  /** What several answers together mean; when it does not hold, the day has gone wrong. */
  conclude(holds: boolean, right: string, wrong: string): void;
  readonly baseLinker: BaseLinker;
  /** How many calls or conclusions did not go as the protocol says. */
  readonly faults: number;
  readonly calls: number;
}

type Manner = 'asks' | 'sends';

const MAX_ENTRIES = 3;

/** Of a call that is shown. */
const MAX_FIELDS = 4;

export function openNarratedClient(baseLinker: BaseLinker, paper: Console): NarratedClient {
  const counts = { calls: 0, faults: 0 };

  const judged = (answer: CallResponse, verdict: Validation<unknown>, says: string): void => {
    counts.calls += 1;
    const figures = figuresOf(answer);
    if (verdict.conforms) {
      paper.good('The shop answers', `${says} (${figures})`);
      return;
    }
    counts.faults += 1;
    paper.bad('Not as agreed', `after ${figures}:`);
    for (const fault of verdict.faults) paper.bad('', fault);
  };

  return {
    baseLinker,
    get faults() {
      return counts.faults;
    },
    get calls() {
      return counts.calls;
    },
    ask: async ({ by = 'asks', words, action, parameters = {}, schema, tell }) => {
      paper.gap();
      paper.row(`BaseLinker ${by}`, words);
      paper.row('in its own words', protocolWords(action, parameters));
      const answer = await baseLinker.call(action, parameters);
      const verdict = validate(answer, schema);
      const { says, entries = [], of = entries.length }: Told = verdict.conforms ? tell(verdict.value) : { says: '' };
      judged(answer, verdict, says);
      for (const entry of entries.slice(0, MAX_ENTRIES)) paper.detail(entry);
      const left = of - Math.min(entries.length, MAX_ENTRIES);
      if (left > 0) paper.detail(`… and ${number(left)} more`);
      return verdict.conforms ? verdict.value : undefined;
    },
    note: (label, text) => paper.row(label, text),
    entry: (text) => paper.detail(text),
    conclude: (holds, right, wrong) => {
      paper.gap();
      if (holds) {
        paper.good('So you see', right);
        return;
      }
      counts.faults += 1;
      paper.bad('Not as agreed', wrong);
    },
    expectError: async ({ by = 'asks', words, shown, answer, code }) => {
      paper.gap();
      paper.row(`BaseLinker ${by}`, words);
      paper.row('in its own words', shown);
      const received = await answer;
      const verdict = validateError(received, [code]);
      judged(
        received,
        verdict,
        verdict.conforms ? `no: ${verdict.value.error_text} (${verdict.value.error_code})` : '',
      );
    },
  };
}

/** Hard blanks: the figures stay on one line. */
function figuresOf(answer: CallResponse): string {
  const figures = answer.kind === 'answered' ? `${answer.ms} ms, ${size(answer.bytes)}` : `${answer.ms} ms`;
  return figures.replaceAll(' ', '\u00A0');
}

function protocolWords(action: string, parameters: Parameters): string {
  const fields = Object.entries(parameters).map(([name, value]) => `${name}=${shortened(String(value))}`);
  const left = fields.length - MAX_FIELDS;
  return ['action=' + action, ...fields.slice(0, MAX_FIELDS), ...(left > 0 ? [`… and ${left} more fields`] : [])].join(
    '  ',
  );
}

function shortened(value: string): string {
  if (value.startsWith('[')) return value.length > 64 ? `${value.slice(0, 63)}…` : value;
  return value.length > 40 ? `${value.slice(0, 24)}… (${value.split(',').length} ids)` : value;
}
