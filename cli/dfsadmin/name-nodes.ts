/** The administration of a cluster, at whichever of its namenodes is active. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { LookupFunction } from 'node:net';
import { z } from 'zod';
import { environment, hdfsConfigSchema, hdfsStatusSchema, httpPath, path as defaultPath, port as defaultPort, type HdfsStatus } from '../../engine/contract.ts';
import { adminPath, fsckReportSchema, safeModeStateSchema, type FsckReport, type SafeModeState } from '../../engine/hdfs/admin-protocol.ts';
import { CommandError } from '../dfs/command-error.ts';
import { targetOf, type TargetOptions } from '../dfs/target.ts';
import { UsageError } from '../usage-error.ts';

const timeoutMs = 60_000;
const answerBytesMax = 64 << 20;

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface NameNodesOptions extends TargetOptions {
  readonly secretFile: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export class NameNodes {
  readonly #addresses: readonly Address[];
  readonly #lookup: LookupFunction | undefined;
  readonly #secret: string;
  readonly #signal: AbortSignal;

  /** Throws `UsageError` when it is not said which cluster, or how to prove that one may. */
  constructor(options: NameNodesOptions, env: Environment, signal: AbortSignal) {
    const target = targetOf(options, env);
    this.#lookup = target.lookup;
    this.#signal = signal;
    this.#addresses = ownNameNodes(options, env) ?? [{ host: target.host, port: target.port }];
    const file = options.secretFile ?? env[environment.secretFile] ?? defaultPath.secretFile;
    try {
      this.#secret = readFileSync(file, 'utf8').trim();
    } catch (cause) {
      throw new UsageError(`the cluster's secret cannot be read from ${file}: name its file with --secret-file, or run this in a pod of the cluster (${cause instanceof Error ? cause.message : String(cause)})`);
    }
  }

  async status(): Promise<HdfsStatus> {
    const { found } = await this.#active();
    return found;
  }

  async safeMode(): Promise<SafeModeState> {
    return safeModeStateSchema.parse(await this.#ask('GET', adminPath.safeMode));
  }

  async setSafeMode(action: 'enter' | 'leave'): Promise<SafeModeState> {
    return safeModeStateSchema.parse(await this.#ask('PUT', adminPath.safeMode, { action }));
  }

  async decommission(datanodes: readonly string[]): Promise<void> {
    await this.#ask('PUT', httpPath.decommission, { datanodes });
  }

  async fsck(path: string, all: boolean): Promise<FsckReport> {
    return fsckReportSchema.parse(await this.#ask('GET', `${adminPath.fsck}?${new URLSearchParams({ path, all: String(all) }).toString()}`));
  }

  async #ask(method: 'GET' | 'PUT', path: string, body?: object): Promise<unknown> {
    const { address } = await this.#active();
    return this.#call(address, method, path, body);
  }

  /** The namenode that says that it is active; all are asked, as the Service may lead to any. */
  async #active(): Promise<{ readonly address: Address; readonly found: HdfsStatus }> {
    const answers = await Promise.all(this.#addresses.map(async (address) => {
      try {
        return { address, found: hdfsStatusSchema.parse(await this.#call(address, 'GET', httpPath.hdfsStatus)) };
      } catch (error) {
        return { address, error };
      }
    }));
    for (const answer of answers) if ('found' in answer && answer.found.role === 'active') return { address: answer.address, found: answer.found };
    const told = answers.map((answer) => `${answer.address.host}: ${'found' in answer ? `is ${answer.found.role}${answer.found.active === undefined ? '' : `, ${answer.found.active} is active`}` : messageIn(answer.error)}`);
    throw new CommandError(`no active namenode answers (${told.join('; ')})`);
  }

  #call({ host, port }: Address, method: string, path: string, body?: object): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.#secret}`, ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }) };
      const asked = request({ host, port, method, path, headers, signal: this.#signal, timeout: timeoutMs, ...(this.#lookup === undefined ? {} : { lookup: this.#lookup }) }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > answerBytesMax) asked.destroy(new CommandError(`an answer of more than ${answerBytesMax} bytes`));
          chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          const answer = parsed(Buffer.concat(chunks).toString());
          if (response.statusCode === 200) resolve(answer);
          else reject(new CommandError(z.object({ error: z.string() }).safeParse(answer).data?.error ?? `the answer was ${response.statusCode ?? 0}`));
        });
      });
      asked.on('timeout', () => asked.destroy(new CommandError(`no answer for ${timeoutMs / 1000} s`)));
      asked.on('error', reject);
      asked.end(text);
    });
  }
}

/** In a pod of the cluster, unless another one is asked for. */
function ownNameNodes(options: NameNodesOptions, env: Environment): readonly Address[] | undefined {
  if (options.fs !== undefined || env[environment.hdfsNodeName] === undefined) return undefined;
  const { nameNodes } = hdfsConfigSchema.parse(JSON.parse(readFileSync(env[environment.hdfsConfigFile] ?? defaultPath.hdfsConfigFile, 'utf8')));
  return nameNodes.map(({ host }) => ({ host, port: defaultPort.nameNodeHttp }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const messageIn = (error: unknown): string => (error instanceof Error ? error.message : String(error));
