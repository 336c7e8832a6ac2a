/**
 * A machine of the simulated world: a name on the network, disks, and at most one process, which loses everything but the disks when it ends. A process
 * that was crashed goes no further than its next await: its clock, disks and connections never answer it again.
 */
import { abortReason, onAbort } from '../core/abort.ts';
import { assert } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Transport } from '../net/transport.ts';
import type { Disk } from '../storage/disk.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';
import { SimulatedDisk } from './disk.ts';
import type { SimulatedNetwork } from './network.ts';
import type { EventOwner, Simulation } from './simulation.ts';

/** What a process is given to live on. */
export interface ProcessEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly disks: readonly Disk[];
  /** For events that are to happen to this process only while it lives. */
  readonly owner: EventOwner;
  /** Resolves when the process has ended, however: for those outside who wait for it. */
  readonly ended: Promise<void>;
}

/** Starts a process; resolves, once it serves, to how it is stopped in good order. */
export type ProcessMain = (environment: ProcessEnvironment) => Promise<() => Promise<void>>;

/** `killed`: the machine stays up, what was written stays readable. `power`: what was not synced is in doubt, and nobody is told. */
export type CrashKind = 'killed' | 'power';

export interface MachineOptions {
  readonly simulation: Simulation;
  readonly network: SimulatedNetwork;
  readonly host: string;
  readonly disks?: number;
  readonly main: ProcessMain;
}

class Life implements EventOwner {
  alive = true;
  suspendedUntilMs = 0;
  readonly ended = Promise.withResolvers<void>();
  stop: (() => Promise<void>) | undefined;
}

const epochMs = 1_700_000_000_000;

export class SimulatedMachine {
  readonly host: string;
  readonly disks: MemoryDisk[];
  /** What its wall clock shows beyond the time that has passed. */
  wallOffsetMs = 0;
  /** So many operations of the disks from now the machine crashes; undefined: it does not. */
  crashAfterOperations: number | undefined;
  /** Slowest operation of a disk. */
  diskMsMax = 2;
  /** When `main` rejects, instead of failing the run. */
  onStartFailure: (error: unknown) => void;
  onCrash: (kind: CrashKind) => void = () => {};
  /** In whatever way. */
  onEnd: () => void = () => {};
  readonly #simulation: Simulation;
  readonly #network: SimulatedNetwork;
  readonly #main: ProcessMain;
  #life: Life | undefined;

  constructor({ simulation, network, host, disks = 1, main }: MachineOptions) {
    this.host = host;
    this.#simulation = simulation;
    this.#network = network;
    this.#main = main;
    this.disks = Array.from({ length: disks }, () => new MemoryDisk());
    this.onStartFailure = (error) => simulation.fail(error);
  }

  /** A process is there; it may still be starting. */
  get up(): boolean {
    return this.#life !== undefined;
  }

  /** The process serves: it has started, and is not stopping. */
  get serving(): boolean {
    return this.#life?.stop !== undefined;
  }

  start(): void {
    assert(this.#life === undefined, `${this.host} is up already`);
    const life = new Life();
    this.#life = life;
    const simulation = this.#simulation;
    simulation.tell(`${this.host} starts`);
    const clock: Clock = {
      nowMs: () => simulation.nowMs,
      wallMs: () => epochMs + Math.floor(simulation.nowMs) + this.wallOffsetMs,
      sleep: (durationMs, signal) => sleep(simulation, life, durationMs, signal),
    };
    const environment: ProcessEnvironment = {
      clock, random: simulation.forkRandom(), transport: this.#network.transport(this.host, life), owner: life, ended: life.ended.promise,
      disks: this.disks.map((disk) => new SimulatedDisk({ simulation, owner: life, disk, latencyMsMax: () => this.diskMsMax, onOperation: () => this.#countOperation(life) })),
    };
    this.#main(environment).then((stop) => {
      if (life.alive) life.stop = stop;
    }, (error: unknown) => {
      if (!life.alive) return;
      this.crash('killed');
      this.onStartFailure(error);
    });
  }

  crash(kind: CrashKind): void {
    if (this.#life === undefined) return;
    this.#simulation.tell(`${this.host} crashes (${kind})`);
    this.#end(kind);
    if (kind === 'power') for (const disk of this.disks) disk.crash(this.#simulation.forkRandom());
    this.onCrash(kind);
  }

  /** In good order. Nothing when it does not serve. */
  async stop(): Promise<void> {
    const life = this.#life;
    const stop = life?.stop;
    if (life === undefined || stop === undefined) return;
    this.#simulation.tell(`${this.host} stops`);
    life.stop = undefined;
    await stop();
    if (this.#life === life) this.#end('killed');
  }

  /** The process does nothing for a while, and its machine answers nothing. */
  suspend(durationMs: number): void {
    if (this.#life === undefined) return;
    this.#simulation.tell(`${this.host} is held up for ${Math.round(durationMs)} ms`);
    this.#life.suspendedUntilMs = this.#simulation.nowMs + durationMs;
  }

  /** A new disk in place of the old one. The process must be down. */
  loseDisk(index = 0): void {
    assert(this.#life === undefined, `${this.host} is up: its disk is in use`);
    this.#simulation.tell(`${this.host} loses disk ${index}`);
    this.disks[index] = new MemoryDisk();
  }

  #end(kind: CrashKind): void {
    const life = this.#life;
    if (life === undefined) return;
    life.alive = false;
    this.#life = undefined;
    this.crashAfterOperations = undefined;
    this.#network.ended(life, kind === 'power');
    life.ended.resolve();
    this.onEnd();
  }

  #countOperation(life: Life): 'go on' | 'before' | 'after' {
    if (this.crashAfterOperations === undefined || !life.alive) return 'go on';
    this.crashAfterOperations -= 1;
    if (this.crashAfterOperations > 0) return 'go on';
    this.crashAfterOperations = undefined;
    const simulation = this.#simulation;
    const when = simulation.chance(0.5) ? 'before' : 'after';
    // Not in the middle of the operation itself: the event ends first.
    simulation.after(0, () => this.#life === life && this.crash(simulation.chance(0.5) ? 'power' : 'killed'));
    return when;
  }
}

async function sleep(simulation: Simulation, owner: EventOwner, durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = simulation.after(durationMs, resolve, owner);
  const off = signal === undefined ? () => {} : onAbort(signal, () => reject(abortReason(signal)));
  try {
    await promise;
  } finally {
    off();
    cancel();
  }
}
