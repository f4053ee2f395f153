import type { Call } from './writes.ts';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { bodyOf } from './contestants.ts';

export interface Load {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Broken lines, time-outs, every answer that was not HTTP 200, and those that begin in another way than expected. */
  readonly errors: number;
  /** Requests begun in all rounds so far, those included whose answer nobody waited for. */
  readonly sent: number;
}

/** What is sent, in turn. */
export interface Volley {
  readonly requests: Call['requests'];
  /** How many of them were sent in earlier rounds. */
  readonly sent: number;
  /** How a right answer begins, of calls that write. `NUMBER` in their requests is how many were sent before. */
  readonly answer: string | undefined;
}

export interface Generator {
  readonly name: 'wrk' | 'autocannon';
  run(url: string, volley: Volley, connections: number, seconds: number): Promise<Load>;
}

const run = promisify(execFile);
const TIMEOUT_S = 30;

/** wrk where there is one: autocannon itself takes so much processor time that it shows in the figures. */
export async function findGenerator(directory: string): Promise<Generator> {
  const hasWrk = await run('sh', ['-c', 'command -v wrk']).then(
    () => true,
    () => false,
  );
  return hasWrk ? wrk(directory) : cannon;
}

function wrk(directory: string): Generator {
  const bodies = join(directory, 'bodies');
  const script = join(import.meta.dirname, 'load.lua');
  return {
    name: 'wrk',
    async run(url, { requests, sent, answer }, connections, seconds) {
      await writeFile(bodies, `${requests.map(bodyOf).join('\n')}\n`);
      const { stdout } = await run(
        'wrk',
        [
          ...['-t1', `-c${connections}`, `-d${seconds}s`, `--timeout=${TIMEOUT_S}s`, '-s', script, url],
          ...['--', bodies, String(sent), ...(answer === undefined ? [] : [answer])],
        ],
        { timeout: (seconds + TIMEOUT_S) * 1000 },
      );
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Load;
    },
  };
}

const cannon: Generator = {
  name: 'autocannon',
  async run(url, { requests, sent, answer }, connections, seconds) {
    const bodies = requests.map(bodyOf);
    let next = sent;
    const nextBody = () => {
      const body = numbered(bodies[next % bodies.length] ?? '', next);
      next += 1;
      return body;
    };
    const result = await autocannon({
      url,
      connections,
      duration: seconds,
      timeout: TIMEOUT_S,
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      requests: [{ setupRequest: (request) => ({ ...request, body: nextBody() }) }],
      ...(answer === undefined ? {} : { verifyBody: (body) => String(body).startsWith(answer) }),
    });
    return {
      requests: result.requests.total,
      seconds: result.duration,
      p50: result.latency.p50,
      p99: result.latency.p99,
      errors: result.errors + Math.max(result.non2xx, result.mismatches),
      sent: next,
    };
  },
};

/** As load.lua does it. */
export function numbered(text: string, sent: number): string {
  return text.replaceAll('NUMBER', String(sent).padStart(7, '0'));
}
