/**
 * The operator is killed before and after every single write of a cluster's life, and a fresh one takes over on the same API server. However it falls:
 * the name space is formatted once, no disk is thrown away that should stay, and what was written is there at the end.
 */
import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { CrashingClient, FaultyClient, seededRandom } from './faults.ts';
import type { Call, CrashPoint } from './faults.ts';
import { SimulatedHdfs } from './testdata/simulated-hdfs.ts';
import type { OperatorLife } from './testdata/simulated-hdfs.ts';

/** Events are best effort and told beside the passes; nothing follows from them. */
const counts = (call: Call): boolean => call.type.plural !== 'events';
/** Simulated, after the end. */
const quietMs = 3000;

type Deed = (hdfs: SimulatedHdfs) => Promise<unknown> | void;

interface Life {
  readonly name: string;
  readonly spec: object;
  /** What a person does, each when the cluster has settled. */
  readonly deeds: readonly Deed[];
  readonly settled?: (hdfs: SimulatedHdfs) => Promise<boolean>;
  /** Claims that are there at the end. */
  readonly claims: readonly string[];
  readonly formats?: number;
}

const spec = { dataNodes: { replicas: 2 }, replication: 1 };
const claimsOf = (nameNodes: number, dataNodes: number): readonly string[] => [
  ...Array.from({ length: dataNodes }, (_, ordinal) => `store-dn-${ordinal}-data-0`), ...Array.from({ length: nameNodes }, (_, ordinal) => `store-nn-${ordinal}-data-0`),
];
const write: Deed = (hdfs) => {
  for (let id = 0; id < 4; id += 1) hdfs.files.write(id, 1);
};
const isReady = (hdfs: SimulatedHdfs): Promise<boolean> => hdfs.isIn('Ready');
const isGone = async (hdfs: SimulatedHdfs): Promise<boolean> => (await hdfs.find()) === undefined && (await hdfs.remains()).length === 0;

const lives: readonly Life[] = [
  { name: 'a cluster that is made and written to', spec, deeds: [write], claims: claimsOf(1, 2) },
  { name: 'three namenodes that are restarted by an edit', spec: { ...spec, nameNode: { replicas: 3 } }, deeds: [write, (hdfs) => hdfs.apply({ ...spec, nameNode: { replicas: 3 }, blockSize: '64Mi' })], claims: claimsOf(3, 2) },
  { name: 'scaled in, keeping the volume', spec, deeds: [write, (hdfs) => hdfs.apply({ ...spec, dataNodes: { replicas: 1 } })], claims: claimsOf(1, 2) },
  {
    name: 'scaled in, deleting the volume', spec: { ...spec, deletionPolicy: 'Delete' }, claims: claimsOf(1, 1),
    deeds: [write, (hdfs) => hdfs.apply({ ...spec, deletionPolicy: 'Delete', dataNodes: { replicas: 1 } })],
  },
  { name: 'suspended and resumed', spec, deeds: [write, async (hdfs) => hdfs.apply({ ...spec, suspend: true }), (hdfs) => hdfs.apply(spec)], claims: claimsOf(1, 2), settled: async (hdfs) => (await hdfs.isIn('Ready')) || hdfs.isIn('Suspended') },
  {
    name: 'deleted and made again on its retained volumes', spec, claims: claimsOf(1, 2), settled: async (hdfs) => (await hdfs.isIn('Ready')) || isGone(hdfs),
    deeds: [write, (hdfs) => hdfs.delete(), (hdfs) => hdfs.apply(spec)],
  },
  { name: 'deleted with its volumes', spec: { ...spec, deletionPolicy: 'Delete' }, deeds: [(hdfs) => hdfs.delete()], claims: [], settled: async (hdfs) => (await hdfs.isIn('Ready')) || isGone(hdfs) },
  {
    name: 'a datanode that gets another volume', spec: { dataNodes: { replicas: 2 }, replication: 2 }, claims: claimsOf(1, 2),
    deeds: [(hdfs) => hdfs.files.write(1, 2), async (hdfs) => {
      await hdfs.deleteClaim('store-dn-1-data-0');
      await hdfs.deletePod('store-dn-1');
    }],
    settled: async (hdfs) => (await hdfs.isIn('Ready')) && (await hdfs.cluster()).status?.underReplicated === 0 && (await hdfs.claims()).every((claim) => claim.metadata.deletionTimestamp === undefined),
  },
];

