/** Asks a driver for its status. Behind an interface, so that tests answer themselves. */
import { Agent, request } from 'node:http';
import type { DriverStatus } from '../../engine/contract.ts';
import { driverStatusSchema, httpPath, port } from '../../engine/contract.ts';

export interface DriverClient {
  /**
   * The driver at `ip`. Rejects with `DriverUnreachable` when it gives no usable answer in time, and
   * with the signal's reason when aborted.
   */
  status(ip: string, token: string, signal: AbortSignal): Promise<DriverStatus>;
  close(): void;
}

export class DriverUnreachable extends Error {
  override readonly name = 'DriverUnreachable';
  readonly code = 'DRIVER_UNREACHABLE';
  readonly retryable = true;
}

/** A driver with a thousand executors answers in about 200 KB. */
const answerBytesMax = 4 * 1024 * 1024;

export function httpDriverClient(options: { readonly timeoutMs: number; readonly port?: number }): DriverClient {
  // One connection for each driver, kept between polls.
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1, maxTotalSockets: 1024, timeout: 60_000 });
  return {
    async status(ip, token, signal) {
      signal.throwIfAborted();
      const timeout = AbortSignal.timeout(options.timeoutMs);
      try {
        const text = await ask(agent, ip, options.port ?? port.http, token, AbortSignal.any([signal, timeout]));
        return driverStatusSchema.parse(JSON.parse(text));
      } catch (cause) {
        signal.throwIfAborted();
        throw new DriverUnreachable(timeout.aborted ? `no answer within ${options.timeoutMs} ms` : reasonOf(cause), { cause });
      }
    },
    close: () => agent.destroy(),
  };
}

function reasonOf(cause: unknown): string {
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.message.slice(0, 200) : 'unknown';
}

function ask(agent: Agent, host: string, portNumber: number, token: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    const call = request({ agent, host, port: portNumber, path: httpPath.status, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) call.destroy(new Error(`the answer is longer than ${answerBytesMax} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`HTTP status ${response.statusCode ?? 0}`));
      });
    });
    call.on('error', reject);
    call.end();
  });
}
