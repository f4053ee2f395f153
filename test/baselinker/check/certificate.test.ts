import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCheck } from '../../../connector/baselinker/check/run.ts';

const run = promisify(execFile);

async function saidOf(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  try {
    const url = `https://127.0.0.1:${port}/baselinker`;
    assert.equal(await runCheck({ url, key: 'a-key-of-nobody', print: (line) => void lines.push(line) }), false);
    return lines.join('\n').replace(url, 'URL');
  } finally {
    server.close();
  }
}

describe('the check, at an address whose HTTPS does not work', () => {
  it('says in words that a certificate is self-signed, and what to do', async function () {
    const folder = await mkdtemp(join(tmpdir(), 'bl-certificate-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
    const made = await run('openssl', [...request, '-keyout', key, '-out', cert]).catch(() => undefined);
    if (!made) return this.skip();
    const server = createServer({ key: await readFile(key), cert: await readFile(cert) });
    const said = await saidOf(server);
    await rm(folder, { recursive: true });
    assert.match(said, /^No answer from URL: the certificate is self-signed, so no caller can trust it: /);
    assert.match(said, /NODE_EXTRA_CA_CERTS/);
  });

  it('says that nothing there speaks HTTPS', async () => {
    const said = await saidOf(createHttpServer((_req, res) => res.end()));
    assert.match(said, /^No answer from URL: what answers there does not speak HTTPS: is it an http:\/\/ address\?$/);
  });
});
