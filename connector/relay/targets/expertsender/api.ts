import { sendJson, type HttpAnswer, type HttpCall, type Lost } from '../../../lib/http.ts';
import { rateLimit, type Pace } from '../../../lib/rate.ts';
import { judge, type Verdict } from './judge.ts';
import type { ExpertSenderSettings } from './settings.ts';

/** The platform's address and key, kept at its pace. */
export interface Api {
  call(method: HttpCall['method'], path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer | Lost>;
}

export interface Clock {
  readonly now: () => Date;
  readonly pace?: Pace;
}

/** An order of a thousand lines is some hundred kilobytes; nothing that is read is larger. */
const MOST_BYTES = 1024 * 1024;

export function openApi(settings: ExpertSenderSettings, { now, pace }: Clock): Api {
  const rate = rateLimit(settings.callsPerSecond, pace);
  const headers = { Accept: 'application/json', 'x-api-key': settings.apiKey };
  return {
    async call(method, path, signal, body) {
      if (!(await rate.turn(signal))) return { lost: 'timed out' };
      return sendJson({
        ...{ method, headers, now, mostBytes: MOST_BYTES },
        url: `${settings.url}/${path}`,
        signal: AbortSignal.any([signal, AbortSignal.timeout(settings.patienceMs)]),
        ...(body !== undefined && { body }),
      });
    },
  };
}

/** Asks, and says what the answer means. */
export type Ask = (method: HttpCall['method'], path: string, body?: unknown) => Promise<Verdict>;

/**
 * One delivery's calls. Once the party cannot be reached, wants a rest or refuses the key, all that follow are answered
 * with the same words and not sent.
 */
export function openLine(api: Api, signal: AbortSignal, secrets: readonly string[]): Ask {
  let down: Verdict | undefined;
  return async (method, path, body) => {
    if (down) return down;
    const verdict = judge(await api.call(method, path, signal, body), secrets);
    if (verdict.kind === 'trouble' && verdict.forAll) down = verdict;
    return verdict;
  };
}
