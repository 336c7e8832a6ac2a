/** Talks to a namenode over HTTP. Behind an interface, so that tests answer themselves. */
import { Agent, request } from 'node:http';
import type { DecommissionRequest, HdfsStatus } from '../../engine/contract.ts';
import { hdfsStatusSchema, httpPath, port } from '../../engine/contract.ts';

/** Each call is about the namenode at `ip`; rejects with `NameNodeUnreachable`, or with the signal's reason when aborted. */
export interface NameNodeClient {
  status(ip: string, token: string, signal: AbortSignal): Promise<HdfsStatus>;
  /** The whole set of datanodes that are to be emptied, by name. The active namenode only. */
  decommission(ip: string, token: string, datanodes: readonly string[], signal: AbortSignal): Promise<void>;
  /** Asks the active namenode to let another lead. Resolves to why it did not, or undefined. */
  handover(ip: string, token: string, signal: AbortSignal): Promise<string | undefined>;
  close(): void;
}

/** No usable answer. */
export class NameNodeUnreachable extends Error {
  override readonly name = 'NameNodeUnreachable';
  readonly code = 'NAME_NODE_UNREACHABLE';
  readonly retryable = true;
}

/** A namenode with a thousand datanodes answers in about 300 KB. */
const answerBytesMax = 8 * 1024 * 1024;
/** It waits for a standby to catch up. */
const handoverTimeoutMs = 30_000;

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Call {
  readonly ip: string;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export function httpNameNodeClient(options: { readonly timeoutMs: number; readonly port?: number }): NameNodeClient {
  const { timeoutMs, port: portNumber = port.nameNodeHttp } = options;
  // One connection for each namenode, kept between polls.
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxFreeSockets: 1, maxTotalSockets: 1024, timeout: 60_000 });
  const call = async (wanted: Call, signal: AbortSignal): Promise<Answer> => {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(wanted.timeoutMs);
    try {
      return await ask(agent, portNumber, wanted, AbortSignal.any([signal, timeout]));
    } catch (cause) {
      signal.throwIfAborted();
      throw new NameNodeUnreachable(timeout.aborted ? `no answer within ${wanted.timeoutMs} ms` : reasonOf(cause), { cause });
    }
  };
  return {
    async status(ip, token, signal) {
      const answer = await call({ ip, token, method: 'GET', path: httpPath.hdfsStatus, timeoutMs }, signal);
      if (answer.status !== 200) throw refused(answer);
      return parsed(answer.text);
    },
    async decommission(ip, token, datanodes, signal) {
      const body: DecommissionRequest = { datanodes: [...datanodes] };
      const answer = await call({ ip, token, method: 'PUT', path: httpPath.decommission, body, timeoutMs }, signal);
      if (answer.status >= 300) throw refused(answer);
    },
    async handover(ip, token, signal) {
      const answer = await call({ ip, token, method: 'POST', path: httpPath.handover, timeoutMs: handoverTimeoutMs }, signal);
      if (answer.status < 300) return undefined;
      if (answer.status === 409) return errorText(answer) || 'no standby has caught up';
      throw refused(answer);
    },
    close: () => agent.destroy(),
  };
}

function parsed(text: string): HdfsStatus {
  try {
    return hdfsStatusSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NameNodeUnreachable('its answer is not a status', { cause });
  }
}

function refused(answer: Answer): NameNodeUnreachable {
  const text = errorText(answer);
  return new NameNodeUnreachable(`HTTP status ${answer.status}${text === '' ? '' : `: ${text}`}`);
}

/** What the namenode says is wrong: `{"error": …}`, or whatever it has sent. */
function errorText({ text }: Answer): string {
  try {
    const { error } = JSON.parse(text) as { readonly error?: unknown };
    if (typeof error === 'string') return error.slice(0, 300);
  } catch {
    // Not JSON: shown as it is.
  }
  return text.slice(0, 300);
}

function reasonOf(cause: unknown): string {
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.message.slice(0, 200) : 'unknown';
}

function ask(agent: Agent, portNumber: number, { ip, method, path, token, body }: Call, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`, accept: 'application/json',
      ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
    };
    const call = request({ agent, host: ip, port: portNumber, path, method, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > answerBytesMax) call.destroy(new Error(`the answer is longer than ${answerBytesMax} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    call.on('error', reject);
    call.end(payload);
  });
}
