import { sendJson, type HttpResponse, type HttpRequest, type NetworkError } from '../../lib/http.ts';
import { throttle, type MonotonicClock } from '../../lib/rate.ts';
import { classifyResponse, type ResponseClass } from './classify-response.ts';
import type { ExpertSenderSettings } from './settings.ts';

/** The platform's address and key, kept at its pace. */
export interface Api {
  call(
    method: HttpRequest['method'],
    path: string,
    signal: AbortSignal,
    body?: unknown,
  ): Promise<HttpResponse | NetworkError>;
}

export interface Clock {
  readonly now: () => Date;
  readonly clock?: MonotonicClock;
}

/** An order of a thousand lines is some hundred kilobytes; nothing that is read is larger. */
const MAX_BYTES = 1024 * 1024;

export function openApi(settings: ExpertSenderSettings, { now, clock }: Clock): Api {
  const requestThrottle = throttle(settings.callsPerSecond, clock);
  const headers = { Accept: 'application/json', 'x-api-key': settings.apiKey };
  return {
    async call(method, path, signal, body) {
      if (!(await requestThrottle.wait(signal))) return { networkError: 'timed out' };
      return sendJson({
        ...{ method, headers, now, maxBytes: MAX_BYTES },
        url: `${settings.url}/${path}`,
        signal: AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutMs)]),
        ...(body !== undefined && { body }),
      });
    },
  };
}

/** Asks, and says what the answer means. */
export type SendRequest = (method: HttpRequest['method'], path: string, body?: unknown) => Promise<ResponseClass>;

/**
 * One delivery's calls. Once the remote system cannot be reached, wants a rest or refuses the key, all that follow are
 * answered with the same words and not sent.
 */
export function openRequests(api: Api, signal: AbortSignal, secrets: readonly string[]): SendRequest {
  let down: ResponseClass | undefined;
  return async (method, path, body) => {
    if (down) return down;
    const response = classifyResponse(await api.call(method, path, signal, body), secrets);
    if (response.kind === 'failed' && response.affectsAll) down = response;
    return response;
  };
}
