/**
 * Kafka's configurations of groups, and those of brokers that give their defaults and bound them. A group may set what lies outside of a broker's bounds:
 * the bound holds then, so that narrower bounds of a new broker's file hold for old groups too.
 */
import type { ConfigDefinition } from './definition.ts';

export interface GroupConfigDefinition extends ConfigDefinition {
  /** Broker configuration that gives the default. Undefined: there is none. */
  readonly brokerName: string | undefined;
  /** Broker configurations between whose values it holds. */
  readonly bounds: { readonly least: string; readonly most: string } | undefined;
}

interface BoundedRow {
  /** Of the group's configuration, without the kind of group before it. */
  readonly name: string;
  readonly default: number;
  readonly least: number;
  readonly most?: number;
  /** Defaults of the broker's bounds. */
  readonly bounds: readonly [least: number, most: number];
  readonly documentation: string;
}

const intervals: readonly BoundedRow[] = [
  { name: 'assignment.interval.ms', default: 1000, least: 0, bounds: [0, 15_000], documentation: 'How long after one assignment the next one may be made.' },
  { name: 'heartbeat.interval.ms', default: 5000, least: 1, bounds: [5000, 15_000], documentation: 'How often a member tells that it is there.' },
  { name: 'session.timeout.ms', default: 45_000, least: 1, bounds: [45_000, 60_000], documentation: 'A member that is silent for so long is taken out of the group.' },
];

const shareLimits: readonly BoundedRow[] = [
  { name: 'delivery.count.limit', default: 5, least: 2, most: 10, bounds: [2, 10], documentation: 'How many times a record is given out before it is given up.' },
  { name: 'partition.max.record.locks', default: 2000, least: 100, most: 10_000, bounds: [100, 4000], documentation: 'How many records of one partition may be given out at a time.' },
  {
    name: 'record.lock.duration.ms', default: 30_000, least: 1000, most: 3_600_000, bounds: [15_000, 60_000],
    documentation: 'How long a member has for a record before it is given to another.',
  },
];

const bounded = [
  ...intervals.map((row) => ({ ...row, kind: 'consumer' })),
  ...[...intervals, ...shareLimits].map((row) => ({ ...row, kind: 'share' })),
];

const unbounded: readonly GroupConfigDefinition[] = [
  {
    name: 'share.auto.offset.reset', type: 'string', default: 'latest', allowed: ['latest', 'earliest'], pattern: /^by_duration:P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
    documentation: 'Where a group without a position begins: latest, earliest, or by_duration: with a span of ISO 8601 that it goes back (by_duration:PT1H).',
    brokerName: undefined, bounds: undefined,
  },
  {
    name: 'share.isolation.level', type: 'string', default: 'read_uncommitted', allowed: ['read_committed', 'read_uncommitted'],
    documentation: 'Whether records of transactions are given out before they are committed.', brokerName: undefined, bounds: undefined,
  },
  {
    name: 'share.renew.acknowledge.enable', type: 'boolean', default: 'true', documentation: 'Whether a member may ask for more time for a record.',
    brokerName: undefined, bounds: undefined,
  },
];

export const groupConfigs: readonly GroupConfigDefinition[] = [
  ...bounded.map(({ kind, name, least, default: value, documentation }): GroupConfigDefinition => ({
    name: `${kind}.${name}`, type: 'int', default: String(value), least, documentation,
    brokerName: `group.${kind}.${name}`, bounds: { least: `group.${kind}.min.${name}`, most: `group.${kind}.max.${name}` },
  })),
  ...unbounded,
];

export const groupConfigOf: ReadonlyMap<string, GroupConfigDefinition> = new Map(groupConfigs.map((each) => [each.name, each]));

/** What a broker's file says of groups. */
export const brokerConfigsOfGroups: readonly ConfigDefinition[] = bounded.flatMap(({ kind, name, default: value, least, most, bounds, documentation }) => {
  const limits = { least, ...(most === undefined ? {} : { most }) };
  return [
    { name: `group.${kind}.${name}`, type: 'int', default: String(value), ...limits, documentation: `Default of ${kind} groups. ${documentation}` },
    { name: `group.${kind}.min.${name}`, type: 'int', default: String(bounds[0]), least, documentation: `The smallest value that a ${kind} group gets. ${documentation}` },
    { name: `group.${kind}.max.${name}`, type: 'int', default: String(bounds[1]), least, documentation: `The greatest value that a ${kind} group gets. ${documentation}` },
  ] as const;
});
