/**
 * `headrace`: one program for people (`run`, `dfs`, `dfsadmin`) and for containers (`operator`, `driver`, `executor`, `namenode`, `datanode`).
 * Every subcommand is loaded only when it is called, because a pod's start counts.
 */
import { UsageError } from './usage-error.ts';

interface Subcommand {
  readonly name: string;
  readonly summary: string;
  /** Resolves to the process's exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

const subcommands: readonly Subcommand[] = [
  {
    name: 'run',
    summary: 'run manifests on this machine: operator, driver and executors as local processes',
    run: async (args) => (await import('./run/command.ts')).runCommand(args, process.env, process.stdout, process.stderr),
  },
  {
    name: 'dfs',
    summary: "files of an HdfsCluster: -ls, -put, -get, …, as Hadoop's shell",
    run: async (args) => (await import('./dfs/command.ts')).dfsCommand(args, process.env, process, untilInterrupted()),
  },
  {
    name: 'dfsadmin',
    summary: 'report, safe mode, fsck and decommissioning of an HdfsCluster',
    run: async (args) => (await import('./dfsadmin/command.ts')).dfsAdminCommand(args, process.env, process, untilInterrupted()),
  },
  {
    name: 'operator',
    summary: 'the operator of a cluster (what the chart starts)',
    run: async () => (await import('../operator/main.ts')).runOperator(process.env),
  },
  {
    name: 'driver',
    summary: "a SparkJob's driver (what the operator starts)",
    run: async () => (await import('../engine/spark/driver/main.ts')).runDriver(process.env),
  },
  {
    name: 'executor',
    summary: "a SparkJob's executor (what the operator starts)",
    run: async () => (await import('../engine/spark/execute/main.ts')).runExecutor(process.env),
  },
  {
    name: 'namenode',
    summary: "an HdfsCluster's namenode (what the operator starts)",
    run: async () => (await import('../engine/hdfs/namenode/main.ts')).runNameNode(process.env),
  },
  {
    name: 'datanode',
    summary: "an HdfsCluster's datanode (what the operator starts)",
    run: async () => (await import('../engine/hdfs/datanode/main.ts')).runDataNode(process.env),
  },
];

/** For commands that have nothing to keep: an interruption ends what they wait for. */
function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort()).once('SIGTERM', () => interrupted.abort());
  return interrupted.signal;
}

function usage(): string {
  const rows = subcommands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`);
  return ['usage: headrace SUBCOMMAND [ARGUMENT…]', '', ...rows, '', 'headrace SUBCOMMAND --help says more.', ''].join('\n');
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage());
    return name === undefined ? 2 : 0;
  }
  const chosen = subcommands.find((each) => each.name === name);
  if (chosen === undefined) {
    process.stderr.write(`headrace: there is no subcommand '${name}'\n\n${usage()}`);
    return 2;
  }
  try {
    return await chosen.run(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`headrace ${name}: ${error.message}\n`);
    return 2;
  }
}

/** What a shell says of a program that SIGPIPE ended: not success, because nobody saw how it went on. */
const pipeClosed = 141;

// Whoever reads may have had enough: `headrace … | head`. What was started is ended in order, as when it is asked to stop, and nothing is said of it.
let isReaderGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (isReaderGone) return;
  isReaderGone = true;
  process.stderr.write = () => true;
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(pipeClosed);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const code = await main(process.argv.slice(2));
process.exitCode = isReaderGone ? pipeClosed : code;
