import { NOTHING_LISTENS, type CallResponse, type BaseLinker } from './client.ts';
import { errorCode } from './validate-response.ts';

/** Why no call can succeed at this address with this key, in one sentence; undefined when the check can begin. */
export async function preflight(baseLinker: BaseLinker, url: string): Promise<string | undefined> {
  if (!isWebAddress(url)) return 'This is no address: begin with http:// or https://';
  return sentenceFor(await baseLinker.call('FileVersion'), url);
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:\/\//i.test(url);
}

/** What the check itself can judge is left to it. */
function sentenceFor(response: CallResponse, url: string): string | undefined {
  if (response.kind === 'lost') {
    return response.reason === NOTHING_LISTENS
      ? `Nothing listens at ${url}`
      : `No answer from ${url}: ${response.reason}`;
  }
  const code = errorCode(response);
  if (code === 'incorrect_password' || code === 'no_password') {
    return 'The key is not the one of this connector (BASELINKER_KEY)';
  }
  if (code !== undefined) return undefined;
  if (response.status >= 300 && response.status < 400) {
    return `The address redirects (HTTP ${response.status}), which turns a POST into a GET: use the one where it ends, https:// as a rule`;
  }
  if (isOfAnotherPath(response)) {
    return 'Something answers there, but not at this path: ENDPOINT_PATH is /baselinker unless it was set';
  }
  if ([502, 503, 504].includes(response.status)) {
    return `A web server answers HTTP ${response.status}: the connector behind it cannot be reached`;
  }
  return undefined;
}

function isOfAnotherPath({ status, text }: Extract<CallResponse, { kind: 'answered' }>): boolean {
  return status === 404 || status === 405 || (status < 300 && /^\s*<(!doctype|html)/i.test(text));
}
