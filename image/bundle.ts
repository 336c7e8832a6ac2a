// Builds dist/: what the image runs, one file for each entry. Run by `node image/bundle.ts`.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

// Keys are paths below dist/, without .js.
const entries = {
  headrace: 'cli/main.ts',
  // What user scripts import as 'headrace'.
  'client/index': 'engine/spark/client/index.ts',
  // The process that a script runs in.
  'script/runner': 'engine/spark/driver/script/runner.ts',
  // The process that a MapReduce task runs in.
  'map-reduce/task-process': 'engine/spark/map-reduce/task-process.ts',
};

// Stay in node_modules: they load a native library from beside their own files. Everything else is bundled. (A bundled
// CommonJS package has named exports for `import { x } from`, but only `default` for `await import()`.)
const external = ['@duckdb/node-api', '@node-rs/crc32'];

const result = await build({
  absWorkingDir: root,
  entryPoints: entries,
  outdir: 'dist',
  bundle: true,
  // Each subcommand loads its own part only: a pod's start counts.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external,
  // CommonJS dependencies call require for Node's own modules, which an ES module lacks.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  // For NODE_OPTIONS=--enable-source-maps, which is not the default: Node then reads every map at start, 150 ms or more.
  // Traces are readable without, as nothing is minified (which makes no start faster). They need no sources' text.
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  // Written below: a bundle that fails leaves the last good one in place.
  write: false,
}).catch(() => process.exit(1)); // esbuild has said what is wrong

await rm(join(root, 'dist'), { recursive: true, force: true });
for (const { path, contents } of result.outputFiles) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
// Served as they are: the browse page of namenodes.
await cp(join(root, 'engine/hdfs/ui'), join(root, 'dist/hdfs-ui'), { recursive: true, filter: (source) => !source.endsWith('.ts') });
const bytes = result.outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
console.log(`dist/: ${Object.keys(entries).join(', ')}; ${(bytes / 1e6).toFixed(1)} MB with chunks and source maps`);
