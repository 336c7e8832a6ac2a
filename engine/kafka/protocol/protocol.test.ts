import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { KafkaError } from '../kafka-error.ts';
import { zeroUuid } from '../model.ts';
import { kafkaMessages } from './codec-generator.ts';
import { errorCode, errorNameOf, isRetriable } from './error-code.ts';
import { apis } from './generated/apis.ts';
import { readAnswer, readRequest, readRequestHeader, writeAnswer, writeRequest, type ApiName } from './message-header.ts';
import { int64Max, Reader } from './reader.ts';
import { parseTable, type Field, type Message, type Struct, type Table } from './table.ts';
import { Writer } from './writer.ts';

const here = import.meta.dirname;
const tables = readdirSync(join(here, 'tables')).map((name) => parseTable(readFileSync(join(here, 'tables', name), 'utf8'))).filter(({ key }) => key !== undefined);

test('the generated codecs are those that the tables give', () => {
  for (const [name, text] of kafkaMessages()) assert.equal(readFileSync(join(here, 'generated', name), 'utf8'), text, `generated/${name} is stale: make generate`);
  assert.deepEqual(readdirSync(join(here, 'generated')).toSorted(), [...kafkaMessages().keys()].toSorted());
});

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('naïve', '日本', '😀'));
const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const long = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(int64Max, -int64Max, -1, 0, 2 ** 32, -(2 ** 32)));
const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(), int8: fc.integer({ min: -128, max: 127 }), int16: fc.integer({ min: -32768, max: 32767 }), uint16: fc.integer({ min: 0, max: 65535 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }), int64: long, float64: fc.double({ noNaN: true }), string: text, uuid,
  bytes: fc.uint8Array({ maxLength: 3000 }), records: fc.uint8Array({ maxLength: 3000 }),
};

/** A message with the fields that this version has. */
function messageOf(message: Message, table: Table, version: number): fc.Arbitrary<unknown> {
  const within = (versions: Field['versions'] | undefined): boolean => versions !== undefined && version >= versions.from && version <= versions.to;
  const structOf = (struct: Struct): fc.Arbitrary<unknown> => fc.record(Object.fromEntries(struct.fields
    .filter((field) => (field.tag === undefined ? within(field.versions) : within(field.tag.versions) && within(table.flexible)))
    .map((field) => [field.name, valueOf(field)])));
  const valueOf = (field: Field): fc.Arbitrary<unknown> => {
    const single = scalars[field.type] ?? structOf(message.structs.find(({ name }) => name === field.type) as Struct);
    const value = field.isArray ? fc.array(single, { maxLength: 3 }) : single;
    return within(field.nullable) ? fc.option(value) : value;
  };
  return structOf(message.structs[0] as Struct);
}

const plain = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('hex')
  : Array.isArray(value) ? value.map(plain)
    : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)])) : value);

/** What was written is there; fields that the version lacks are there too, with their defaults. */
function assertHolds(actual: unknown, expected: unknown): void {
  if (Array.isArray(expected)) {
    assert.equal((actual as unknown[]).length, expected.length);
    for (const [i, each] of expected.entries()) assertHolds((actual as unknown[])[i], each);
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [name, each] of Object.entries(expected)) assertHolds((actual as Record<string, unknown>)[name], each);
  } else assert.equal(actual, expected);
}

for (const table of tables) {
  test(`${table.name}: requests and answers of every version come back as they were sent`, () => {
    const name = table.name as ApiName;
    for (let version = table.versions.from; version <= table.versions.to; version += 1) {
      fc.assert(fc.property(messageOf(table.messages[0] as Message, table, version), messageOf(table.messages[1] as Message, table, version), (request, answer) => {
        const sent = Buffer.concat(writeRequest(name, { version, correlationId: 7, clientId: 'me' }, request as never));
        const reader = new Reader(sent, 4);
        assert.equal(sent.readInt32BE(0), sent.length - 4);
        assert.deepEqual(readRequestHeader(reader), { apiKey: table.key, version, correlationId: 7, clientId: 'me' });
        assertHolds(plain(readRequest(name, version, reader)), plain(request));
        assert.equal(reader.remaining, 0);
        const answered = new Reader(Buffer.concat(writeAnswer(name, version, 9, answer as never)), 4);
        assert.equal(answered.int32(), 9);
        assertHolds(plain(readAnswer(name, version, answered)), plain(answer));
        assert.equal(answered.remaining, 0);
      }), { numRuns: 12 });
    }
  });
}

