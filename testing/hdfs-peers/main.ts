/**
 * `make test-hdfs-peers`: clients that others wrote, against a file system of ours. Hadoop's contract tests and its shell over webhdfs://, and two Python
 * clients. Everything comes from Maven Central and PyPI into the cache; Java 17, Maven and Python 3 must be there.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'headrace/peers/hdfs');
const contractClasses = [
  'Create', 'Open', 'Seek', 'Mkdir', 'Delete', 'Rename', 'Append', 'Concat', 'GetFileStatus', 'SetTimes', 'RootDirectory', 'Unbuffer', 'ContentSummary', 'BulkDelete', 'CopyFromLocal',
] as const;
/** What HDFS says of itself. */
const options = {
  'supports-append': true, 'supports-atomic-directory-delete': true, 'supports-atomic-rename': true, 'supports-block-locality': true, 'supports-concat': true, 'supports-seek': true,
  'supports-seek-on-closed-file': true, 'rejects-seek-past-eof': true, 'supports-strict-exceptions': true, 'supports-unix-permissions': true, 'supports-settimes': true,
  'supports-getfilestatus': true, 'supports-file-reference': true, 'supports-hflush': true, 'supports-hsync': true, 'supports-content-check': true, 'supports-unbuffer': true,
  'rename-returns-false-if-source-missing': true, 'rename-returns-false-if-dest-exists': true, 'is-case-sensitive': true, 'test.root-tests-enabled': true,
  'rename-creates-dest-dirs': false, 'rename-remove-dest-if-empty-dir': false, 'test.random-seek-count': 500,
};

