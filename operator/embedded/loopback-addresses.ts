/**
 * Addresses for embedded pods: on Linux every address of 127.0.0.0/8 is this machine, so each pod gets one
 * of its own and all can use the same ports.
 */
import { createServer } from 'node:net';
import type { Server } from 'node:net';

/** Hands out 127.<second>.0.2, .3, … in order and takes them back; the lowest free address comes next. */
export class LoopbackAddresses {
  readonly #second: number;
  readonly #used = new Set<number>();

  constructor(second: number) {
    this.#second = second;
  }

  /** Throws `RangeError` when all 65,533 are in use. */
  allocate(): string {
    for (let index = 2; index < 65_535; index += 1) {
      if (this.#used.has(index)) continue;
      this.#used.add(index);
      return `127.${this.#second}.${index >> 8}.${index & 255}`;
    }
    throw new RangeError('no loopback address is left for another pod');
  }

  /** Releasing twice, or what was never handed out, is harmless. */
  release(address: string): void {
    const [, , third = '0', fourth = '0'] = address.split('.');
    this.#used.delete(Number(third) * 256 + Number(fourth));
  }
}

export interface LoopbackSubnet {
  readonly second: number;
  readonly addresses: LoopbackAddresses;
  close(): Promise<void>;
}

const lockPort = 4040;
const firstSubnet = 64;
const lastSubnet = 126;

/**
 * A 127.<second>.0.0/16 that no other embedded run on this machine uses: a listening socket on its first address is
 * the lock, which the kernel releases whatever happens to this process. Throws where there is no such network (macOS has 127.0.0.1 only).
 */
export async function claimLoopbackSubnet(platform: NodeJS.Platform): Promise<LoopbackSubnet> {
  if (platform !== 'linux') {
    throw new Error(`pods as local processes need Linux, where each can have a loopback address of its own; this is ${platform}. Use a Linux machine or container, or run the job on a cluster.`);
  }
  for (let second = firstSubnet; second <= lastSubnet; second += 1) {
    const lock = await listening(`127.${second}.0.1`);
    if (lock === undefined) continue;
    return {
      second,
      addresses: new LoopbackAddresses(second),
      close: () => new Promise((resolve) => lock.close(() => resolve())),
    };
  }
  throw new Error('too many embedded runs on this machine: no loopback network is left');
}

/** Undefined when somebody else listens there. */
function listening(host: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(lockPort, host, () => {
      server.unref();
      resolve(server);
    });
  });
}
