/**
 * The operator is killed before and after every single write of a job's life, and a fresh one takes over on the same
 * API server. However it falls: no attempt runs twice, none is lost, the job ends as it should, and nothing is left behind.
 */
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { sparkJobType } from '../api/spark-job.ts';
import { podType } from '../kube/resource-types.ts';
import { CrashingClient, FaultyClient, seededRandom } from './faults.ts';
import type { Call, CrashPoint } from './faults.ts';
import { SimulatedCluster, namespace } from './testdata/simulated-cluster.ts';
import type { Fate, OperatorLife } from './testdata/simulated-cluster.ts';

const { signal } = new AbortController();
const instances = 2;
/** Simulated, after the end. */
const quietMs = 5000;

/** Events are best effort and told beside the passes; nothing follows from them. */
const counts = (call: Call): boolean => call.type.plural !== 'events';

interface Deed {
  /** When a person acts. */
  readonly when: (cluster: SimulatedCluster) => Promise<boolean>;
  readonly act: (cluster: SimulatedCluster) => Promise<unknown>;
}

interface Life {
  readonly name: string;
  readonly spec?: object;
  readonly fates: readonly Fate[];
  readonly deeds?: readonly Deed[];
  /** Undefined: the job is deleted at the end. */
  readonly phase: 'Completed' | 'Failed' | undefined;
  /** Attempts that had all their executors. */
  readonly complete?: readonly number[];
}

const inPhase = (phase: string) => async (cluster: SimulatedCluster): Promise<boolean> => (await cluster.job())?.status?.phase === phase;
const allRunning = async (cluster: SimulatedCluster): Promise<boolean> => (await cluster.pods()).filter((pod) => pod.status?.phase === 'Running').length === instances + 1;
const suspend = (value: boolean) => (cluster: SimulatedCluster): Promise<unknown> => cluster.server.patch(sparkJobType, namespace, 'job', { spec: { suspend: value } }, signal);

const lives: readonly Life[] = [
  { name: 'success', fates: ['succeed'], phase: 'Completed' },
  { name: 'failure, never tried again', fates: ['fail'], phase: 'Failed' },
  {
    name: 'failure, and success at the second attempt', fates: ['fail', 'succeed'], phase: 'Completed',
    spec: { restartPolicy: { type: 'OnFailure', maxRetries: 3, backoffSeconds: 1 } },
  },
  {
    name: 'suspended while it runs, and resumed', fates: ['run', 'succeed'], phase: 'Completed',
    deeds: [{ when: allRunning, act: suspend(true) }, { when: inPhase('Suspended'), act: suspend(false) }],
  },
  {
    name: 'a driver pod deleted by hand', fates: ['run', 'succeed'], phase: 'Completed',
    spec: { restartPolicy: { type: 'OnFailure', maxRetries: 3, backoffSeconds: 1 } },
    deeds: [{ when: allRunning, act: (cluster) => cluster.server.delete(podType, namespace, 'job-1-driver', {}, signal) }],
  },
  {
    name: 'deleted while it runs', fates: ['run'], phase: undefined,
    deeds: [{ when: allRunning, act: (cluster) => cluster.server.delete(sparkJobType, namespace, 'job', {}, signal) }],
  },
];

/** An operator that dies at some of its writes and is started again, as a Deployment would. */
class MortalOperator {
  readonly #cluster: SimulatedCluster;
  readonly #client: (life: number) => CrashingClient;
  #lives = 0;
  #current: { readonly client: CrashingClient; readonly operator: OperatorLife };

  constructor(cluster: SimulatedCluster, client: (life: number) => CrashingClient) {
    this.#cluster = cluster;
    this.#client = client;
    this.#current = this.#born();
  }

  #born(): { readonly client: CrashingClient; readonly operator: OperatorLife } {
    this.#lives += 1;
    const client = this.#client(this.#lives);
    return { client, operator: this.#cluster.startOperator(client) };
  }

  get lives(): number {
    return this.#lives;
  }

  get writes(): CrashingClient['written'] {
    return this.#current.client.written;
  }

