import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { ConfigResource, MetadataImage } from '../controller/metadata-image.ts';
import { brokerConfigs } from './broker-config.ts';
import { configChangeTrouble, Configuration, ConfigurationTrouble } from './configuration.ts';
import { configTrouble } from './definition.ts';
import { groupConfigs } from './group-config.ts';
import { topicConfigs } from './topic-config.ts';

function imageWith(configs: Partial<Record<ConfigResource, Readonly<Record<string, string>>>>): MetadataImage {
  return {
    index: 0, brokers: new Map(), topics: new Map(), topicNames: new Map(), scram: new Map(), nextProducerId: 0,
    configs: new Map(Object.entries(configs).map(([resource, values]) => [resource as ConfigResource, new Map(Object.entries(values ?? {}))])),
  };
}

test('every default satisfies its own definition, and every name stands once', () => {
  for (const rows of [topicConfigs, brokerConfigs, groupConfigs]) {
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
    for (const row of rows) if (row.default !== null) assert.equal(configTrouble(row, row.default), undefined);
  }
});

test('a topic\'s own value is stronger than that of this broker, of all brokers, of the file, and the default', () => {
  const configuration = new Configuration(1, { 'log.retention.hours': '2', 'min.insync.replicas': '2' });
  const retention = (configs: Parameters<typeof imageWith>[0]): unknown => {
    const { value, source } = configuration.topicValue(imageWith(configs), 't', 'retention.ms') ?? {};
    return [value, source];
  };
  assert.deepEqual(retention({}), ['7200000', 'file']);
  assert.deepEqual(retention({ 'broker:': { 'log.retention.ms': '5' } }), ['5', 'allBrokers']);
  assert.deepEqual(retention({ 'broker:': { 'log.retention.ms': '5' }, 'broker:1': { 'log.retention.ms': '4' }, 'broker:2': { 'log.retention.ms': '3' } }), ['4', 'broker']);
  assert.deepEqual(retention({ 'broker:1': { 'log.retention.ms': '4' }, 'topic:t': { 'retention.ms': '-1' } }), ['-1', 'topic']);
  assert.equal(configuration.topic(imageWith({}), 't').minInSync, 2);
  assert.deepEqual(configuration.topic(imageWith({ 'topic:t': { 'cleanup.policy': 'compact, delete' } }), 't').log.cleanupPolicy, ['compact', 'delete']);
});

test('no limit is no limit in hours too', () => {
  const configuration = new Configuration(1, { 'log.retention.hours': '-1' });
  assert.equal(configuration.topic(imageWith({}), 't').log.retentionMs, -1);
  assert.throws(() => new Configuration(1, { 'log.retention.hours': '-2' }), /at least -1/);
  assert.throws(() => new Configuration(1, { 'log.roll.hours': '0' }), /at least 1/);
});

test('a group has what it set, within the bounds of the broker, else the default of brokers', () => {
  const configuration = new Configuration(1, { 'group.consumer.session.timeout.ms': '50000', 'group.consumer.max.session.timeout.ms': '55000' });
  const set = (value: string): MetadataImage => imageWith({ 'group:g': { 'consumer.session.timeout.ms': value } });
  const { value, source, synonyms } = configuration.groupValue(set('59000'), 'g', 'consumer.session.timeout.ms') ?? {};
  assert.deepEqual([value, source], ['59000', 'group']);
  assert.deepEqual(synonyms?.map(({ name, source: from }) => [name, from]), [
    ['consumer.session.timeout.ms', 'group'], ['group.consumer.session.timeout.ms', 'file'], ['consumer.session.timeout.ms', 'default'],
  ]);
  const held = (image: MetadataImage): number => configuration.groupNumber(image, 'g', 'consumer.session.timeout.ms');
  assert.deepEqual([imageWith({}), set('59000'), set('54000'), set('1')].map(held), [50_000, 55_000, 54_000, 45_000]);
  assert.equal(configuration.groupValue(imageWith({}), 'g', 'share.isolation.level')?.value, 'read_uncommitted');
  assert.equal(configuration.groupValue(imageWith({}), 'g', 'segment.bytes'), undefined);
});

test('settings of a topic are those of the newest image', () => {
  const configuration = new Configuration(1, {});
  assert.equal(configuration.topic(imageWith({ 'topic:t': { 'segment.bytes': '4096' } }), 't').log.segmentBytes, 4096);
  assert.equal(configuration.topic(imageWith({ 'topic:t': { 'segment.bytes': '8192' } }), 't').log.segmentBytes, 8192);
});

for (const [resource, name, value, trouble] of [
  ['topic:t', 'retention.ms', '-1', undefined],
  ['topic:t', 'retention.ms', 'x', /retention\.ms is 'x': it must be a whole number/],
  ['topic:t', 'retention.ms', '-2', /at least -1/],
  ['topic:t', 'min.cleanable.dirty.ratio', '1.5', /at most 1/],
  ['topic:t', 'cleanup.policy', 'compact,shred', /'shred' is none of delete, compact/],
  ['topic:t', 'compression.type', 'lz4', /must be one of producer/],
  ['topic:t', 'retention.hours', '1', /no configuration 'retention\.hours' of topics/],
  ['topic:t', 'segment.bytes', '99999999999', /at most 2147483647/],
  ['broker:', 'log.retention.ms', '1000', undefined],
  ['broker:', 'num.partitions', '3', /read when a broker starts/],
  ['group:g', 'consumer.heartbeat.interval.ms', '6000', undefined],
  ['group:g', 'consumer.heartbeat.interval.ms', '0', /at least 1/],
  ['group:g', 'share.auto.offset.reset', 'earliest', undefined],
  ['group:g', 'share.auto.offset.reset', 'by_duration:PT1H', undefined],
  ['group:g', 'share.auto.offset.reset', 'by_duration:P', /must be one of latest, earliest/],
  ['group:g', 'log.retention.ms', '1000', /no configuration 'log\.retention\.ms' of groups/],
] as const) {
  test(`${resource} ${name}=${value} is ${trouble === undefined ? 'taken' : 'refused'}`, () => {
    const found = configChangeTrouble(resource, name, value);
    if (trouble === undefined) assert.equal(found, undefined);
    else assert.match(found ?? '', trouble);
  });
}

test('a broker\'s file with an unknown name or a bad value is refused by name', () => {
  assert.throws(() => new Configuration(0, { 'zookeeper.connect': 'x' }), (error) => error instanceof ConfigurationTrouble && error.message.includes("'zookeeper.connect'"));
  assert.throws(() => new Configuration(0, { 'num.partitions': '0' }), /num\.partitions is '0': it must be at least 1/);
});
