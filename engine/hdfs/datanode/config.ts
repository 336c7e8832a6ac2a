/** What a datanode is started with; the environment's names are those of engine/contract.ts. */
import { environment, path as defaultPath, port, type HdfsConfig } from '../../contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { ConfigurationError, mounted, readHdfsConfig, readSecret, readText, required } from '../namenode/config.ts';

export interface DataNodeConfig {
  readonly hdfs: HdfsConfig;
  /** `dn-3`. */
  readonly name: string;
  /** What others reach it by. */
  readonly host: string;
  readonly machine: string;
  readonly rack: RackSource;
  readonly secret: Uint8Array;
  readonly listenHost: string;
  readonly rpcPort: number;
  readonly httpPort: number;
  /** As they are called in the pod, and where they are. */
  readonly dataDirectories: readonly { readonly label: string; readonly directory: string }[];
  readonly hostsFile: string | undefined;
  /** Where certificate and key lie, if `hdfs.tls`. */
  readonly tlsDirectory: string;
}

export type RackSource = { readonly kind: 'fixed'; readonly rack: string } | { readonly kind: 'file'; readonly file: string };

const defaultRack = '/default-rack';
const rackPattern = /^(\/[^/\s]{1,255}){1,8}$/;

/** Reads and checks everything. Throws `ConfigurationError` naming the variable or file. */
export async function readDataNodeConfig(env: NodeJS.ProcessEnv): Promise<DataNodeConfig> {
  const secret = await readSecret(env);
  const hdfs = await readHdfsConfig(env[environment.hdfsConfigFile] ?? defaultPath.hdfsConfigFile);
  const name = required(env, environment.hdfsNodeName);
  const host = env[environment.advertisedHost] ?? required(env, environment.podIp);
  return {
    hdfs, name, host, machine: env[environment.machine] ?? host, rack: rackSource(env), secret, listenHost: env[environment.listenHost] ?? '0.0.0.0',
    rpcPort: port.dataNodeRpc, httpPort: port.dataNodeHttp, dataDirectories: dataDirectories(env), hostsFile: env[environment.hostsFile], tlsDirectory: mounted(defaultPath.tlsDir, env),
  };
}

function dataDirectories(env: NodeJS.ProcessEnv): DataNodeConfig['dataDirectories'] {
  const labels = (env[environment.dataDirectories] ?? defaultPath.dataDir).split(':').filter((each) => each !== '');
  if (labels.length === 0) throw new ConfigurationError(`${environment.dataDirectories} names no directory`);
  if (new Set(labels).size < labels.length) throw new ConfigurationError(`${environment.dataDirectories} names a directory twice`);
  return labels.map((label) => ({ label, directory: mounted(label, env) }));
}

function rackSource(env: NodeJS.ProcessEnv): RackSource {
  const file = env[environment.rackFile];
  if (file !== undefined && file !== '') return { kind: 'file', file: mounted(file, env) };
  const rack = env[environment.rack];
  return { kind: 'fixed', rack: rack === undefined || rack === '' ? defaultRack : checkRack(rack, environment.rack) };
}

function checkRack(rack: string, where: string): string {
  if (!rackPattern.test(rack)) throw new ConfigurationError(`${where} is '${rack}', which is no rack such as ${defaultRack}`);
  return rack;
}

const rackRetryMs = 250;

/** Waits while the file is empty or not there. Rejects with `ConfigurationError`, or with the signal's reason. */
export async function readRack(source: RackSource, clock: Clock, logger: Logger, signal: AbortSignal): Promise<string> {
  if (source.kind === 'fixed') return source.rack;
  for (let attempt = 0; ; attempt += 1) {
    const text = await readText(source.file, 'the rack').then((each) => each.trim(), () => '');
    if (text !== '') return checkRack(text, source.file);
    if (attempt === 0) logger.info({ file: source.file }, 'the rack of this datanode is not known yet');
    await clock.sleep(rackRetryMs, signal);
  }
}
