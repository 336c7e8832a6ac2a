/** The `spark.*` settings that the engine knows, with Spark's defaults. A pure reader over what was set. */
import type { ConfReader } from './context.ts';
import { SparkError } from './spark-error.ts';

/** name → [default, what it does]. Undefined: not set by default. */
export const settings: Readonly<Record<string, { readonly value: string | undefined; readonly about: string }>> = {
  'spark.sql.shuffle.partitions': { value: undefined, about: 'Partitions of a shuffle. Not set: chosen from slots and size.' },
  'spark.sql.autoBroadcastJoinThreshold': { value: '10485760', about: 'Largest estimated side that a join broadcasts; -1 never.' },
  'spark.sql.files.maxPartitionBytes': { value: '134217728', about: 'Most bytes of files that one task reads.' },
  'spark.sql.ansi.enabled': { value: 'true', about: 'Errors instead of NULL and wrap-around. Only true is supported.' },
  'spark.sql.caseSensitive': { value: 'false', about: 'Whether names differ by case. Only false is supported.' },
  'spark.sql.session.timeZone': { value: 'UTC', about: 'Zone in which timestamps are read and shown.' },
  'spark.sql.timestampType': { value: 'TIMESTAMP_LTZ', about: 'What TIMESTAMP means. Only TIMESTAMP_LTZ is supported.' },
  'spark.driver.maxResultSize': { value: '1g', about: 'Most bytes of result that the driver takes; 0 is no limit.' },
  'spark.sql.sources.default': { value: 'parquet', about: 'Format of reads and writes that name none.' },
};

/** `10`, `10b`, `10k`, `10m`, `1g`, `1t` (and `kb`, `mb` …), in bytes. */
export function parseBytes(key: string, text: string): number {
  const match = /^\s*(-?\d+)\s*([bkmgtp]?)b?\s*$/i.exec(text);
  if (match === null) throw invalid(key, text, 'a size such as 10485760, 10m or 1g');
  const power = 'bkmgtp'.indexOf((match[2] ?? '').toLowerCase() || 'b');
  return Number(match[1]) * 1024 ** power;
}

function invalid(key: string, value: string, requirement: string): SparkError {
  return new SparkError({
    errorClass: 'INVALID_CONF_VALUE.REQUIREMENT', sqlState: '22022',
    message: `The value '${value}' in the config "${key}" is invalid. It must be ${requirement}.`,
    parameters: { confName: key, confValue: value, confRequirement: requirement },
  });
}

export interface PlanSettings {
  /** Undefined: the planner chooses. */
  readonly shufflePartitions: number | undefined;
  /** Negative: never. */
  readonly broadcastBytesMax: number;
  readonly partitionBytesMax: number;
  readonly timeZone: string;
}

export const get = (conf: ConfReader, key: string): string | undefined => conf.get(key) ?? settings[key]?.value;

/** Reads and checks everything planning uses. Throws INVALID_CONF_VALUE or UNSUPPORTED_FEATURE. */
export function planSettings(conf: ConfReader): PlanSettings {
  const text = (key: string): string => get(conf, key) ?? '';
  only(conf, 'spark.sql.ansi.enabled', 'true');
  only(conf, 'spark.sql.caseSensitive', 'false');
  only(conf, 'spark.sql.timestampType', 'TIMESTAMP_LTZ');
  return {
    shufflePartitions: positive(conf, 'spark.sql.shuffle.partitions'),
    broadcastBytesMax: parseBytes('spark.sql.autoBroadcastJoinThreshold', text('spark.sql.autoBroadcastJoinThreshold')),
    partitionBytesMax: Math.max(1, parseBytes('spark.sql.files.maxPartitionBytes', text('spark.sql.files.maxPartitionBytes'))),
    timeZone: timeZone(text('spark.sql.session.timeZone')),
  };
}

function positive(conf: ConfReader, key: string): number | undefined {
  const text = get(conf, key);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!/^\s*\d+\s*$/.test(text) || count < 1 || count > 10_000) throw invalid(key, text, 'a whole number from 1 to 10000');
  return count;
}

function only(conf: ConfReader, key: string, value: string): void {
  const set = get(conf, key) ?? value;
  if (set.toLowerCase() === value.toLowerCase()) return;
  throw new SparkError({
    errorClass: 'UNSUPPORTED_FEATURE.CONF_VALUE', sqlState: '0A000',
    message: `${key}=${set} is not supported: only ${value} is. Unset it.`, parameters: { confName: key, confValue: set },
  });
}

/** Region names and offsets; the kernel's name for it. Offsets become `Etc/GMT…` when whole hours. */
function timeZone(zone: string): string {
  const offset = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?00)?$/.exec(zone);
  if (offset !== null) {
    const hours = Number(offset[2]);
    return hours === 0 ? 'UTC' : `Etc/GMT${offset[1] === '+' ? '-' : '+'}${hours}`;
  }
  try {
    return zone === 'Z' ? 'UTC' : new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone && zone;
  } catch (cause) {
    throw new SparkError({
      errorClass: 'INVALID_CONF_VALUE.TIME_ZONE', sqlState: '22022', cause,
      message: `The value '${zone}' in the config "spark.sql.session.timeZone" is invalid. Cannot resolve the given timezone.`,
    });
  }
}

/** `spark.driver.maxResultSize` in bytes; 0 means no limit. */
export function resultBytesMax(conf: ConfReader): number {
  return parseBytes('spark.driver.maxResultSize', get(conf, 'spark.driver.maxResultSize') ?? '1g');
}
