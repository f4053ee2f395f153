import { setTimeout as sleep } from 'node:timers/promises';
import { baseLinker, type Parameters } from '../../connector/baselinker/check/client.ts';
import { KEY, type Harness } from './harness.ts';
import { Violation } from './violation.ts';

/** What was sent and what became of it. */
export interface Tally {
  calls: number;
  attempts: number;
  lost: number;
  /** Answers that asked to come again, by their code. */
  readonly failed: Map<string, number>;
}

export type Reply = Readonly<Record<string, unknown>>;

/** What may no longer be changed while a lost call about it may still be under way. */
interface Rests {
  restsUntil: number;
}

/** The database could not be asked, or lost the question: nothing is known, and the call is made again. */
const TROUBLES = ['db_connection', 'db_query'];
const ANSWER_WITHIN_MS = 90_000;
const BETWEEN_ATTEMPTS_MS = 80;

export interface Caller {
  /** Repeats the call until it is answered as it should be. */
  untilAnswered(
    action: string,
    parameters: Parameters,
    about: readonly Rests[],
    isDone: (reply: Reply) => boolean,
  ): Promise<Reply>;
  /** Makes the call once. Without a reply, nothing is known of what became of it. */
  once(action: string, parameters: Parameters): Promise<Reply | 'lost' | 'troubled'>;
}

export function openCaller(harness: Harness, tally: Tally, isOver: () => boolean): Caller {
  const desk = baseLinker({ url: harness.url, key: KEY });

  const attempt = async (
    action: string,
    parameters: Parameters,
    about: readonly Rests[],
  ): Promise<Reply | 'lost' | 'troubled'> => {
    tally.attempts += 1;
    const { run } = harness;
    const answer = await desk.call(action, parameters);
    if (answer.kind === 'lost') {
      tally.lost += 1;
      // Its sender is gone, but the connector may go on with it for as long as it runs.
      for (const one of about) one.restsUntil = Math.max(one.restsUntil, run + 1);
      return 'lost';
    }
    const reply = parsed(answer.text, action);
    if (reply['error'] !== true) return reply;
    const code = String(reply['error_code']);
    if (!TROUBLES.includes(code)) {
      throw new Violation(`${action} was refused: ${answer.text}\nsent: ${JSON.stringify(parameters)}`);
    }
    tally.failed.set(code, (tally.failed.get(code) ?? 0) + 1);
    return 'troubled';
  };

  return {
    once: (action, parameters) => {
      tally.calls += 1;
      return attempt(action, parameters, []);
    },
    async untilAnswered(action, parameters, about, isDone) {
      tally.calls += 1;
      const deadline = performance.now() + ANSWER_WITHIN_MS;
      for (;;) {
        const reply = await attempt(action, parameters, about);
        if (typeof reply !== 'string' && isDone(reply)) return reply;
        if (isOver()) throw new Violation('the storm was over before the call was answered');
        if (performance.now() > deadline) {
          const asked = JSON.stringify(parameters);
          const last = JSON.stringify(reply);
          throw new Violation(`${action} was not done within ${ANSWER_WITHIN_MS / 1000} s: ${last}\nsent: ${asked}`);
        }
        await sleep(BETWEEN_ATTEMPTS_MS);
      }
    },
  };
}

function parsed(text: string, action: string): Reply {
  try {
    const reply: unknown = JSON.parse(text);
    if (typeof reply === 'object' && reply !== null) return reply as Reply;
  } catch {
    // Said below, with the text itself.
  }
  throw new Violation(`${action} was answered with something else than a JSON object: ${text.slice(0, 200)}`);
}
