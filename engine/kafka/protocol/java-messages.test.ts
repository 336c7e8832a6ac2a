/** The codecs against bytes of the Java client: see `testdata/README.md`. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apis } from './generated/apis.ts';
import type { ApiName } from './message-header.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

interface Codec {
  readonly read: (reader: Reader, version: number) => unknown;
  readonly write: (writer: Writer, message: never, version: number) => void;
}

function codecOf(name: ApiName, direction: string): Codec {
  const api = apis[name];
  return direction === 'request' ? { read: api.readRequest, write: api.writeRequest } : { read: api.readResponse, write: api.writeResponse };
}

function linesOf(file: string): readonly (readonly string[])[] {
  return readFileSync(new URL(`testdata/${file}`, import.meta.url), 'utf8').split('\n').filter((line) => line !== '').map((line) => line.split(' '));
}

const known = new Map(linesOf('java-messages.txt').map(([message = '', version = '', hex = '']) => [`${message} ${version}`, Buffer.from(hex, 'hex')]));

/** The expected message may leave out what has its default: it is written, then compared with the bytes; and they are read. */
function check(message: string, version: number, expected: object): void {
  test(`the Java client's ${message} of version ${version} is read and written alike`, () => {
    const [, name = '', direction = ''] = /^(.*)(Request|Response)$/.exec(message) ?? [];
    const { read, write } = codecOf(name as ApiName, direction.toLowerCase());
    const bytes = known.get(`${message} ${version}`);
    assert.ok(bytes !== undefined);
    const writer = new Writer();
    write(writer, expected as never, version);
    assert.equal(writer.bytesWritten().toString('hex'), bytes.toString('hex'));
    const reader = new Reader(bytes);
    assertHolds(read(reader, version), expected);
    assert.equal(reader.remaining, 0);
  });
}

function assertHolds(actual: unknown, expected: unknown): void {
  if (expected instanceof Uint8Array || typeof expected !== 'object' || expected === null) assert.deepEqual(actual, expected);
  else for (const [name, each] of Object.entries(expected)) assertHolds((actual as Record<string, unknown>)[name], each);
}

const topicId = 'AQIDBAUGBwgJCgsMDQ4PEA';

check('ApiVersionsRequest', 3, { clientSoftwareName: 'headrace', clientSoftwareVersion: '1.0' });
check('ApiVersionsResponse', 3, {
  apiKeys: [{ apiKey: 1, minVersion: 4, maxVersion: 18 }], throttleTimeMs: 7, finalizedFeaturesEpoch: 9,
  finalizedFeatures: [{ name: 'group.version', maxVersionLevel: 1, minVersionLevel: 1 }],
});
check('ApiVersionsResponse', 0, { apiKeys: [{ apiKey: 1, minVersion: 4, maxVersion: 18 }] });
const partition = { partitionIndex: 1, leaderId: 2, replicaNodes: [2, 3], isrNodes: [2], offlineReplicas: [3] };
const metadata = { clusterId: 'cluster', controllerId: 2, throttleTimeMs: 1, brokers: [{ nodeId: 2, host: 'b2', port: 9092, rack: 'z' }] };
check('MetadataResponse', 12, { ...metadata, topics: [{ name: 'orders', topicId, topicAuthorizedOperations: 8, partitions: [{ ...partition, leaderEpoch: 5 }] }] });
check('MetadataResponse', 5, { ...metadata, topics: [{ name: 'orders', partitions: [partition] }] });
const produce = { transactionalId: 'tx', acks: -1, timeoutMs: 1500, topicData: [{ name: 'orders', partitionData: [{ index: 3, records: Buffer.from([1, 2, 3]) }] }] };
check('ProduceRequest', 9, produce);
check('ProduceRequest', 7, produce);
check('FetchRequest', 17, {
  clusterId: 'cluster', maxWaitMs: 500, minBytes: 1, maxBytes: 1000, isolationLevel: 1, sessionId: 4, sessionEpoch: 2, rackId: 'z', replicaState: { replicaId: 1, replicaEpoch: 6 },
  topics: [{
    topicId,
    partitions: [{
      partition: 1, currentLeaderEpoch: 5, fetchOffset: 2 ** 40, lastFetchedEpoch: 4, logStartOffset: 2, partitionMaxBytes: 99, replicaDirectoryId: topicId,
    }],
  }],
  forgottenTopicsData: [{ topicId, partitions: [7, 8] }],
});
check('FetchResponse', 16, {
  sessionId: 4, throttleTimeMs: 3, nodeEndpoints: [{ nodeId: 3, host: 'b3', port: 9092, rack: null }],
  responses: [{
    topicId,
    partitions: [{
      partitionIndex: 1, errorCode: 6, highWatermark: 10, lastStableOffset: 9, logStartOffset: 2, currentLeader: { leaderId: 3, leaderEpoch: 6 },
      divergingEpoch: { epoch: -1, endOffset: -1 }, abortedTransactions: [{ producerId: 77, firstOffset: 5 }], records: Buffer.from([9, 8]),
    }],
  }],
});
check('JoinGroupResponse', 7, {
  generationId: 4, protocolType: 'consumer', protocolName: 'range', leader: 'm1', memberId: 'm1', members: [{ memberId: 'm1', groupInstanceId: null, metadata: Buffer.from([5]) }],
});
check('OffsetFetchResponse', 8, {
  groups: [{
    groupId: 'g', topics: [{ name: 'orders', partitions: [{ partitionIndex: 2, committedOffset: 44, committedLeaderEpoch: 3, metadata: 'naïve', errorCode: 0 }] }], errorCode: 0,
  }],
});
check('ConsumerGroupHeartbeatRequest', 0, {
  groupId: 'g', memberId: 'm', memberEpoch: 3, rebalanceTimeoutMs: 300_000, subscribedTopicNames: ['orders'], serverAssignor: 'uniform',
  topicPartitions: [{ topicId, partitions: [0, 1] }],
});
check('DescribeTopicPartitionsRequest', 0, { topics: [{ name: 'orders' }], cursor: { topicName: 'orders', partitionIndex: 6 } });

test('every known message of the Java client is looked at, and every API is among the others', () => {
  assert.equal(known.size, 14 - 1);
  const keys = new Set(linesOf('java-rewritten.txt').map(([key]) => Number(key)));
  assert.deepEqual(Object.values(apis).filter(({ key }) => !keys.has(key)).map(({ name }) => name), []);
});

test('what the Java client reads and writes without a change comes back from these codecs too', () => {
  const names = new Map<number, ApiName>(Object.values(apis).map(({ key, name }) => [key, name]));
  for (const [key, direction = '', version, text = ''] of linesOf('java-rewritten.txt')) {
    const name = names.get(Number(key));
    assert.ok(name !== undefined);
    const { read, write } = codecOf(name, direction);
    const bytes = Buffer.from(text, 'base64');
    const reader = new Reader(bytes);
    const message = read(reader, Number(version));
    assert.equal(reader.remaining, 0, `${name} ${direction} ${version}`);
    const writer = new Writer();
    write(writer, message as never, Number(version));
    assert.equal(writer.bytesWritten().toString('hex'), bytes.toString('hex'), `${name} ${direction} ${version}`);
  }
});
