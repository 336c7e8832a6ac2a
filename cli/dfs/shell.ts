/** What the commands share: the client, where they print, how a path that fails is told while the others go on. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { WebHdfsError, type HdfsClient } from '../../engine/hdfs/client/hdfs-client.ts';
import { CommandError } from './command-error.ts';
import { childOf, expandAll, locationOf, type Found, type Location } from './location.ts';

export interface Shell {
  readonly client: HdfsClient;
  readonly uri: string;
  readonly user: string;
  readonly stdin: Readable;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Of the calendar. */
  readonly wallMs: () => number;
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

/** What the paths and patterns name; what they do not name is told. `code` is 1 then. */
export async function expandEach(shell: Shell, name: string, typed: readonly string[]): Promise<{ readonly found: readonly Found[]; readonly code: number }> {
  const found: Found[] = [];
  const code = await forEach(shell, name, typed, async (each) => {
    found.push(...await expandAll(shell.client, located(shell, each), shell.signal));
  });
  return { found, code };
}

/** `forEach` of what the paths and patterns name. */
export async function forEachFound(shell: Shell, name: string, typed: readonly string[], step: (found: Found) => Promise<void>): Promise<number> {
  const { found, code } = await expandEach(shell, name, typed);
  return Math.max(code, await forEach(shell, name, found, step));
}

export async function childrenOf(shell: Shell, parent: Found): Promise<readonly Found[]> {
  return (await shell.client.list(parent.path, shell.signal)).map((status) => ({ ...childOf(parent, status.name), status }));
}

/** `forEach` of these and of all below them. A directory whose step fails is not entered. */
export async function forEachBelow(shell: Shell, name: string, found: readonly Found[], step: (found: Found) => Promise<void>): Promise<number> {
  let below = 0;
  const code = await forEach(shell, name, found, async (each) => {
    await step(each);
    if (each.status.kind === 'directory') below = Math.max(below, await forEachBelow(shell, name, await childrenOf(shell, each), step));
  });
  return Math.max(code, below);
}

/** Resolves when whoever reads has taken the chunk, or when the signal aborts. */
export async function writeOut({ stdout, signal }: Shell, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) if (!stdout.write(chunk)) await once(stdout, 'drain', { signal });
}

export function messageOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (error instanceof WebHdfsError) {
    const hint = error.code === 'Unreachable' && /ENOTFOUND|EAI_AGAIN/.test(error.message) ? '. Data goes to and from datanodes directly: run this where their names are known, as in `kubectl exec`' : '';
    return `${error.message.split('\n')[0] ?? ''}${hint}`;
  }
  if (error instanceof Error && 'code' in error && 'path' in error) return `\`${String(error.path)}': ${localReason(String(error.code)) ?? error.message}`;
  if (error instanceof Error && 'syscall' in error) return error.message;
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
