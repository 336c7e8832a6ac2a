/** What the commands share: the client, where they print, how a path that fails is told while the others go on. */
import type { Readable } from 'node:stream';
import { WebHdfsError, type HdfsClient } from '../../engine/hdfs/client/hdfs-client.ts';
import { CommandError } from './command-error.ts';
import { locationOf, type Location } from './location.ts';

export interface Shell {
  readonly client: HdfsClient;
  readonly uri: string;
  readonly user: string;
  readonly stdin: Readable;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface Parsed {
  readonly flags: ReadonlySet<string>;
  readonly paths: readonly string[];
}

export interface Command {
  readonly name: string;
  readonly arguments: string;
  readonly summary: string;
  /** Without the dash. */
  readonly flags: readonly string[];
  readonly paths: { readonly least: number; readonly most?: number };
  /** Resolves to the exit code. */
  readonly run: (shell: Shell, parsed: Parsed) => Promise<number>;
}

export const located = (shell: Shell, typed: string): Location => locationOf(typed, shell.uri, shell.user);

export function print(shell: Shell, lines: readonly string[]): void {
  if (lines.length > 0) shell.stdout.write(`${lines.join('\n')}\n`);
}

/** Runs `step` for each; a failure is told as `name: message` and the rest goes on. Resolves to 1 when anything failed. */
export async function forEach<T>(shell: Shell, name: string, items: readonly T[], step: (item: T) => Promise<void>): Promise<number> {
  let code = 0;
  for (const item of items) {
    try {
      await step(item);
    } catch (error) {
      if (shell.signal.aborted) throw error;
      shell.stderr.write(`${name}: ${messageOf(error)}\n`);
      code = 1;
    }
  }
  return code;
}

export function messageOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (error instanceof WebHdfsError) {
    const hint = error.code === 'Unreachable' && /ENOTFOUND|EAI_AGAIN/.test(error.message) ? '. Data goes to and from datanodes directly: run this where their names are known, as in `kubectl exec`' : '';
    return `${error.message.split('\n')[0] ?? ''}${hint}`;
  }
  if (error instanceof Error && 'code' in error && 'path' in error) return `\`${String(error.path)}': ${localReason(String(error.code)) ?? error.message}`;
  throw error;
}

function localReason(code: string): string | undefined {
  switch (code) {
    case 'ENOENT': return 'No such file or directory';
    case 'EACCES': case 'EPERM': return 'Permission denied';
    case 'EEXIST': return 'File exists';
    case 'EISDIR': return 'Is a directory';
    case 'ENOTDIR': return 'Not a directory';
    case 'ENOSPC': return 'No space left on device';
    default: return undefined;
  }
}
