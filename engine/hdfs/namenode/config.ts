/** What a namenode is started with; the environment's names are those of engine/contract.ts. */
import { readFile } from 'node:fs/promises';
import { environment, hdfsConfigSchema, path as defaultPath, port, type HdfsConfig } from '../../contract.ts';

export interface NameNodeConfig {
  readonly hdfs: HdfsConfig;
  /** `nn-0`: one of `hdfs.nameNodes`. */
  readonly name: string;
  readonly secret: Uint8Array;
  readonly listenHost: string;
  readonly rpcPort: number;
  readonly httpPort: number;
  readonly dataDirectory: string;
  /** Embedded pods: JSON file from host name to address. */
  readonly hostsFile: string | undefined;
  /** Where certificate and key lie, if `hdfs.tls`. */
  readonly tlsDirectory: string;
}

/** The operator or the manifest got something wrong that no retry mends. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const secretBytesMin = 16;
const configBytesMax = 1 << 20;

/** Reads and checks everything. Throws `ConfigurationError` naming the variable or file. */
export async function readNameNodeConfig(env: NodeJS.ProcessEnv): Promise<NameNodeConfig> {
  const secret = await readSecret(env);
  const hdfs = await readHdfsConfig(env[environment.hdfsConfigFile] ?? defaultPath.hdfsConfigFile);
  const name = required(env, environment.hdfsNodeName);
  if (!hdfs.nameNodes.some((each) => each.name === name)) throw new ConfigurationError(`${environment.hdfsNodeName} is '${name}', which is none of the namenodes ${hdfs.nameNodes.map((each) => each.name).join(', ')}`);
  return {
    hdfs, name, listenHost: env[environment.listenHost] ?? '0.0.0.0', secret,
    rpcPort: port.nameNodeRpc, httpPort: port.nameNodeHttp, dataDirectory: dataDirectory(env), hostsFile: env[environment.hostsFile], tlsDirectory: mounted(defaultPath.tlsDir, env),
  };
}

/** Before the configuration is known to be good: where the last word goes. */
export function terminationFileOf(env: NodeJS.ProcessEnv): string {
  return env[environment.terminationFile] ?? defaultPath.terminationFile;
}

export async function readSecret(env: NodeJS.ProcessEnv): Promise<Uint8Array> {
  const secretFile = env[environment.secretFile] ?? defaultPath.secretFile;
  const secret = (await readText(secretFile, 'the secret')).trim();
  if (secret.length < secretBytesMin) throw new ConfigurationError(`the secret in ${secretFile} is shorter than ${secretBytesMin} characters`);
  return new TextEncoder().encode(secret);
}

export async function readHdfsConfig(file: string): Promise<HdfsConfig> {
  const text = await readText(file, 'the configuration');
  if (text.length > configBytesMax) throw new ConfigurationError(`${file} is larger than ${configBytesMax} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const parsed = hdfsConfigSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`).join('; ');
  throw new ConfigurationError(`${file} does not describe a cluster: ${problems}`);
}

/** One directory; a mount of an embedded pod is mapped to the real one. */
function dataDirectory(env: NodeJS.ProcessEnv): string {
  const directories = (env[environment.dataDirectories] ?? defaultPath.dataDir).split(':').filter((each) => each !== '');
  const [directory, ...more] = directories;
  if (directory === undefined || more.length > 0) throw new ConfigurationError(`${environment.dataDirectories} must name one directory for a namenode`);
  return mounted(directory, env);
}

/** Where a directory of an embedded pod really is. */
export function mounted(directory: string, env: NodeJS.ProcessEnv): string {
  const mounts = readMounts(env[environment.mounts]);
  const mount = Object.keys(mounts).filter((each) => directory === each || directory.startsWith(`${each}/`)).toSorted((a, b) => b.length - a.length)[0];
  return mount === undefined ? directory : `${mounts[mount]}${directory.slice(mount.length)}`;
}

function readMounts(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined || text === '') return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${environment.mounts} is not JSON`, { cause });
  }
  if (typeof json !== 'object' || json === null || !Object.values(json).every((value) => typeof value === 'string')) {
    throw new ConfigurationError(`${environment.mounts} is not an object from path to path`);
  }
  return json as Readonly<Record<string, string>>;
}

export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`cannot read ${what} from ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new ConfigurationError(`${name} is not set`);
  return value;
}
