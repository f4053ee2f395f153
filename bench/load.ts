import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { bodyOf } from './contestants.ts';
import type { Call } from './calls.ts';

export interface Load {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Broken lines, time-outs, and every answer that was not HTTP 200. */
  readonly errors: number;
}

export interface Generator {
  readonly name: 'wrk' | 'autocannon';
  run(url: string, requests: Call['requests'], connections: number, seconds: number): Promise<Load>;
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
    async run(url, requests, connections, seconds) {
      await writeFile(bodies, `${requests.map(bodyOf).join('\n')}\n`);
      const { stdout } = await run(
        'wrk',
        ['-t1', `-c${connections}`, `-d${seconds}s`, `--timeout=${TIMEOUT_S}s`, '-s', script, url, '--', bodies],
        { timeout: (seconds + TIMEOUT_S) * 1000 },
      );
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Load;
    },
  };
}

const cannon: Generator = {
  name: 'autocannon',
  async run(url, requests, connections, seconds) {
    const result = await autocannon({
      url,
      connections,
      duration: seconds,
      timeout: TIMEOUT_S,
      requests: requests.map((fields) => ({
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: bodyOf(fields),
      })),
    });
    return {
      requests: result.requests.total,
      seconds: result.duration,
      p50: result.latency.p50,
      p99: result.latency.p99,
      errors: result.errors + result.non2xx,
    };
  },
};
