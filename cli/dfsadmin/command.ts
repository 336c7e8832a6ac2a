/** `headrace dfsadmin`: what an administrator asks of an HdfsCluster. */
import { systemClock } from '../../engine/core/clock.ts';
import { CommandError } from '../dfs/command-error.ts';
import { UsageError } from '../usage-error.ts';
import { NameNodes, type NameNodesOptions } from './name-nodes.ts';
import { fsckText, reportText } from './report-text.ts';

const usage = `usage: headrace dfsadmin [--fs URI] [--secret-file FILE] COMMAND [ARGUMENT…]

  report                                      capacity, namenodes, datanodes
  safemode get|enter|leave|wait               safe mode: nothing can be changed
  fsck [PATH] [-files] [-blocks] [-locations] files with blocks that are missing, corrupt or under-replicated
  decommission [DATANODE…]                    empties exactly these datanodes, as \`dn-3\`; none: takes all back. Refused for an
                                              HdfsCluster: its operator decides that by dataNodes.replicas

A dash before the command is allowed, as Hadoop has it. The cluster's secret proves that one may: in its pods it is known.
`;

interface Output {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const pollMs = 1000;

/** Resolves to the exit code: 1 when the command failed, and for \`fsck\` when something is wrong. Throws `UsageError`. */
export async function dfsAdminCommand(args: readonly string[], env: Readonly<Record<string, string | undefined>>, output: Output, signal: AbortSignal): Promise<number> {
  const options: { -readonly [Key in keyof NameNodesOptions]: NameNodesOptions[Key] } = { fs: undefined, secretFile: undefined };
  const rest = [...args];
  while (rest[0] === '--fs' || rest[0] === '-fs' || rest[0] === '--secret-file') {
    const [name = '', value] = rest.splice(0, 2);
    if (value === undefined) throw new UsageError(`${name} wants a value`);
    options[name === '--secret-file' ? 'secretFile' : 'fs'] = value;
  }
  const [given, ...words] = rest;
  if (given === undefined || /^(--?help|-h)$/.test(given)) {
    output.stdout.write(usage);
    return given === undefined ? 2 : 0;
  }
  const command = commands[given.replace(/^-/, '')];
  if (command === undefined) throw new UsageError(`there is no command '${given}': headrace dfsadmin --help lists them`);
  const print = (lines: readonly string[]): void => void output.stdout.write(`${lines.join('\n')}\n`);
  try {
    return await command(new NameNodes(options, env, signal), words, print, signal);
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof CommandError) && !(error instanceof Error && 'code' in error)) throw error;
    output.stderr.write(`${given.replace(/^-/, '')}: ${error.message}\n`);
    return 1;
  }
}

type AdminCommand = (nameNodes: NameNodes, words: readonly string[], print: (lines: readonly string[]) => void, signal: AbortSignal) => Promise<number>;

const commands: Readonly<Record<string, AdminCommand>> = {
  report: async (nameNodes, words, print) => {
    if (words.length > 0) throw new UsageError('report has no arguments');
    print(reportText(await nameNodes.status(), systemClock().wallMs()));
    return 0;
  },
  safemode: async (nameNodes, [action, ...more], print, signal) => {
    if (action === undefined || more.length > 0 || !['get', 'enter', 'leave', 'wait'].includes(action)) throw new UsageError('safemode wants one of get, enter, leave, wait');
    let state = action === 'enter' || action === 'leave' ? await nameNodes.setSafeMode(action) : await nameNodes.safeMode();
    if (action === 'wait') {
      while (state.on) {
        await systemClock().sleep(pollMs, signal);
        state = await nameNodes.safeMode();
      }
    }
    print([`Safe mode is ${state.on ? 'ON' : 'OFF'}${state.on && state.reason !== undefined ? `: ${state.reason}` : ''}`]);
    return 0;
  },
  fsck: async (nameNodes, words, print) => {
    const flags = words.filter((word) => word.startsWith('-'));
    const strange = flags.find((flag) => !['-files', '-blocks', '-locations'].includes(flag));
    if (strange !== undefined) throw new UsageError(`fsck has no option ${strange}`);
    const [path = '/', ...more] = words.filter((word) => !word.startsWith('-'));
    if (!path.startsWith('/') || more.length > 0) throw new UsageError('fsck wants one absolute path');
    const report = await nameNodes.fsck(path, flags.length > 0);
    print(fsckText(report, { files: flags.includes('-files'), blocks: flags.includes('-blocks'), locations: flags.includes('-locations') }));
    return report.healthy ? 0 : 1;
  },
  decommission: async (nameNodes, names, print) => {
    const { datanodes } = await nameNodes.status();
    const strange = names.find((name) => !datanodes.some((each) => each.name === name));
    if (strange !== undefined) throw new CommandError(`there is no datanode '${strange}': there are ${datanodes.map((each) => each.name).join(', ')}`);
    await nameNodes.decommission(names);
    print([names.length === 0 ? 'No datanode is to go.' : `${names.join(', ')}: being emptied, unless an operator takes it back; \`headrace dfsadmin report\` shows how far it is.`]);
    return 0;
  },
};
