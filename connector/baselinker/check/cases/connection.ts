import { fileVersion, supportedMethods } from '../response-schemas.ts';
import type { CallResponse } from '../client.ts';
import type { Finding, Report } from '../report.ts';
import { validate, validateError } from '../validate-response.ts';

/** What the panel does when the address and the key are saved. Answers the offered actions. */
export async function checkConnection(report: Report, key: string): Promise<ReadonlySet<string>> {
  const { baseLinker } = report;
  report.heading('Connection');
  await report.apiError('the address opened in a browser', ['no_password'], baseLinker.get());
  await report.judged('a POST without any field', baseLinker.post({}), emptyPost);
  await report.apiError('no key', ['no_password'], baseLinker.post({ action: 'FileVersion' }));
  await report.apiError(
    'a wrong key',
    ['incorrect_password'],
    baseLinker.post({ bl_pass: `not-${key}`, action: 'FileVersion' }),
  );
  await report.apiError(
    'a wrong key and an unknown action',
    ['incorrect_password'],
    baseLinker.post({ bl_pass: `not-${key}`, action: 'NoSuchAction' }),
  );
  const isNoKey = ['incorrect_password', 'no_password', 'invalid_parameter'];
  await report.apiError('a wrong key in a multipart body', isNoKey, baseLinker.postText(...multipart(`not-${key}`)));
  await report.apiError('an unknown action', ['unsupported_action'], baseLinker.call('NoSuchAction'));
  await report.apiError('no action', ['unsupported_action'], baseLinker.post({ bl_pass: key }));

  const look = ({ platform, version, standard }: { platform: string; version: string; standard: number }): Finding => ({
    says: `${platform} ${version}, standard ${standard}`,
  });
  await report.call({ title: 'FileVersion', action: 'FileVersion', schema: fileVersion, look });
  await report.call({ title: 'fileversion, in lower case', action: 'fileversion', schema: fileVersion, look });
  await report.call({
    title: 'FileVersion with an unknown field',
    action: 'FileVersion',
    parameters: { action_token: 'abc', __proto__x: '1' },
    schema: fileVersion,
    look,
  });
  return offeredActions(report);
}

/** As some clients write it: names of fields are tokens without quotes (RFC 7578). */
function multipart(key: string): [contentType: string, body: string] {
  const parts = Object.entries({ bl_pass: key, action: 'FileVersion' }).map(
    ([name, value]) => `--part\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${value}\r\n`,
  );
  return ['multipart/form-data; boundary=part', `${parts.join('')}--part--\r\n`];
}

async function offeredActions(report: Report): Promise<ReadonlySet<string>> {
  const names = await report.call({
    title: 'SupportedMethods',
    action: 'SupportedMethods',
    schema: supportedMethods,
    look: (list) => ({
      says: `${list.length} actions`,
      faults: list.filter((name, at) => list.indexOf(name) !== at).map((name) => `${name} is named twice`),
    }),
  });
  return new Set(names);
}

/** BaseLinker was seen to test a connection so; it lives with both answers (1.2). */
function emptyPost(response: CallResponse): Finding {
  if (validate(response, fileVersion).conforms) return { says: 'answers FileVersion' };
  const validation = validateError(response, ['no_password']);
  if (!validation.conforms)
    return { says: '', faults: [`neither FileVersion nor no_password: ${validation.faults.join('; ')}`] };
  return { says: 'refused: no_password', notes: ['newer panels were seen to expect FileVersion here'] };
}
