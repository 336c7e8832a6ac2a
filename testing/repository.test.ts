/** Rules of the repository that no compiler checks: who may import whom, names, sizes, documentation. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = tracked.filter((file) => file.endsWith('.ts') && !file.includes('/generated/'));

interface Import {
  readonly from: string;
  /** A path from the root, or a package's name. */
  readonly to: string;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map((match) => {
    const target = match[1] ?? match[2] ?? '';
    return { from: file, to: target.startsWith('.') ? normalize(join(dirname(file), target)) : target };
  });
}

const imports = sources.flatMap(importsOf);
const isTest = (file: string): boolean => /\.(test|contract|integration|e2e)\.ts$|^testing\/|\/testdata\//.test(file);
const builtins = (target: string): boolean => target.startsWith('node:');

/** Files matching `from` import only what `allows`. Tests are free to import what they test with. */
function checkImports(name: string, from: RegExp, allows: (target: string, from: string) => boolean): void {
  test(name, () => {
    const ours = imports.filter((each) => from.test(each.from) && !isTest(each.from));
    assert.ok(sources.some((file) => from.test(file)), `no file matches ${String(from)}: mend the rule`);
    const wrong = ours.filter((each) => !allows(each.to, each.from)).map((each) => `${each.from} imports ${each.to}`);
    assert.deepEqual(wrong, []);
  });
}

const kindFolders = /^operator\/(spark-job|hdfs-cluster|kafka-cluster|kafka-topic)\//;

checkImports('the kinds import zod only', /^operator\/api\/(?!crd\/|generate)/, (target) =>
  target === 'zod' || target.startsWith('operator/api/'));

checkImports('the pure parts of a controller import the kinds and the contract only',
  /^operator\/(spark-job|hdfs-cluster|kafka-cluster|kafka-topic)\/(desired|status|finalize)\.ts$/, (target, from) =>
    target.startsWith('operator/api/') || target === 'engine/contract.ts' || target === 'operator/kube/client.ts' || target === 'operator/kube/resource-types.ts'
    || target.startsWith('operator/pod/')
    || dirname(target) === dirname(from) || target === 'node:crypto');

checkImports('what pods of all kinds share knows no kind', /^operator\/pod\//, (target) =>
  target.startsWith('operator/pod/') || target === 'operator/api/quantity.ts' || target === 'operator/kube/resource-types.ts' || target === 'node:crypto');

checkImports('the runtime knows no kind', /^operator\/runtime\//, (target) =>
  !target.startsWith('operator/api/') && !kindFolders.test(target) && !target.startsWith('engine/'));

checkImports('only operator/kube imports the Kubernetes client', /^(?!operator\/kube\/)/, (target) =>
  !target.startsWith('@kubernetes/'));

checkImports('the operator knows the engine only through its contract', /^operator\//, (target) =>
  !target.startsWith('engine/') || target === 'engine/contract.ts');

checkImports('the engine knows nothing of the operator', /^engine\//, (target) =>
  !target.startsWith('operator/') && !target.startsWith('cli/'));

checkImports('the core of the engine imports nothing of the project', /^engine\/core\//, (target) =>
  builtins(target) || target.startsWith('engine/core/') || ['zod', 'pino'].includes(target));

checkImports('plans are made without IO', /^engine\/spark\/(plan|sql|physical|schedule\/step)/, (target) =>
  !['node:fs', 'node:fs/promises', 'node:net', 'node:http', 'node:child_process', '@duckdb/node-api'].includes(target));

checkImports('the client of the engine stands on its own', /^engine\/spark\/client\//, (target) =>
  !target.startsWith('engine/') || target.startsWith('engine/spark/client/') || target.startsWith('engine/spark/connect/generated/'));

test('names say what a file holds', () => {
  const vague = tracked.filter((file) => /(^|\/)(utils?|helpers?|common|misc|manager)(\.|\/)/.test(file));
  assert.deepEqual(vague, []);
});

test('source files are named in kebab-case', () => {
  const odd = sources.filter((file) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.ts$/.test(file.split('/').at(-1) ?? ''));
  assert.deepEqual(odd, []);
});

test('no source file is longer than a reader can hold', () => {
  const long = sources
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 600);
  assert.deepEqual(long, []);
});

test('every dependency says in docs/dependencies.md why it is there', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const missing = [...Object.keys(manifest['dependencies'] ?? {}), ...Object.keys(manifest['devDependencies'] ?? {})]
    .filter((name) => !page.includes(`| \`${name}\` |`));
  assert.deepEqual(missing, []);
});

test('dependencies are pinned, and the lock file names no registry', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  const loose = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  assert.deepEqual(loose, []);
  assert.ok(!readFileSync(join(root, 'package-lock.json'), 'utf8').includes('"resolved"'));
});

test('every import of a package is of a declared dependency', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  const declared = new Set([...Object.keys(manifest['dependencies'] ?? {}), ...Object.keys(manifest['devDependencies'] ?? {}), 'headrace']);
  const undeclared = imports
    .filter(({ to }) => !builtins(to) && !to.includes('.ts') && !to.endsWith('.js') && !to.endsWith('.json') && !to.includes('${'))
    .map((each) => ({ ...each, name: each.to.split('/').slice(0, each.to.startsWith('@') ? 2 : 1).join('/') }))
    .filter(({ name, from }) => !declared.has(name) && !isTest(from));
  assert.deepEqual(undeclared, []);
});

test('a skipped test says why', () => {
  const bare = sources
    .filter((file) => file !== 'testing/repository.test.ts')
    .filter((file) => /\b(test|it|describe)\.(skip|todo|only)\(|skip: true/.test(readFileSync(join(root, file), 'utf8')));
  assert.deepEqual(bare, []);
});

test('the concept table of ARCHITECTURE.md names files that exist', () => {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const table = page.slice(page.indexOf('## Where to find what'));
  assert.notEqual(table, page, 'ARCHITECTURE.md has no section "Where to find what"');
  const named = [...table.matchAll(/`([a-z][\w./-]*\/[\w./-]*)`/g)].map((match) => match[1] ?? '');
  assert.ok(named.length > 20);
  assert.deepEqual(named.filter((file) => !existsSync(join(root, file))), []);
});

test('links of the documentation lead somewhere', () => {
  const broken = tracked.filter((file) => file.endsWith('.md')).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(root, dirname(file), target)))
      .map((target) => `${file} → ${target}`);
  });
  assert.deepEqual(broken, []);
});
