/** `headrace dfs`: what Hadoop's shell does with files, over WebHDFS. */
import type { Readable } from 'node:stream';
import { systemClock } from '../../engine/core/clock.ts';
import { HdfsClient } from '../../engine/hdfs/client/hdfs-client.ts';
import { UsageError } from '../usage-error.ts';
import { changeCommands } from './change-commands.ts';
import { lookCommands } from './look-commands.ts';
import { messageOf, type Command, type Parsed } from './shell.ts';
import { fsVariable, targetOf, userOf } from './target.ts';
import { transferCommands } from './transfer-commands.ts';

const commands: readonly Command[] = [...lookCommands, ...transferCommands, ...changeCommands];

function usage(): string {
  const rows = commands.map(({ name, arguments: given, summary }) => `  -${`${name} ${given}`.padEnd(48)} ${summary}`);
  return [
    'usage: headrace dfs [--fs URI] [--user NAME] -COMMAND [ARGUMENT…]', '', ...rows, '',
    `  --fs URI      hdfs://NAME.NAMESPACE of an HdfsCluster, or http://HOST:PORT of its WebHDFS (default: ${fsVariable};`,
    '                in the pods of an HdfsCluster its own)',
    '  --user NAME   on whose behalf (default: HADOOP_USER_NAME, else the name of who runs this)', '',
    'Paths without a leading slash are below /user/NAME. Exit code 0 when all went well, 1 when something failed,',
    '2 when the command line is wrong.', '',
  ].join('\n');
}

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Resolves to the exit code. Throws `UsageError`. */
export async function dfsCommand(args: readonly string[], env: Readonly<Record<string, string | undefined>>, streams: Streams, signal: AbortSignal): Promise<number> {
  const options: { fs: string | undefined; user: string | undefined } = { fs: undefined, user: undefined };
  const rest = [...args];
  while (rest[0] === '--fs' || rest[0] === '-fs' || rest[0] === '--user') {
    const [name = '', value] = rest.splice(0, 2);
    if (value === undefined) throw new UsageError(`${name} wants a value`);
    options[name === '--user' ? 'user' : 'fs'] = value;
  }
  const [given, ...words] = rest;
  if (given === undefined || given === '--help' || given === '-h' || given === '-help') {
    streams.stdout.write(usage());
    return given === undefined ? 2 : 0;
  }
  const command = commands.find(({ name }) => `-${name}` === given);
  if (command === undefined) throw new UsageError(`there is no command '${given}': headrace dfs --help lists them`);
  const parsed = parse(command, words);
  const { scheme, host, port, uri, lookup } = targetOf(options.fs, env);
  const user = userOf(options.user, env);
  const clock = systemClock();
  const client = new HdfsClient({ scheme, host, port, user, clock, waitForSafeMode: false, ...(lookup === undefined ? {} : { lookup }) });
  try {
    return await command.run({ client, uri, user, ...streams, signal, nowMs: () => clock.nowMs(), wallMs: () => clock.wallMs(), sleep: (ms) => clock.sleep(ms, signal) }, parsed);
  } catch (error) {
    if (signal.aborted) return 130;
    streams.stderr.write(`${command.name}: ${messageOf(error)}\n`);
    return 1;
  } finally {
    await client.close();
  }
}

function parse(command: Command, words: readonly string[]): Parsed {
  const flags = new Set<string>();
  const paths: string[] = [];
  let ended = false;
  for (const word of words) {
    if (word === '--' && paths.length === 0 && !ended) ended = true;
    else if (ended || !/^-[A-Za-z]/.test(word) || paths.length > 0) paths.push(word);
    else if (command.flags.includes(word.slice(1))) flags.add(word.slice(1));
    else throw new UsageError(`-${command.name} has no option ${word}: -${command.name} ${command.arguments}`);
  }
  const { least, most = Infinity } = command.paths;
  if (paths.length < least || paths.length > most) throw new UsageError(`-${command.name} ${command.arguments}`);
  return { flags, paths };
}
