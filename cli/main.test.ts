/** The command line as a process: how it ends when nobody reads what it says. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'headrace-main-'));
after(() => rmSync(directory, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

/** With the reading end of its standard output closed before it says anything. */
async function unread(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  child.stdout.destroy();
  const [code] = await once(child, 'close') as [number | null];
  return { code, err };
}

const quiet: Ended = { code: 141, err: '' };

test('a text that nobody reads ends the program quietly, and not as a success', async () => {
  assert.deepEqual(await unread(['--help']), quiet);
});

test('a file that nobody reads on ends its transfer', async () => {
  const body = Buffer.alloc(4 << 20);
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://x');
    if (searchParams.get('op') === 'OPEN') response.end(body);
    else response.end(JSON.stringify({ FileStatus: { pathSuffix: '', type: 'FILE', length: body.length, modificationTime: 0, blockSize: 1 << 20 } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    assert.deepEqual(await unread(['dfs', '--fs', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--user', 'ada', '-cat', '/x']), quiet);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a run that nobody reads on stops what it has started', async () => {
  const manifest = join(directory, 'store.yaml');
  const resources = '{ requests: { cpu: 50m, memory: 256Mi } }';
  writeFileSync(manifest, `
apiVersion: headrace.dev/v1alpha1
kind: HdfsCluster
metadata: { name: store }
spec: { nameNode: { resources: ${resources} }, dataNodes: { replicas: 1, resources: ${resources} }, replication: 1 }
`);
  assert.deepEqual(await unread(['run', '-f', manifest, '--home', join(directory, 'home')]), quiet);
});
