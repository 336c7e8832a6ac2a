/** Kafka's configurations of topics. Each has a broker's configuration that gives the default, where Kafka has one. */
import type { ConfigDefinition } from './definition.ts';

export interface TopicConfigDefinition extends ConfigDefinition {
  /** Broker configurations that give the default, the strongest first, with what one unit means. */
  readonly brokerNames: readonly { readonly name: string; readonly unitMs?: number }[];
}

const row = (
  name: string, type: ConfigDefinition['type'], defaultText: string | null, brokerNames: readonly (string | { readonly name: string; readonly unitMs?: number })[],
  limits: Pick<ConfigDefinition, 'least' | 'most' | 'allowed'>, documentation: string,
): TopicConfigDefinition => ({ name, type, default: defaultText, brokerNames: brokerNames.map((each) => (typeof each === 'string' ? { name: each } : each)), documentation, ...limits });

const forEver = '9223372036854775807';
const hour = 3_600_000;

export const topicConfigs: readonly TopicConfigDefinition[] = [
  row('cleanup.policy', 'list', 'delete', ['log.cleanup.policy'], { allowed: ['delete', 'compact'] }, 'What becomes of old records: delete drops whole segments by age and size, compact keeps the last record of each key.'),
  row('compression.type', 'string', 'producer', ['compression.type'], { allowed: ['producer'] }, 'Batches are kept as producers sent them.'),
  row('delete.retention.ms', 'long', '86400000', ['log.cleaner.delete.retention.ms'], { least: 0 }, 'How long a tombstone stays in a compacted topic.'),
  row('file.delete.delay.ms', 'long', '60000', ['log.segment.delete.delay.ms'], { least: 0 }, 'How long the file of a dropped segment stays.'),
  row('flush.messages', 'long', forEver, ['log.flush.interval.messages'], { least: 1 }, 'After so many records the log is written through to the disk. Replication is what keeps records safe.'),
  row('flush.ms', 'long', forEver, ['log.flush.interval.ms'], { least: 0 }, 'After so long the log is written through to the disk.'),
  row('index.interval.bytes', 'int', '4096', ['log.index.interval.bytes'], { least: 0 }, 'How many bytes of log lie between two entries of the offset index.'),
  row('max.compaction.lag.ms', 'long', forEver, ['log.cleaner.max.compaction.lag.ms'], { least: 1 }, 'A record is compacted after this time at the latest.'),
  row('max.message.bytes', 'int', '1048588', ['message.max.bytes'], { least: 0 }, 'The greatest batch that is taken.'),
  row('message.timestamp.after.max.ms', 'long', '3600000', ['log.message.timestamp.after.max.ms'], { least: 0 }, "How far a record's time may lie after the broker's."),
  row('message.timestamp.before.max.ms', 'long', forEver, ['log.message.timestamp.before.max.ms'], { least: 0 }, "How far a record's time may lie before the broker's."),
  row('message.timestamp.type', 'string', 'CreateTime', ['log.message.timestamp.type'], { allowed: ['CreateTime', 'LogAppendTime'] }, 'Whose clock gives a record its time: the producer\'s or the broker\'s.'),
  row('min.cleanable.dirty.ratio', 'double', '0.5', ['log.cleaner.min.cleanable.ratio'], { least: 0, most: 1 }, 'A log is compacted when more than this share of it has not been.'),
  row('min.compaction.lag.ms', 'long', '0', ['log.cleaner.min.compaction.lag.ms'], { least: 0 }, 'A record is left alone for at least this long.'),
  row('min.insync.replicas', 'int', '1', ['min.insync.replicas'], { least: 1 }, 'With acks=all a record is refused when fewer replicas are in sync.'),
  row('preallocate', 'boolean', 'false', ['log.preallocate'], {}, 'Taken and without effect: files grow as they are written.'),
  row('retention.bytes', 'long', '-1', ['log.retention.bytes'], { least: -1 }, 'How great a partition may be; -1: without limit.'),
  row('retention.ms', 'long', '604800000', ['log.retention.ms', { name: 'log.retention.minutes', unitMs: 60_000 }, { name: 'log.retention.hours', unitMs: hour }], { least: -1 }, 'How long records stay; -1: for ever.'),
  row('segment.bytes', 'int', '1073741824', ['log.segment.bytes'], { least: 1024 }, 'The size at which a new segment begins.'),
  row('segment.jitter.ms', 'long', '0', ['log.roll.jitter.ms'], { least: 0 }, 'Taken and without effect.'),
  row('segment.ms', 'long', '604800000', ['log.roll.ms', { name: 'log.roll.hours', unitMs: hour }], { least: 1 }, 'The age at which a new segment begins.'),
  row('unclean.leader.election.enable', 'boolean', 'false', ['unclean.leader.election.enable'], {}, 'Whether a replica that is not in sync may lead when no other is left: what it lacks is lost.'),
];

export const topicConfigOf: ReadonlyMap<string, TopicConfigDefinition> = new Map(topicConfigs.map((each) => [each.name, each]));
