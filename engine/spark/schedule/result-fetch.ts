/** Brings the blocks of a task's result to the driver. */
import { RpcError } from '../../net/rpc-error.ts';
import type { RpcConnection } from '../../net/connection.ts';
import type { ResultBlock } from './job-run.ts';
import { call, type TaskSucceeded } from './messages.ts';

/** Small results came with the message; others are asked for. Rejects with `RpcError`. */
export async function fetchResult(connection: RpcConnection, message: TaskSucceeded, signal: AbortSignal): Promise<readonly ResultBlock[]> {
  if (message.blocks.every((block) => block.data !== undefined)) {
    return message.blocks.flatMap(({ rows, data }) => (data === undefined ? [] : [{ rows, data }]));
  }
  const all = Buffer.allocUnsafeSlow(message.blocks.reduce((sum, block) => sum + block.bytes, 0));
  let filled = 0;
  for await (const chunk of connection.stream(call.result, { run: message.run }, signal)) {
    if (filled + chunk.length > all.length) throw new RpcError('Protocol', 'a result is longer than announced');
    all.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== all.length) throw new RpcError('Protocol', 'a result is shorter than announced');
  let from = 0;
  return message.blocks.map(({ rows, bytes }) => {
    const data = all.subarray(from, from + bytes);
    from += bytes;
    return { rows, data };
  });
}
