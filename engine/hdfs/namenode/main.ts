/** `headrace namenode`: builds the real parts of a namenode and runs it until it is asked to stop. */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { destination, pino } from 'pino';
import { environment, exitCode, hdfsExitCode, port, terminationMessageBytesMax } from '../../contract.ts';
import { systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { systemRandom } from '../../core/random.ts';
import { hostsFileLookup } from '../../net/host-lookup.ts';
import { rpcTransport } from '../../net/rpc-transport.ts';
import type { Transport } from '../../net/transport.ts';
import { openReplicatedLog, type RaftLog } from '../../quorum/raft-log.ts';
import { LogError } from '../../quorum/replicated-log.ts';
import { realDisk } from '../../storage/real-disk.ts';
import { Forwarder } from '../webhdfs/forward.ts';
import { nameNodeWebHdfs } from '../webhdfs/name-node-handler.ts';
import { readCertificate } from '../webhdfs/certificate.ts';
import { DatanodeReader, previewRoute } from '../webhdfs/preview.ts';
import { adminHandler, adminPaths } from './admin-http.ts';
import { browsePage, browsePageDirectory } from './browse-page.ts';
import { ConfigurationError, readNameNodeConfig, terminationFileOf, type NameNodeConfig } from './config.ts';
import { adminRoute, listenHttp, type HttpRoute } from './http-server.ts';
import { openNameNode, type NameNode } from './name-node.ts';
import { overviewOf } from './overview.ts';

const exitGraceMs = 5000;

/** Runs until SIGTERM or SIGINT, or until the namenode fails; resolves to the process's exit code (engine/contract.ts). */
export async function runNameNode(env: NodeJS.ProcessEnv): Promise<number> {
  const logger: Logger = pino({ level: env[environment.logLevel] ?? 'info', base: { component: 'namenode' } }, destination({ sync: true }));
  const stop = new AbortController();
  const asked = (name: string): void => {
    logger.info({ signal: name }, 'asked to stop');
    stop.abort();
  };
  process.on('SIGTERM', asked).on('SIGINT', asked);
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  process.on('uncaughtException', (error) => failed.reject(error));
  let code: number;
  try {
    const config = await readNameNodeConfig(env);
    await serve(config, logger, stop.signal, failed);
    code = exitCode.succeeded;
  } catch (error) {
    code = exitCodeOf(error);
    logger.error({ err: error }, 'the namenode cannot run');
    writeReason(env, error, logger);
  }
  // All is closed by now. Should something be left open by mistake, the pod must end nevertheless.
  setTimeout(() => process.exit(code), code === exitCode.succeeded ? exitGraceMs : 0).unref();
  return code;
}

async function serve(config: NameNodeConfig, logger: Logger, signal: AbortSignal, failed: PromiseWithResolvers<never>): Promise<void> {
  const transport = transportOf(config, logger);
  const { nameNode, log } = await openParts(config, transport, logger, failed.reject);
  // A name space is millions of small objects that stay. Once they are read, memory is worth more than the tenth of speed that this costs.
  setFlagsFromString('--optimize-for-size');
  const handle = adminHandler(nameNode, config.secret, logger);
  await using listener = closing(await transport.listen(config.rpcPort, { ...log.handlers, ...nameNode.handlers }));
  const { hdfs, listenHost } = config;
  const lookup = config.hostsFile === undefined ? undefined : hostsFileLookup(config.hostsFile);
  const forwarder = new Forwarder({ active: () => activeElsewhere(config, nameNode), lookup, logger });
  const reader = new DatanodeReader(lookup);
  const shared = {
    client: nameNode.client, isActive: () => nameNode.isActive, forward: forwarder.forward.bind(forwarder), clusterId: hdfs.clusterId, clusterName: hdfs.clusterName,
    random: systemRandom(), logger,
  };
  const page = await browsePage({
    ...shared, directory: browsePageDirectory(import.meta.url),
    overview: () => overviewOf(nameNode.status(), nameNode.datanodeReport(), hdfs, systemClock().wallMs()),
  });
  const preview = previewRoute({ ...shared, get: reader.get });
  const files = (scheme: 'http' | 'https'): readonly HttpRoute[] => [nameNodeWebHdfs({ ...shared, scheme }), preview, page];
  await using http = closing(await listenHttp({ host: listenHost, port: config.httpPort }, [adminRoute(adminPaths, handle), ...files('http')]));
  await using https = closing(hdfs.tls ? await listenHttp({ host: listenHost, port: port.nameNodeHttps, tls: await readCertificate(config.tlsDirectory) }, files('https')) : undefined);
  logger.info({ name: config.name, rpc: listener.value.port, http: http.value.port, https: https.value?.port, uptimeMs: Math.round(process.uptime() * 1000) }, 'the namenode listens');
  try {
    await Promise.race([aborted(signal), failed.promise]);
  } finally {
    forwarder.close();
    reader.close();
    await nameNode.close();
  }
}

function activeElsewhere({ hdfs, name, httpPort }: NameNodeConfig, nameNode: NameNode): { readonly host: string; readonly port: number } | undefined {
  const active = hdfs.nameNodes.find((each) => each.name === nameNode.activeName);
  return active === undefined || active.name === name ? undefined : { host: active.host, port: httpPort };
}

function transportOf({ hostsFile, listenHost, secret }: NameNodeConfig, logger: Logger): Transport {
  return rpcTransport({
    listenHost, secret, clock: systemClock(), random: systemRandom(), logger, ...(hostsFile === undefined ? {} : { lookup: hostsFileLookup(hostsFile) }),
  });
}

async function openParts(config: NameNodeConfig, transport: Transport, logger: Logger, onFailure: (error: unknown) => void): Promise<{ readonly nameNode: NameNode; readonly log: RaftLog }> {
  const { hdfs, name, rpcPort } = config;
  const disk = await realDisk(config.dataDirectory);
  const clock = systemClock();
  const random = systemRandom();
  const opened = Promise.withResolvers<RaftLog>();
  const nameNode = await openNameNode({
    config: hdfs, name, clock, random, logger,
    openLog: async (stateMachine) => {
      const log = await openReplicatedLog({
        groupId: hdfs.clusterId, member: name, members: hdfs.nameNodes.map((each) => ({ id: each.name, address: `${each.host}:${rpcPort}` })),
        mayFormat: hdfs.mayFormat, stateMachine, disk, transport, clock, random, logger, onFailure,
      });
      opened.resolve(log);
      return log;
    },
  });
  return { nameNode, log: await opened.promise };
}

function closing<Value extends { close(): Promise<void> } | undefined>(value: Value): { readonly value: Value } & AsyncDisposable {
  return { value, [Symbol.asyncDispose]: async () => value?.close() };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigurationError) return hdfsExitCode.badConfiguration;
  if (error instanceof LogError && error.code === 'Foreign') return hdfsExitCode.wrongDisk;
  return exitCode.engineFailed;
}

/** One line: whoever reads the termination file looks at the last one. */
function writeReason(env: NodeJS.ProcessEnv, error: unknown, logger: Logger): void {
  const file = terminationFileOf(env);
  const reason = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, terminationMessageBytesMax / 4);
  try {
    writeFileSync(file, `${reason}\n`);
  } catch (cause) {
    logger.error({ err: cause, file }, 'the reason cannot be written');
  }
}
