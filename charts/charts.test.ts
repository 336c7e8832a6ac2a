/** The charts as Helm sees them: linted, rendered against golden files, and refusing wrong values. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, stringify } from 'yaml';
import { assertGolden } from '../testing/golden.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cached = join(process.env['HEADRACE_CLUSTER_HOME'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'headrace/cluster'), 'bin/helm');
const helmProgram = existsSync(cached) ? cached : 'helm';
const found = spawnSync(helmProgram, ['version', '--short']).status === 0;
// A machine with Node and npm alone has no Helm. `make e2e` builds one and runs this file again, so there it is never skipped.
const options = found ? {} : { skip: 'Helm is not installed here; make e2e builds it and runs these tests' };

function helm(...args: readonly string[]): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(helmProgram, args, { cwd: root, encoding: 'utf8' });
  return { code: status ?? 1, stdout, stderr };
}

function render(chart: string, ...values: readonly string[]): string {
  const outcome = helm('template', 'headrace', chart, '--namespace', 'headrace-system', ...values);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome.stdout;
}

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

const objects = (text: string): readonly Rendered[] => parseAllDocuments(text).map((document) => document.toJS() as Rendered).filter((each) => each !== null);

test('helm lint finds nothing', options, () => {
  const outcome = helm('lint', '--strict', 'charts/headrace', 'charts/headrace-crds');
  assert.equal(outcome.code, 0, outcome.stdout + outcome.stderr);
});

/** Helm's versions differ in blank lines and comments; the objects are what counts. */
function normal(text: string): string {
  return objects(text).map((each) => stringify(each, { lineWidth: 0 })).join('---\n');
}

test('the default values render as they did', options, () => {
  assertGolden(new URL('testdata/default.yaml', import.meta.url), normal(render('charts/headrace')));
});

test('every optional object renders as it did', options, () => {
  assertGolden(new URL('testdata/everything.yaml', import.meta.url), normal(render('charts/headrace', '--values', 'charts/testdata/everything.values.yaml')));
});

test('with watched namespaces nothing is granted cluster-wide but what people may see and edit', options, () => {
  const all = objects(render('charts/headrace', '--set', 'watchNamespaces={a,b}'));
  assert.deepEqual(all.filter((each) => each.kind === 'ClusterRoleBinding'), []);
  assert.deepEqual(all.filter((each) => each.kind === 'Role' && each.metadata.name === 'headrace-workloads').map((each) => each.metadata.namespace), ['a', 'b']);
});

test('no role has a wildcard', options, () => {
  for (const { rules } of objects(render('charts/headrace'))) {
    for (const rule of rules ?? []) assert.ok(![...rule.apiGroups, ...rule.resources, ...rule.verbs].includes('*'));
  }
});

test('the CRD chart holds exactly the generated definitions, kept when the chart goes', options, () => {
  const crds = objects(render('charts/headrace-crds')) as readonly (Rendered & { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } })[];
  assert.deepEqual(crds.map((each) => each.metadata.name).toSorted(), ['hdfsclusters.headrace.dev', 'sparkjobs.headrace.dev']);
  assert.deepEqual([...new Set(crds.map((each) => each.metadata.annotations['helm.sh/resource-policy']))], ['keep']);
});

test('nodes can be read only where racks are wanted', options, () => {
  const granted = (...values: readonly string[]): readonly unknown[] => objects(render('charts/headrace', ...values)).flatMap(({ rules = [] }) => rules.filter((rule) => rule.resources.includes('nodes')));
  assert.deepEqual(granted(), []);
  assert.deepEqual(granted('--set', 'rackTopology.enabled=true'), [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }]);
});

for (const [value, says] of [
  ['replicas=-1', /replicas/],
  ['operator.logLevel=loud', /logLevel/],
  ['watchNamespaces={Upper}', /watchNamespaces/],
  ['imagee.tag=x', /imagee/],
] as const) {
  test(`values.schema.json refuses ${value}`, options, () => {
    const outcome = helm('template', 'headrace', 'charts/headrace', '--set', value);
    assert.notEqual(outcome.code, 0);
    assert.match(outcome.stderr, says);
  });
}

test('a ServiceMonitor without its Service is refused', options, () => {
  const outcome = helm('template', 'headrace', 'charts/headrace', '--set', 'metrics.service=false', '--set', 'metrics.serviceMonitor.enabled=true');
  assert.match(outcome.stderr, /needs metrics\.service: true/);
});