  async replaceTheDead(): Promise<void> {
    if (!this.#current.client.crashed) return;
    await this.stop();
    this.#current = this.#born();
  }

  async stop(): Promise<void> {
    await this.#current.operator.stop();
  }
}

/** Lives through `life` and checks how it ended. Returns the writes of the last operator. */
async function live(life: Life, client: (cluster: SimulatedCluster) => (operatorLife: number) => CrashingClient): Promise<MortalOperator> {
  const cluster = await SimulatedCluster.start({ instances, fate: (attempt) => life.fates[attempt - 1] ?? assert.fail(`attempt ${attempt} is one too many`) });
  const operator = new MortalOperator(cluster, client(cluster));
  const reached = async (what: string, holds: () => Promise<boolean>): Promise<void> => cluster.until(what, async () => {
    await operator.replaceTheDead();
    return holds();
  });
  try {
    await cluster.submit({ application: { sql: 'SELECT 1' }, executor: { instances }, ...life.spec });
    for (const [index, deed] of (life.deeds ?? []).entries()) {
      await reached(`deed ${index + 1} is due`, () => deed.when(cluster));
      await deed.act(cluster);
    }
    await reached('the job is over', async () => isOver(life, cluster));
    // What the operator does after the end is part of its life too.
    for (let waited = 0; waited < quietMs; waited += 100) {
      await operator.replaceTheDead();
      await cluster.clock.advance(100);
    }
    assert.ok(await isOver(life, cluster), 'what is over stays over');
    check(life, cluster);
    assert.equal((await cluster.job())?.status?.attempts?.number, life.phase === undefined ? undefined : life.fates.length);
  } finally {
    await operator.stop();
    await cluster.close();
  }
  return operator;
}

async function isOver(life: Life, cluster: SimulatedCluster): Promise<boolean> {
  const job = await cluster.job();
  if (life.phase === undefined) return job === undefined && (await cluster.remains()).length === 0;
  // What has ended may stay for its logs, but nothing runs, and nothing is held back.
  const pods = await cluster.pods();
  return job?.status?.phase === life.phase && pods.every((pod) => (pod.metadata.finalizers ?? []).length === 0 && pod.status?.phase !== 'Running' && pod.status?.phase !== 'Pending');
}

function check(life: Life, cluster: SimulatedCluster): void {
  assert.deepEqual(cluster.everCreated('driver'), life.fates.map((_, index) => `job-${index + 1}-driver`), 'each attempt has one driver, once');
  assert.equal(cluster.driversAtOnce, 1);
  const executors = cluster.everCreated('executor');
  assert.equal(new Set(executors).size, executors.length, 'no executor is created twice');
  for (const [index] of life.fates.entries()) {
    // Numbers that were given out and never used stay unused; so the names are not known, but how many there are at least.
    assert.ok(executors.filter((name) => name.startsWith(`job-${index + 1}-exec-`)).length >= instances, `attempt ${index + 1} has its executors: ${executors.join()}`);
  }
  assert.equal(cluster.executorsAtOnce, instances);
}

for (const life of lives) {
  describe(`the operator dies in a life of ${life.name}`, async () => {
    const whole = await live(life, (cluster) => () => new CrashingClient(cluster.server, undefined, () => undefined, counts));
    const points: readonly CrashPoint[] = whole.writes.flatMap((_, index) => (['before', 'after'] as const).map((moment) => ({ write: index + 1, moment })));
    for (const point of points) {
      const call = whole.writes[point.write - 1];
      test(`${point.moment} write ${point.write}, ${call?.verb} ${call?.target}`, async () => {
        const operator = await live(life, (cluster) => (operatorLife) => new CrashingClient(cluster.server, operatorLife === 1 ? point : undefined, () => undefined, counts));
        assert.equal(operator.lives, 2, 'it has died once');
      });
    }
  });
}

/** Seeds that once failed stay here for good. */
const seeds: readonly number[] = Array.from({ length: 24 }, (_, index) => index + 1);
const livesMax = 12;

describe('the operator dies again and again, and calls fail in between', () => {
  for (const seed of seeds) {
    const life = lives[seed % lives.length] ?? assert.fail();
    test(`seed ${seed}, a life of ${life.name}`, async () => {
      const random = seededRandom(seed);
      await live(life, (cluster) => (operatorLife) => {
        const rates = operatorLife < livesMax ? { tooManyRequests: 0.05, internalError: 0.05, conflict: 0.1, lostAnswer: 0.05, droppedWatch: 0.02 } : { tooManyRequests: 0, internalError: 0, conflict: 0, lostAnswer: 0, droppedWatch: 0 };
        const point: CrashPoint | undefined = operatorLife < livesMax ? { write: 1 + Math.floor(random() * 6), moment: random() < 0.5 ? 'before' : 'after' } : undefined;
        return new CrashingClient(new FaultyClient(cluster.server, random, rates), point, () => undefined, counts);
      });
    });
  }
});
