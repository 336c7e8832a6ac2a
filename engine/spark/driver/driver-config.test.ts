import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { environment } from '../../contract.ts';
import { ConfigurationError, readDriverConfig } from './driver-config.ts';

const application = {
  applicationId: 'uid-1', name: 'job', namespace: 'default', attempt: 1, application: { kind: 'sql', text: 'SELECT 1' }, arguments: [], sparkConf: {}, executorInstances: 2,
};
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-config-'));
  await writeFile(join(folder, 'token'), '0123456789abcdef0123\n');
  await writeFile(join(folder, 'short'), 'abc');
  await writeFile(join(folder, 'good.json'), JSON.stringify(application));
  await writeFile(join(folder, 'two-forms.json'), JSON.stringify({ ...application, executorInstances: 0, application: { kind: 'jar' } }));
  await writeFile(join(folder, 'cut.json'), '{"applicationId": ');
});
after(() => rm(folder, { recursive: true, force: true }));

const env = (overrides: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  [environment.applicationFile]: join(folder, 'good.json'), [environment.secretFile]: join(folder, 'token'), [environment.cores]: '2', ...overrides,
});

test('a whole configuration is read, the secret without its line end', async () => {
  const config = await readDriverConfig(env({ [environment.mounts]: '{"/data":"/tmp/x"}', [environment.parentWatch]: 'stdin' }));
  assert.deepEqual({ ...config, secret: new TextDecoder().decode(config.secret) }, {
    application, secret: '0123456789abcdef0123', listenHost: '0.0.0.0', cores: 2, workDir: '/scratch', mounts: { '/data': '/tmp/x' }, watchStdin: true,
  });
});

const refuses = (name: string, overrides: () => Readonly<Record<string, string>>, message: RegExp): void => void test(name, async () => {
  await assert.rejects(readDriverConfig(env(overrides())), (error) => error instanceof ConfigurationError && message.test(error.message));
});
refuses('an application file that is not there is named', () => ({ [environment.applicationFile]: join(folder, 'none.json') }), /cannot read the application from .*none\.json/);
refuses('an application file that is cut off is named', () => ({ [environment.applicationFile]: join(folder, 'cut.json') }), /cut\.json is not JSON/);
refuses('every wrong field of an application is named', () => ({ [environment.applicationFile]: join(folder, 'two-forms.json') }), /application\.kind.*executorInstances/);
refuses('a short secret is refused', () => ({ [environment.secretFile]: join(folder, 'short') }), /shorter than 16 characters/);
refuses('cores that are no number are refused', () => ({ [environment.cores]: 'many' }), /HEADRACE_CORES is 'many'/);
refuses('mounts that are no object of paths are refused', () => ({ [environment.mounts]: '{"/data": 1}' }), /HEADRACE_MOUNTS is not an object/);
