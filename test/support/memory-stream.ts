import { Writable } from 'node:stream';

/** A stream that keeps what it was given, for looking at logs. */
export function memoryStream(): Writable & { text(): string } {
  let written = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString('utf8');
      done();
    },
  });
  return Object.assign(stream, { text: () => written });
}