interface Outcome {
  readonly suite: string;
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

async function javaParts(): Promise<string> {
  const libraries = join(cache, 'libs');
  const classes = join(cache, 'classes');
  if (!existsSync(join(libraries, 'hadoop-common-3.5.0.jar'))) {
    mkdirSync(libraries, { recursive: true });
    await run('mvn', ['-q', '-B', '-f', join(here, 'java/pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`], { maxBuffer: 1 << 24 });
  }
  const generated = join(cache, 'generated');
  mkdirSync(classes, { recursive: true });
  mkdirSync(generated, { recursive: true });
  const sources = contractClasses.map((name) => {
    const file = join(generated, `Peer${name}Test.java`);
    const contract = 'org.apache.hadoop.fs.contract';
    writeFileSync(file, `package peers;\npublic class Peer${name}Test extends ${contract}.AbstractContract${name}Test {\n  @Override\n  protected ${contract}.AbstractFSContract createContract(org.apache.hadoop.conf.Configuration c) {\n    return new PeerContract(c);\n  }\n}\n`);
    return file;
  });
  const properties = Object.entries(options).map(([name, value]) => `  <property><name>fs.contract.${name}</name><value>${value}</value></property>`);
  writeFileSync(join(classes, 'contract-options.xml'), `<configuration>\n${properties.join('\n')}\n</configuration>\n`);
  // The shell wants its configuration files to be there.
  writeFileSync(join(classes, 'core-site.xml'), '<configuration/>\n');
  writeFileSync(join(classes, 'log4j.properties'), 'log4j.rootLogger=ERROR, stderr\nlog4j.appender.stderr=org.apache.log4j.ConsoleAppender\nlog4j.appender.stderr.target=System.err\nlog4j.appender.stderr.layout=org.apache.log4j.SimpleLayout\n');
  await run('javac', ['-nowarn', '-cp', `${libraries}/*`, '-d', classes, join(here, 'java/PeerContract.java'), ...sources], { maxBuffer: 1 << 24 });
  return [classes, `${libraries}/*`].join(delimiter);
}

/** Java's clients look into its own classes. */
const opens = ['java.lang', 'java.util', 'java.util.concurrent', 'java.net', 'java.io', 'java.nio', 'sun.nio.ch'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

async function contractTests(classPath: string, uri: string, work: string): Promise<readonly Outcome[]> {
  const reports = join(work, 'reports');
  await run('java', ['-Xmx1g', ...opens, `-Dpeers.uri=${uri}`, `-Dtest.build.data=${join(work, 'data')}`, '-Djava.net.preferIPv4Stack=true', '-cp', classPath,
    'org.junit.platform.console.ConsoleLauncher', 'execute', '--select-package', 'peers', '--include-classname', 'peers\\.Peer.*Test', '--reports-dir', reports, '--details', 'none', '--disable-banner'],
  { maxBuffer: 1 << 28, env: { ...process.env, HADOOP_USER_NAME: 'hdfs' } }).catch(() => undefined);
  const xml = readFileSync(join(reports, 'TEST-junit-jupiter.xml'), 'utf8');
  const cases = [...xml.matchAll(/<testcase name="([^"]+?)(?:\([^"]*\))?" classname="peers\.Peer(\w+)Test"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)];
  writeFileSync(join(cache, 'contract.xml'), xml);
  return contractClasses.map((suite) => {
    const own = cases.filter(([, , each]) => each === suite).map(([, name = '', , body = '']) => ({ title: `${suite}.${name}`, body }));
    const failed = own.filter(({ body }) => /<(failure|error)/.test(body));
    const passed = own.filter(({ body }) => !/<(failure|error|skipped)/.test(body));
    return { suite: `AbstractContract${suite}Test`, passed: passed.map(({ title }) => title), failed: failed.map(({ title }) => title) };
  });
}

async function shellCommands(classPath: string, uri: string, work: string): Promise<Outcome> {
  const local = join(work, 'local.txt');
  writeFileSync(local, 'one\ntwo\nthree\n');
  const shell = async (...args: string[]): Promise<string> =>
    (await run('java', [...opens, '-cp', classPath, 'org.apache.hadoop.fs.FsShell', '-fs', uri, ...args], { maxBuffer: 1 << 24, env: { ...process.env, HADOOP_USER_NAME: 'hdfs' } })).stdout;
  // The shell asks for its own defaults: three replicas, blocks of 128 MiB.
  const steps: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['mkdir', ['-mkdir', '-p', '/shell/a/b'], /^$/],
    ['put', ['-put', local, '/shell/a/file'], /^$/],
    ['ls', ['-ls', '/shell/a'], /Found 2 items[\s\S]*\/shell\/a\/b[\s\S]*\/shell\/a\/file/],
    ['cat', ['-cat', '/shell/a/file'], /^one\ntwo\nthree\n$/],
    ['appendToFile', ['-appendToFile', local, '/shell/a/file'], /^$/],
    ['tail', ['-tail', '/shell/a/file'], /three\n$/],
    ['stat', ['-stat', '%b %n %o %r', '/shell/a/file'], /^28 file 134217728 3\n$/],
    ['du', ['-du', '-s', '/shell'], /^28 +84 +\/shell\n$/],
    ['count', ['-count', '/shell'], /^ +3 +1 +28 \/shell\n$/],
    ['mv', ['-mv', '/shell/a/file', '/shell/moved'], /^$/],
    ['setrep', ['-setrep', '1', '/shell/moved'], /Replication 1 set/],
    ['chmod', ['-chmod', '640', '/shell/moved'], /^$/],
    ['checksum', ['-checksum', '/shell/moved'], /MD5-of-0MD5-of-512CRC32C/],
    ['cp', ['-cp', '/shell/moved', '/shell/copy'], /^$/],
    ['truncate', ['-truncate', '-w', '4', '/shell/copy'], /Truncated|truncated|Waiting/],
    ['get', ['-get', '/shell/moved', join(work, 'fetched')], /^$/],
    ['df', ['-df', '/'], /Filesystem/],
    ['rm', ['-rm', '-r', '-skipTrash', '/shell'], /Deleted \/shell/],
  ];
  const passed: string[] = [];
  const failed: string[] = [];
  for (const [name, args, expected] of steps) {
    const output = await shell(...args).catch((error: unknown) => String((error as { stderr?: string }).stderr ?? error));
    if (expected.test(output)) passed.push(`FsShell.${name}`);
    else {
      failed.push(`FsShell.${name}`);
      process.stdout.write(`FsShell ${args.join(' ')}: ${output.slice(0, 400)}\n`);
    }
  }
  return { suite: "Hadoop's shell", passed, failed };
}

async function pythonClients(uri: string, work: string): Promise<Outcome> {
  const environment = join(cache, 'python');
  if (!existsSync(join(environment, 'installed'))) {
    await run('python3', ['-m', 'venv', environment]);
    await run(join(environment, 'bin/pip'), ['install', '--quiet', 'fsspec==2026.4.0', 'requests', 'hdfs'], { maxBuffer: 1 << 24 }).catch(() =>
      run(join(environment, 'bin/pip'), ['install', '--quiet', 'fsspec', 'requests', 'hdfs'], { maxBuffer: 1 << 24 }));
    writeFileSync(join(environment, 'installed'), '');
  }
  const { stdout } = await run(join(environment, 'bin/python'), [join(here, 'python_clients.py'), uri.replace('webhdfs://', ''), work], { maxBuffer: 1 << 24 }).catch((error: unknown) => error as { stdout: string });
  const results = stdout.split('\n').map((line) => /^(passed|failed) ([\w.]+)/.exec(line)).filter((match) => match !== null);
  for (const line of stdout.split('\n')) if (line.startsWith('failed')) process.stdout.write(`${line}\n`);
  const of = (kind: string): readonly string[] => results.filter((match) => match[1] === kind).map((match) => match[2] ?? '');
  return { suite: 'Python clients', passed: of('passed'), failed: of('failed') };
}

interface Store {
  readonly uri: string;
  readonly child: ChildProcess;
}

async function startStore(work: string): Promise<Store> {
  const manifest = join(work, 'hdfs.yaml');
  const resources = { requests: { cpu: '50m', memory: '256Mi' } };
  const spec = { nameNode: { resources }, dataNodes: { replicas: 3, resources }, replication: 2, blockSize: '1Mi', minBlockSize: '1Ki' };
  writeFileSync(manifest, JSON.stringify({ apiVersion: 'headrace.dev/v1alpha1', kind: 'HdfsCluster', metadata: { name: 'store' }, spec }));
  const child = spawn(process.execPath, [join(here, '../../cli/main.ts'), 'run', '-f', manifest, '--home', join(work, 'home')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const uri = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      const address = /webhdfs +http:\/\/([\d.:]+)\/webhdfs/.exec(text)?.[1];
      if (address !== undefined) resolve(`webhdfs://${address}`);
    });
    child.once('exit', () => reject(new Error(`the file system did not come up:\n${text}`)));
  });
  return { uri, child };
}

function report(outcomes: readonly Outcome[]): number {
  const known = new Set(readFileSync(join(here, 'known-failures.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#')));
  const failed = outcomes.flatMap((each) => each.failed);
  const fresh = failed.filter((each) => !known.has(each));
  const mended = [...known].filter((each) => outcomes.some(({ passed }) => passed.includes(each)));
  for (const { suite, passed, failed: bad } of outcomes) process.stdout.write(`${suite}: ${passed.length} passed, ${bad.length} failed\n`);
  for (const each of failed) process.stdout.write(`  ${known.has(each) ? 'known' : 'NEW'}  ${each}\n`);
  for (const each of mended) process.stdout.write(`  no longer fails, take it off the list: ${each}\n`);
  process.stdout.write(`${outcomes.reduce((sum, { passed }) => sum + passed.length, 0)} passed, ${fresh.length + mended.length} failed\n`);
  return fresh.length + mended.length === 0 ? 0 : 1;
}

const work = mkdtempSync(join(tmpdir(), 'headrace-peers-'));
const classPath = await javaParts();
const store = await startStore(work);
try {
  process.exitCode = report([...await contractTests(classPath, store.uri, work), await shellCommands(classPath, store.uri, work), await pythonClients(store.uri, work)]);
} finally {
  store.child.kill('SIGINT');
  await once(store.child, 'exit');
  rmSync(work, { recursive: true, force: true });
}
