import assert from 'node:assert/strict';
import { readEnvFile } from '../../config/env-file.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('the file .env', () => {
  it('is read with a byte order mark, with any line ends, and with quotes', () => {
    const values = { ACCEPT: 'nothing', PORT: '8081', HOST: 'a b' };
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['ACCEPT=nothing', '# a comment: with = in it', '', 'export PORT = 8081', 'HOST="a b"'].join(end);
      assert.deepEqual({ ...readEnvFile(Buffer.from(text)) }, values);
      assert.deepEqual({ ...readEnvFile(Buffer.from(`\uFEFF${text}`)) }, values);
    }
    assert.deepEqual({ ...readEnvFile(Buffer.from('')) }, {});
  });

  it('is refused as UTF-16, with a hint', () => {
    for (const bytes of [utf16('\uFEFFPORT=1'), utf16('PORT=1'), utf16('\uFEFFPORT=1').swap16(), utf16('\uFEFF')]) {
      assert.throws(() => readEnvFile(bytes), /\.env: the file is written as UTF-16: save it as UTF-8/);
    }
    assert.throws(() => readEnvFile(Buffer.from('# \xb3\nPORT=1', 'latin1')), /not valid UTF-8/);
  });

  it('is refused where a line is no setting, which would take the next one with it; the line is not repeated', () => {
    for (const line of [
      'ACCEPT nothing',
      'ACCEPT: nothing',
      'ACCEPT',
      '\u00a0ACCEPT=nothing',
      'ACCEPT\u00a0=nothing',
    ]) {
      assert.throws(
        () => readEnvFile(Buffer.from(`\uFEFFHOST=h\n\n${line}\nPORT=8081\n`)),
        ({ message }: Error) => message.endsWith('✖ .env: line 3 is not understood: write NAME=value'),
        line,
      );
    }
  });
});
