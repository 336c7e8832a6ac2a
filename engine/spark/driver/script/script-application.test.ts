import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { ApplicationResult } from '../../../contract.ts';
import type { Logger } from '../../../core/logger.ts';
import { silentLogger } from '../../../core/logger.ts';
import { fakeServices } from '../../connect/testdata/fake-services.ts';
import { realFileSystem } from '../../../storage/real.ts';
import { SparkError } from '../../plan/spark-error.ts';
import { Session } from '../session.ts';
import { runScriptApplication } from './script-application.ts';

const here = import.meta.dirname;
const scripts = join(here, 'testdata/scripts');
let workDir: string;

before(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'headrace-script-'));
});
after(() => rm(workDir, { recursive: true, force: true }));

interface Ran {
  readonly result?: ApplicationResult;
  readonly error?: SparkError;
  readonly lines: readonly string[];
}

async function run(location: string, options: { readonly signal?: AbortSignal; readonly onLine?: (line: string) => void; readonly sessions?: readonly Session[] } = {}): Promise<Ran> {
  const lines: string[] = [];
  const logger: Logger = { ...silentLogger, info: (fields, line) => {
    if (!('stream' in fields)) return;
    lines.push(line);
    options.onLine?.(line);
  } };
  const application = {
    location, arguments: ['one', 'two'], secret: Buffer.from('not for arguments'), env: { ...process.env, USER_SETTING: 'kept', HEADRACE_SECRET_FILE: '/secret' },
    connect: { host: '127.0.0.1', port: 15_002 }, resultView: 'headrace_result_1', sessions: () => options.sessions ?? [],
    places: { workingDirectory: scripts, workDir, files: realFileSystem({ workingDirectory: scripts }) },
    program: { runner: join(here, 'runner.ts'), client: pathToFileURL(join(here, 'testdata/client.ts')).href },
  };
  try {
    const result = await runScriptApplication(application, { signal: options.signal ?? new AbortController().signal, logger, onActivity: () => {} });
    return { result, lines };
  } catch (error) {
    if (!(error instanceof SparkError)) throw error;
    return { error, lines };
  }
}

const fails = (name: string, location: string, message: RegExp): void => void test(name, async () => {
  const { error } = await run(location);
  assert.match(error?.message ?? 'it did not fail', message);
});

test('a script is called with its arguments, and the DataFrame it returns is the result', async () => {
  const session = new Session(fakeServices(), new Map());
  await session.execute({ kind: 'createTempView', name: 'headrace_result_1', replace: true, plan: { kind: 'range', start: 0n, end: 3n, step: 1n } }, { signal: new AbortController().signal });
  const { result, lines } = await run('returns-frame.js', { sessions: [session] });
  assert.deepEqual(result, { rows: 3, columns: ['id'], firstRows: [['0'], ['1'], ['2']] });
  assert.deepEqual(lines.toSorted(), ['arguments one two', 'to the error stream', 'view headrace_result_1']);
});

test('the secret reaches a script by its environment only, and the engine\'s own settings do not', async () => {
  const { lines } = await run('prints-environment.ts');
  assert.deepEqual(JSON.parse(lines[0] ?? ''), { remote: 'sc://127.0.0.1:15002/', token: 'not for arguments', own: [], argv: [], user: 'kept' });
});

test('a module without a default function is done when it is evaluated', async () => {
  assert.deepEqual(await run('no-default.ts'), { result: {}, lines: ['ran at the top level'] });
});

fails('an error names the file and line of the user', 'throws.ts', /^\[SCRIPT_FAILED\] The script throws\.ts failed at throws\.ts:2:9: RangeError: no such carrier\./);
fails('an error of the engine keeps its class', 'throws-engine-error.ts', /^\[DIVIDE_BY_ZERO\] Division by zero\. \(thrown at throws-engine-error\.ts:2:\d+\) SQLSTATE: 22012/);
fails('a rejection that nobody handles ends the script', 'rejects-later.ts', /SCRIPT_FAILED.*failed at rejects-later\.ts:2:\d+: Error: nobody waited for me/);
fails('an exit code is told', 'exits.ts', /SCRIPT_FAILED.*exit code 7/);
fails('a promise that never settles is told', 'never-settles.ts', /SCRIPT_FAILED.*never settles/);
fails('an import that is not there is named', 'unknown-import.ts', /SCRIPT_FAILED.*not-there\.ts/);
fails('a script that is not there is named', 'nowhere.ts', /^\[SCRIPT_NOT_FOUND\] The script nowhere\.ts cannot be run: there is no such file\./);
fails('a folder is no script', '.', /SCRIPT_NOT_FOUND.*it is not a file/);

for (const extension of ['ts', 'js']) {
  test(`a syntax error in a .${extension} file names its line`, async () => {
    const file = join(workDir, `broken.${extension}`);
    await writeFile(file, await readFile(join(here, 'testdata/broken-script.txt'), 'utf8'));
    const { error } = await run(file);
    assert.match(error?.message ?? '', /SCRIPT_FAILED.* failed at broken\.[tj]s:2(:\d+)?: SyntaxError: /);
  });
}

test('cancelling ends the script', async () => {
  const controller = new AbortController();
  const cancelled = new Error('cancelled by the user');
  await assert.rejects(run('waits.ts', { signal: controller.signal, onLine: () => controller.abort(cancelled) }), cancelled);
});

test('scripts are downloaded; what the server says otherwise is the error, without the secrets of its URL', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url?.startsWith('/ok.ts') === true ? 200 : 404).end('export default () => console.log(\'downloaded\');');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    assert.deepEqual((await run(`http://127.0.0.1:${port}/ok.ts?token=x`)).lines, ['downloaded']);
    const { error } = await run(`http://127.0.0.1:${port}/missing.ts?token=hidden`);
    assert.match(error?.message ?? '', /^\[SCRIPT_DOWNLOAD_FAILED\] The script http:\/\/127\.0\.0\.1:\d+\/missing\.ts cannot be downloaded: the server answered 404/);
    assert.doesNotMatch(error?.message ?? '', /hidden/);
  } finally {
    server.close();
  }
});