test('what is cut off or garbage is refused with an error of the protocol, never with another one', () => {
  const refuses = (bytes: Uint8Array, name: ApiName, version: number): void => {
    try {
      readRequest(name, version, new Reader(bytes));
    } catch (error) {
      assert.ok(error instanceof KafkaError, String(error));
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...Object.values(apis)), fc.nat(20), (bytes, api, version) => refuses(bytes, api.name, Math.min(api.to, api.from + version))), { numRuns: 3000 });
  const whole = Buffer.concat(writeRequest('Fetch', { version: 12, correlationId: 1, clientId: '' }, { topics: [{ topic: 'a', partitions: [{ partition: 1 }] }] }));
  for (let end = 15; end < whole.length; end += 1) assert.throws(() => readRequest('Fetch', 12, new Reader(whole.subarray(15, end))), KafkaError);
});

test('a value that a version has no place for is refused, unless it may be dropped', () => {
  assert.throws(() => writeRequest('Produce', { version: 13, correlationId: 1, clientId: null }, { topicData: [{ partitionData: [{ records: null }] }], transactionalId: 't' }).length && writeRequest('JoinGroup', { version: 4, correlationId: 1, clientId: null }, { groupInstanceId: 'static' }), { code: 'UNSUPPORTED_VERSION' });
  assert.ok(writeRequest('Produce', { version: 9, correlationId: 1, clientId: null }, { topicData: [{ name: 'a', topicId: zeroUuid.replace('A', 'B') }] }).length > 0);
});

test('a tagged field that a version lacks is refused too, unless it has its default', () => {
  const asking = (replicaEpoch: number): unknown => writeRequest('Fetch', { version: 12, correlationId: 1, clientId: null }, { replicaState: { replicaEpoch } });
  assert.throws(() => asking(3), { code: 'UNSUPPORTED_VERSION' });
  assert.ok(asking(-1));
});

test('a frame that would become far larger in memory is refused', () => {
  const elements = 3_000_000;
  const writer = new Writer(elements * 3 + 100);
  writer.varint(elements + 1);
  for (let i = 0; i < elements; i += 1) for (const byte of [1, 1, 0]) writer.varint(byte);
  assert.throws(() => readRequest('Produce', 9, new Reader(Buffer.concat([Buffer.from('00ffff00000000', 'hex'), writer.bytesWritten()]))), { code: 'INVALID_REQUEST' });
});

test('null is read and written only in the versions that have it', () => {
  const asking = (version: number): Uint8Array => Buffer.concat(writeRequest('Metadata', { version, correlationId: 1, clientId: null }, { topics: null }));
  assert.equal(readRequest('Metadata', 1, new Reader(asking(1), 14)).topics, null);
  assert.throws(() => asking(0), { code: 'UNSUPPORTED_VERSION' });
  assert.throws(() => readRequest('Metadata', 0, new Reader(Buffer.from('ffffffff', 'hex'))), { code: 'INVALID_REQUEST' });
  assert.throws(() => writeAnswer('Metadata', 11, 1, { topics: [{ name: null }] }), { code: 'UNSUPPORTED_VERSION' });
  assert.ok(writeAnswer('Metadata', 12, 1, { topics: [{ name: null }] }).length > 0);
});

test('numbers that 64 bits of ours cannot hold are not written', () => {
  assert.throws(() => new Writer().int64(2 ** 60));
  assert.throws(() => new Writer().int64(Number.NaN));
  assert.throws(() => new Writer().uuid(`${zeroUuid}A`));
});

test('numbers of variable length and 64 bits have the bytes that the guide gives them', () => {
  const bytesOf = (write: (writer: Writer) => void): string => {
    const writer = new Writer();
    write(writer);
    return writer.bytesWritten().toString('hex');
  };
  assert.equal(bytesOf((writer) => writer.varint(300)), 'ac02');
  assert.equal(bytesOf((writer) => writer.int64(-2)), 'fffffffffffffffe');
  assert.equal(bytesOf((writer) => writer.int64(2 ** 40)), '0000010000000000');
  assert.equal(bytesOf((writer) => writer.nullableString(null, true)), '00');
  assert.equal(bytesOf((writer) => writer.string('ab', false)), '00026162');
  assert.throws(() => new Reader(Buffer.from('7fffffff00000000', 'hex')).int64(), KafkaError);
});

test('error codes have names and numbers both ways', () => {
  assert.equal(errorCode.NOT_LEADER_OR_FOLLOWER, 6);
  assert.equal(errorNameOf(87), 'INVALID_RECORD');
  assert.equal(errorNameOf(9999), 'UNKNOWN_SERVER_ERROR');
  assert.ok(isRetriable('NOT_LEADER_OR_FOLLOWER') && !isRetriable('TOPIC_AUTHORIZATION_FAILED'));
});
