/** Kafka's configurations of brokers, as far as they mean something here. All are read at start; those of topics' defaults can be changed while brokers run. */
import type { ConfigDefinition } from './definition.ts';
import { brokerConfigsOfGroups } from './group-config.ts';
import { topicConfigs } from './topic-config.ts';

export interface BrokerConfigDefinition extends ConfigDefinition {
  /** By AlterConfigs, for one broker or for all. */
  readonly dynamic: boolean;
}

const row = (name: string, type: ConfigDefinition['type'], defaultText: string | null, limits: Pick<ConfigDefinition, 'least' | 'most' | 'allowed'>, documentation: string): BrokerConfigDefinition =>
  ({ name, type, default: defaultText, documentation, dynamic: false, ...limits });

const own: readonly BrokerConfigDefinition[] = [
  row('auto.create.topics.enable', 'boolean', 'true', {}, 'Whether a topic comes to be when a client asks for it.'),
  row('auto.leader.rebalance.enable', 'boolean', 'true', {}, 'Whether the first replica leads again when it is back.'),
  row('broker.heartbeat.interval.ms', 'int', '2000', { least: 100 }, 'How often a broker tells the controller that it is there.'),
  row('broker.session.timeout.ms', 'int', '9000', { least: 1000 }, 'A broker that is silent for so long leads no more.'),
  row('connections.max.idle.ms', 'long', '600000', { least: 1000 }, 'A connection on which nothing happens for so long is ended.'),
  row('default.replication.factor', 'int', '1', { least: 1, most: 32 }, 'Replicas of topics whose creator says nothing else.'),
  row('delete.topic.enable', 'boolean', 'true', { allowed: ['true'] }, 'Topics can be deleted.'),
  row('fetch.max.bytes', 'int', '57671680', { least: 1024 }, 'The greatest answer to a fetch.'),
  row('group.initial.rebalance.delay.ms', 'int', '3000', { least: 0 }, 'How long a new group waits for more members.'),
  row('group.max.session.timeout.ms', 'int', '1800000', { least: 1 }, 'The greatest session time-out that a member may ask for.'),
  row('group.max.size', 'int', '2147483647', { least: 1 }, 'How many members a group may have.'),
  row('group.min.session.timeout.ms', 'int', '6000', { least: 1 }, 'The smallest session time-out that a member may ask for.'),
  row('leader.imbalance.check.interval.seconds', 'long', '300', { least: 1 }, 'How often the controller looks whether first replicas lead.'),
  row('log.retention.check.interval.ms', 'long', '300000', { least: 1 }, 'How often logs are looked at for what is too old.'),
  row('max.connections', 'int', '2147483647', { least: 0 }, 'How many connections a broker takes.'),
  row('num.partitions', 'int', '1', { least: 1, most: 10_000 }, 'Partitions of topics whose creator says nothing else.'),
  row('offsets.retention.minutes', 'int', '10080', { least: 1 }, 'How long committed offsets stay when their group is empty.'),
  row('offsets.topic.num.partitions', 'int', '50', { least: 1, most: 1000 }, 'Partitions of the topic that holds committed offsets. Cannot change once it is there.'),
  row('offsets.topic.replication.factor', 'short', '3', { least: 1 }, 'Replicas of the topic that holds committed offsets; fewer where there are fewer brokers.'),
  row('producer.id.expiration.ms', 'int', '86400000', { least: 1 }, 'A producer that is silent for so long is forgotten.'),
  row('replica.fetch.max.bytes', 'int', '1048576', { least: 1024 }, 'How much of one partition a follower asks for at a time.'),
  row('replica.fetch.response.max.bytes', 'int', '10485760', { least: 1024, most: 33_554_432 }, 'How much a follower asks for at a time.'),
  row('replica.fetch.wait.max.ms', 'int', '500', { least: 1 }, 'How long a follower waits for news.'),
  row('replica.lag.time.max.ms', 'long', '30000', { least: 1000 }, 'A follower that has not caught up for so long is not in sync.'),
  row('socket.request.max.bytes', 'int', '104857600', { least: 1024 }, 'The greatest request that is taken.'),
  row('transaction.max.timeout.ms', 'int', '900000', { least: 1 }, 'The greatest time-out that a transaction may ask for.'),
  row('transaction.state.log.num.partitions', 'int', '50', { least: 1, most: 1000 }, 'Partitions of the topic that holds transactions. Cannot change once it is there.'),
  row('transaction.state.log.replication.factor', 'short', '3', { least: 1 }, 'Replicas of the topic that holds transactions; fewer where there are fewer brokers.'),
  row('transactional.id.expiration.ms', 'int', '604800000', { least: 1 }, 'A transactional id that is not used for so long is forgotten.'),
];

const topicDefaults = topicConfigs.flatMap(({ brokerNames, type, default: text, documentation, least, most, allowed }) => brokerNames.map(({ name, unitMs }, i): BrokerConfigDefinition => ({
  // Hours and minutes are few: Kafka has them as int.
  name, type: unitMs === undefined ? type : 'int', documentation: `Default of topics. ${documentation}`, dynamic: unitMs === undefined,
  // Of several that say the same only the last has the default, as in Kafka.
  default: brokerNames.length === 1 ? text : i === brokerNames.length - 1 && text !== null && unitMs !== undefined ? String(Number(text) / unitMs) : null,
  ...(least === undefined ? {} : { least: unitMs === undefined ? least : Math.sign(least) }), ...(most === undefined ? {} : { most }), ...(allowed === undefined ? {} : { allowed }),
})));

export const brokerConfigs: readonly BrokerConfigDefinition[] = [...own, ...brokerConfigsOfGroups.map((each) => ({ ...each, dynamic: false })), ...topicDefaults].toSorted((a, b) => (a.name < b.name ? -1 : 1));

export const brokerConfigOf: ReadonlyMap<string, BrokerConfigDefinition> = new Map(brokerConfigs.map((each) => [each.name, each]));
