/** The administration of a cluster, at whichever of its namenodes is active. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { lookup as systemLookup } from 'node:dns';
import { z } from 'zod';
import { environment, hdfsStatusSchema, httpPath, path as defaultPath, type HdfsStatus } from '../../engine/contract.ts';
import { adminPath, fsckReportSchema, safeModeStateSchema, type FsckReport, type SafeModeState } from '../../engine/hdfs/admin-protocol.ts';
import { headlessName } from '../../operator/hdfs-cluster/names.ts';
import { CommandError } from '../dfs/command-error.ts';
import { targetOf, type Target } from '../dfs/target.ts';
import { UsageError } from '../usage-error.ts';

const timeoutMs = 60_000;
const answerBytesMax = 64 << 20;

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface NameNodesOptions {
  readonly fs: string | undefined;
  readonly secretFile: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export class NameNodes {
  readonly #target: Target;
  readonly #secret: string;
  readonly #signal: AbortSignal;

  /** Throws `UsageError` when it is not said which cluster, or how to prove that one may. */
  constructor(options: NameNodesOptions, env: Environment, signal: AbortSignal) {
    this.#target = targetOf(options.fs, env);
    // A secret must not go to a port that speaks something else, in clear text.
    if (this.#target.scheme === 'https') throw new UsageError('namenodes are administered over HTTP only: say --fs hdfs://NAME.NAMESPACE or --fs http://HOST:PORT');
    this.#signal = signal;
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
    return this.#ask('GET', adminPath.safeMode, safeModeStateSchema);
  }

  async setSafeMode(action: 'enter' | 'leave'): Promise<SafeModeState> {
    return this.#ask('PUT', adminPath.safeMode, safeModeStateSchema, { action });
  }

  /** The whole set that is to go. Refused for an HdfsCluster: its operator decides that, and would take back what anybody else wants. */
  async decommission(datanodes: readonly string[]): Promise<void> {
    const { cluster } = this.#target;
    if (cluster !== undefined) {
      throw new CommandError(`the operator decides which datanodes of HdfsCluster ${cluster.namespace}/${cluster.name} are emptied, and would take this back. `
        + 'For fewer datanodes, lower spec.dataNodes.replicas: the highest numbers go first. For a datanode on another disk, delete its PersistentVolumeClaim: it is emptied and replaced');
    }
    await this.#ask('PUT', httpPath.decommission, z.unknown(), { datanodes });
  }

  async fsck(path: string, all: boolean): Promise<FsckReport> {
    return this.#ask('GET', `${adminPath.fsck}?${new URLSearchParams({ path, all: String(all) }).toString()}`, fsckReportSchema);
  }

  async #ask<T>(method: 'GET' | 'PUT', path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const { address } = await this.#active();
    return checked(schema, await this.#call(address, method, path, body));
  }

  /** Of every namenode rather than of the Service: that leads to any of them, and only the active one can be asked. */
  async #addresses(): Promise<readonly Address[]> {
    const { cluster, host, port, lookup } = this.#target;
    if (cluster === undefined) return [{ host, port }];
    if (cluster.nameNodes.length > 0) return cluster.nameNodes.map((each) => ({ host: each, port }));
    const name = `${headlessName(cluster.name, 'namenode')}.${cluster.namespace}.svc`;
    const found = await new Promise<readonly string[]>((resolve) => (lookup ?? systemLookup)(name, { all: true }, (error, addresses) => {
      resolve(error === null && Array.isArray(addresses) ? addresses.map(({ address }) => address) : []);
    }));
    return found.length === 0 ? [{ host, port }] : found.map((each) => ({ host: each, port }));
  }

  /** The namenode that says that it is active. */
  async #active(): Promise<{ readonly address: Address; readonly found: HdfsStatus }> {
    const answers = await Promise.all((await this.#addresses()).map(async (address) => {
      try {
        return { address, found: checked(hdfsStatusSchema, await this.#call(address, 'GET', httpPath.hdfsStatus)) };
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
      const { lookup } = this.#target;
      const headers = { authorization: `Bearer ${this.#secret}`, ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }) };
      const asked = request({ host, port, method, path, headers, signal: this.#signal, timeout: timeoutMs, ...(lookup === undefined ? {} : { lookup }) }, (response) => {
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

function checked<T>(schema: z.ZodType<T>, answer: unknown): T {
  const found = schema.safeParse(answer);
  if (!found.success) throw new CommandError('the answer is not one of a namenode of this version');
  return found.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A name with several addresses, none of which answers, has its reason in the code only. */
const messageIn = (error: unknown): string => (error instanceof Error ? error.message || ('code' in error ? String(error.code) : error.name) : String(error));
