import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { integerBelow } from '../core/random.ts';
import { RpcError } from '../net/rpc-error.ts';
import { transportContract } from '../net/transport.contract.ts';
import { diskContract } from '../storage/disk.contract.ts';
import { MemoryDisk } from '../storage/memory-disk.ts';
import { SimulatedDisk } from './disk.ts';
import { SimulatedNetwork } from './network.ts';
import { SimulatedMachine, type ProcessMain } from './process.ts';
import { Simulation, type EventOwner } from './simulation.ts';

const alive: EventOwner = { alive: true, suspendedUntilMs: 0 };


transportContract('the simulated network', async () => {
  const simulation = new Simulation({ seed: 1 });
  const network = new SimulatedNetwork(simulation);
  const stop = new AbortController();
  const pump = (async () => {
    while (!stop.signal.aborted) await simulation.run(1, () => stop.signal.aborted);
  })();
  return {
    caller: network.transport('caller', alive), listener: network.transport('listener', alive), listenerHost: 'listener',
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await pump;
    },
  };
});

diskContract('the simulated disk', async () => {
  const simulation = new Simulation({ seed: 1 });
  const disk = new SimulatedDisk({ simulation, owner: alive, disk: new MemoryDisk(), latencyMsMax: () => 0, onOperation: () => 'go on' });
  // Time passes by itself as long as the test has something to do.
  void simulation.run(60_000, () => false);
  return disk;
});

test('time moves to the next sleeper, and nobody waits for real', async () => {
  const simulation = new Simulation({ seed: 1 });
  const woken: number[] = [];
  for (const ms of [3e6, 1e6, 2e6]) void simulation.sleep(ms).then(() => woken.push(simulation.nowMs));
  assert.equal(await simulation.run(2.5e6), false);
  assert.deepEqual(woken, [1e6, 2e6]);
  assert.equal(simulation.nowMs, 2.5e6);
  assert.ok(await simulation.run(1e7, () => woken.length === 3));
  assert.equal(simulation.nowMs, 3e6);
});

test('what happens at the same moment happens in the order of planning', async () => {
  const simulation = new Simulation({ seed: 1 });
  const happened: number[] = [];
  for (let i = 0; i < 100; i += 1) simulation.after(i % 3, () => happened.push((i % 3) * 1000 + i));
  await simulation.run(10);
  assert.deepEqual(happened, happened.toSorted((a, b) => a - b));
  assert.equal(happened.length, 100);
});

/** A server that counts on its disk, and clients that ask it to: with every fault there is. */
async function randomLife(seed: number): Promise<{ readonly digest: number; readonly events: number; readonly answers: readonly string[] }> {
  const simulation = new Simulation({ seed });
  const network = new SimulatedNetwork(simulation);
  network.faults = { delayMs: [0.1, 5], slow: 0.1, slowMs: 300, loss: 0.01, reset: 0.02, duplicate: () => 0.1 };
  const answers: string[] = [];
  const server: ProcessMain = async ({ disks: [disk], transport }) => {
    const file = await disk?.open('count', 'write');
    assert.ok(file !== undefined);
    const listener = await transport.listen(1, {
      count: async () => {
        const size = await file.size();
        await file.write(Uint8Array.of(1), size);
        await file.sync();
        return size + 1;
      },
    });
    return () => listener.close();
  };
  const client: ProcessMain = async ({ transport, clock, random }) => {
    const { signal } = new AbortController();
    void (async () => {
      for (;;) {
        try {
          const peer = await transport.dial('server:1', signal);
          while (peer.open) answers.push(`${String(await peer.request('count', undefined))} at ${clock.nowMs()}`);
        } catch (error) {
          assert.ok(error instanceof RpcError);
          answers.push(error.code);
          await clock.sleep(integerBelow(random, 50));
        }
      }
    })();
    return async () => {};
  };
  const machines = [new SimulatedMachine({ simulation, network, host: 'server', main: server })];
  for (const host of ['a', 'b']) machines.push(new SimulatedMachine({ simulation, network, host, main: client }));
  for (const machine of machines) machine.start();
  for (let i = 0; i < 40; i += 1) {
    await simulation.run(simulation.between(1, 1000));
    const machine = simulation.pick(machines);
    const fault = integerBelow(simulation.random, 4);
    if (!machine.up) machine.start();
    else if (fault === 0) machine.crash(simulation.chance(0.5) ? 'power' : 'killed');
    else if (fault === 1) machine.suspend(simulation.between(0, 500));
    else if (fault === 2) network.cut(simulation.pick(machines).host, machine.host);
    else network.heal();
  }
  return { digest: simulation.digest, events: simulation.events, answers };
}

test('the same seed has the same history, another seed another one', async () => {
  const lives = [await randomLife(7), await randomLife(7), await randomLife(8)];
  assert.deepEqual(lives[1], lives[0]);
  assert.notEqual(lives[2]?.digest, lives[0]?.digest);
  assert.ok((lives[0]?.events ?? 0) > 500);
  assert.ok(lives[0]?.answers.includes('Closed'));
});

test('a process that crashed goes no further, and its machine keeps what was synced', async () => {
  const simulation = new Simulation({ seed: 3 });
  const network = new SimulatedNetwork(simulation);
  const lives: number[] = [];
  const machine = new SimulatedMachine({
    simulation, network, host: 'm',
    main: async ({ disks: [disk], clock }) => {
      const file = await disk?.open('log', 'write');
      assert.ok(file !== undefined);
      const size = await file.size();
      void (async () => {
        for (let at = size; ; at += 1) {
          await file.write(Uint8Array.of(7), at);
          await file.sync();
          lives.push(at);
          await clock.sleep(10);
        }
      })();
      return async () => {};
    },
  });
  for (let life = 0; life < 5; life += 1) {
    machine.start();
    machine.crashAfterOperations = 50;
    await simulation.run(10_000, () => !machine.up);
    const synced = lives.at(-1) ?? -1;
    await simulation.run(10_000);
    assert.equal(lives.at(-1) ?? -1, synced);
    const status = await machine.disks[0]?.stat('log');
    assert.ok((status?.bytes ?? 0) > synced, `${status?.bytes} bytes are there, ${synced} were synced`);
  }
  assert.ok(lives.length > 50);
});

test('a cut path keeps messages back until it is whole, and ends connections when it never is', async () => {
  const simulation = new Simulation({ seed: 5 });
  const network = new SimulatedNetwork(simulation);
  const { signal } = new AbortController();
  await network.transport('b', alive).listen(1, { echo: async (body) => body });
  const peer = await simulation.settle(network.transport('a', alive).dial('b:1', signal), 100);
  for (const [from, to] of [['a', 'b'], ['b', 'a']] as const) {
    network.cut(from, to);
    const answer = peer.request('echo', from);
    assert.equal(await simulation.run(3000, () => false), false);
    network.heal();
    assert.equal(await simulation.settle(answer, 100), from);
  }
  network.cut('b', 'a');
  const lost = assert.rejects(peer.request('echo', 1), (error) => error instanceof RpcError && error.code === 'Closed');
  await simulation.settle(lost, 20_000);
  assert.equal(peer.open, false);
  await simulation.settle(assert.rejects(network.transport('a', alive).dial('b:1', signal), (error) => error instanceof RpcError && error.code === 'Unreachable'), 10_000);
});