/** An operator that dies at some of its writes and is started again, as a Deployment would. */
class MortalOperator {
  readonly #hdfs: SimulatedHdfs;
  readonly #client: (life: number) => CrashingClient;
  #lives = 0;
  #current: { readonly client: CrashingClient; readonly operator: OperatorLife };

  constructor(hdfs: SimulatedHdfs, client: (life: number) => CrashingClient) {
    this.#hdfs = hdfs;
    this.#client = client;
    this.#current = this.#born();
  }

  #born(): { readonly client: CrashingClient; readonly operator: OperatorLife } {
    this.#lives += 1;
    const client = this.#client(this.#lives);
    return { client, operator: this.#hdfs.startOperator(client) };
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

/** Lives through `life` and checks how it ended. */
async function live(life: Life, client: (hdfs: SimulatedHdfs) => (operatorLife: number) => CrashingClient): Promise<{ readonly operator: MortalOperator; readonly writesToComeUp: number }> {
  const hdfs = await SimulatedHdfs.start();
  const operator = new MortalOperator(hdfs, client(hdfs));
  let writesToComeUp = 0;
  const settled = async (what: string): Promise<void> => hdfs.until(what, async () => {
    await operator.replaceTheDead();
    return (life.settled ?? isReady)(hdfs);
  });
  try {
    await hdfs.apply(life.spec);
    await settled('it comes up');
    writesToComeUp = operator.writes.length;
    for (const [index, deed] of life.deeds.entries()) {
      await deed(hdfs);
      // Whoever settles has noticed the deed first.
      await hdfs.pass(500);
      await settled(`deed ${index + 1} is over`);
    }
    for (let waited = 0; waited < quietMs; waited += 500) {
      await operator.replaceTheDead();
      await hdfs.pass(500);
    }
    await settled('what is over stays over');
    assert.equal(hdfs.files.formats.length, 1, 'the name space is made once');
    assert.deepEqual(hdfs.files.lostBlocks, [], 'no block is lost');
    assert.deepEqual(await hdfs.claimNames(), life.claims);
  } finally {
    await operator.stop();
    await hdfs.close();
  }
  return { operator, writesToComeUp };
}

for (const [number, life] of lives.entries()) {
  describe(`the operator dies in a life of ${life.name}`, async () => {
    const { operator: whole, writesToComeUp } = await live(life, (hdfs) => () => new CrashingClient(hdfs.server, undefined, () => undefined, counts));
    // All begin alike: the beginning is looked at in the first.
    const from = number === 0 ? 0 : writesToComeUp;
    const points = whole.writes.slice(from).flatMap((_, index) => (['before', 'after'] as const).map((moment): CrashPoint => ({ write: from + index + 1, moment })));
    for (const point of points) {
      const call = whole.writes[point.write - 1];
      test(`${point.moment} write ${point.write}, ${call?.verb} ${call?.target}`, async () => {
        const { operator } = await live(life, (hdfs) => (operatorLife) => new CrashingClient(hdfs.server, operatorLife === 1 ? point : undefined, () => undefined, counts));
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
      const rough = { tooManyRequests: 0.05, internalError: 0.05, conflict: 0.1, lostAnswer: 0.05, droppedWatch: 0.02 };
      const calm = { tooManyRequests: 0, internalError: 0, conflict: 0, lostAnswer: 0, droppedWatch: 0 };
      await live(life, (hdfs) => (operatorLife) => {
        const point: CrashPoint | undefined = operatorLife < livesMax ? { write: 1 + Math.floor(random() * 8), moment: random() < 0.5 ? 'before' : 'after' } : undefined;
        return new CrashingClient(new FaultyClient(hdfs.server, random, operatorLife < livesMax ? rough : calm), point, () => undefined, counts);
      });
    });
  }
});
