import { NOTHING_LISTENS, type Answer, type BaseLinker } from './baselinker.ts';
import { refusalCode } from './verdict.ts';

/** Why no call can succeed at this address with this key, in one sentence; undefined when the check can begin. */
export async function whyInVain(baseLinker: BaseLinker, url: string): Promise<string | undefined> {
  if (!isWebAddress(url)) return 'This is no address: begin with http:// or https://';
  return sentenceFor(await baseLinker.call('FileVersion'), url);
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:\/\//i.test(url);
}

/** What the check itself can judge is left to it. */
function sentenceFor(answer: Answer, url: string): string | undefined {
  if (answer.kind === 'lost') {
    return answer.reason === NOTHING_LISTENS ? `Nothing listens at ${url}` : `No answer from ${url}: ${answer.reason}`;
  }
  const code = refusalCode(answer);
  if (code === 'incorrect_password' || code === 'no_password') {
    return 'The key is not the one of this connector (BASELINKER_KEY)';
  }
  if (code !== undefined) return undefined;
  if (answer.status >= 300 && answer.status < 400) {
    return `The address redirects (HTTP ${answer.status}), which turns a POST into a GET: use the one where it ends, https:// as a rule`;
  }
  if (isOfAnotherPath(answer)) {
    return 'Something answers there, but not at this path: ENDPOINT_PATH is /baselinker unless it was set';
  }
  if ([502, 503, 504].includes(answer.status)) {
    return `A web server answers HTTP ${answer.status}: the connector behind it cannot be reached`;
  }
  return undefined;
}

function isOfAnotherPath({ status, text }: Extract<Answer, { kind: 'answered' }>): boolean {
  return status === 404 || status === 405 || (status < 300 && /^\s*<(!doctype|html)/i.test(text));
}
