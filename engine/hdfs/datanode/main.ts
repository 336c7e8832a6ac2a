/** `headrace datanode`: builds the real parts of a datanode and runs it until it is asked to stop. */
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { destination, pino } from 'pino';
import { environment, exitCode, hdfsExitCode, httpPath, port, terminationMessageBytesMax } from '../../contract.ts';
import { systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { systemRandom } from '../../core/random.ts';
import { hostsFileLookup } from '../../net/host-lookup.ts';
import { rpcTransport } from '../../net/rpc-transport.ts';
import type { Disk } from '../../storage/disk.ts';
import { FileError } from '../../storage/file-system.ts';
import { realDisk } from '../../storage/real-disk.ts';
import { ConfigurationError, terminationFileOf } from '../namenode/config.ts';
import { listenHttp, type HttpRoute } from '../namenode/http-server.ts';
import { readCertificate } from '../webhdfs/certificate.ts';
import { dataNodeWebHdfs } from '../webhdfs/data-node-handler.ts';
import { readDataNodeConfig, readRack, type DataNodeConfig } from './config.ts';
import { openDataNode, type DataNode } from './data-node.ts';
import { failedDisk } from './failed-disk.ts';
import { WrongDiskError } from './volume-identity.ts';
import { NoDiskError } from './volume-set.ts';

const exitGraceMs = 5000;

/** Runs until SIGTERM or SIGINT, or until the datanode fails; resolves to the process's exit code (engine/contract.ts). */
export async function runDataNode(env: NodeJS.ProcessEnv): Promise<number> {
  const logger: Logger = pino({ level: env[environment.logLevel] ?? 'info', base: { component: 'datanode' } }, destination({ sync: true }));
  const stop = new AbortController();
  const asked = (name: string): void => {
    logger.info({ signal: name }, 'asked to stop');
    stop.abort();
  };
  process.on('SIGTERM', asked).on('SIGINT', asked);
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  process.on('uncaughtException', (error) => failed.reject(error));
  let code: number = exitCode.succeeded;
  try {
    await serve(await readDataNodeConfig(env), logger, stop.signal, failed);
  } catch (error) {
    if (!stop.signal.aborted) {
      code = exitCodeOf(error);
      logger.error({ err: error }, 'the datanode cannot run');
      writeReason(env, error, logger);
    }
  }
  // All is closed by now. Should something be left open by mistake, the pod must end nevertheless.
  setTimeout(() => process.exit(code), code === exitCode.succeeded ? exitGraceMs : 0).unref();
  return code;
}

async function serve(config: DataNodeConfig, logger: Logger, signal: AbortSignal, failed: PromiseWithResolvers<never>): Promise<void> {
  const health: Health = { dataNode: undefined };
  // Health is answered while the rack is waited for, and while the disks are read.
  const { listenHost, secret, hostsFile, hdfs, name, host, machine, rpcPort, httpPort } = config;
  const clock = systemClock();
  const random = systemRandom();
  const files = dataNodeWebHdfs({ access: () => health.dataNode?.access, host, port: httpPort, random, logger });
  await using http = closing(await listenHttp({ host: listenHost, port: httpPort }, [healthRoute(health), files]));
  await using _https = closing(hdfs.tls ? await listenHttp({ host: listenHost, port: port.dataNodeHttps, tls: await readCertificate(config.tlsDirectory) }, [files]) : undefined);
  const transport = rpcTransport({ listenHost, secret, clock, random, logger, ...(hostsFile === undefined ? {} : { lookup: hostsFileLookup(hostsFile) }) });
  const disks = await Promise.all(config.dataDirectories.map(async ({ label, directory }) => ({ label, disk: await openDisk(directory) })));
  const rack = await readRack(config.rack, clock, logger, signal);
  const dataNode = await openDataNode({ config: hdfs, address: { name, host, httpPort, rpcPort, rack, machine }, disks, transport, clock, random, logger, onFailure: failed.reject });
  try {
    await using listener = closing(await transport.listen(rpcPort, dataNode.handlers));
    health.dataNode = dataNode;
    dataNode.start();
    logger.info({ name, uuid: dataNode.address.uuid, rack, rpc: listener.value.port, http: http.value.port, blocks: dataNode.store.size, uptimeMs: Math.round(process.uptime() * 1000) }, 'the datanode listens');
    await Promise.race([aborted(signal), failed.promise]);
  } finally {
    await dataNode.close();
  }
}

/** One that cannot even be opened counts as failed; the others go on. */
async function openDisk(directory: string): Promise<Disk> {
  try {
    return await realDisk(directory);
  } catch (error) {
    if (error instanceof FileError) return failedDisk(error);
    throw error;
  }
}

interface Health {
  dataNode: DataNode | undefined;
}

function healthRoute(health: Health): HttpRoute {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== httpPath.live && path !== httpPath.ready) return false;
    request.resume();
    const good = path === httpPath.live ? health.dataNode?.live !== false : health.dataNode?.ready === true;
    response.writeHead(good ? 200 : 503, { 'content-type': 'text/plain' });
    response.end(good ? 'ok\n' : 'not yet\n');
    return true;
  };
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
  if (error instanceof WrongDiskError) return hdfsExitCode.wrongDisk;
  if (error instanceof NoDiskError) return hdfsExitCode.noDisk;
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
