import type { MessageInitShape } from '@bufbuild/protobuf';
import { settings } from '../plan/conf.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { SessionConf } from '../driver/session-conf.ts';
import { clientSettings } from './client-settings.ts';
import type { ConfigRequest_Operation as Operation, KeyValueSchema } from './generated/spark/connect/base_pb.ts';
import { invalidPlan } from './invalid-plan.ts';

type Pair = MessageInitShape<typeof KeyValueSchema>;

/** Does what a Config request asks and returns the pairs of its answer. */
export function applyConfigRequest(operation: Operation, conf: SessionConf): readonly Pair[] {
  const request = operation.opType;
  switch (request.case) {
    case 'set':
      for (const { key, value } of request.value.pairs) {
        if (value === undefined) throw invalidPlan(`the setting ${key} has no value`);
        setUnlessSilent(conf, key, value, request.value.silent ?? false);
      }
      return [];
    case 'get':
      return request.value.keys.map((key) => {
        const value = valueOf(conf, key);
        if (value === undefined) throw notFound(key);
        return { key, value };
      });
    case 'getWithDefault':
      return request.value.pairs.map(({ key, value }) => pair(key, conf.get(key) ?? value));
    case 'getOption':
      return request.value.keys.map((key) => pair(key, valueOf(conf, key)));
    case 'getAll': {
      const prefix = request.value.prefix ?? '';
      const known = { ...clientSettings, ...Object.fromEntries(Object.entries(settings).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]]))) };
      const all = new Map([...Object.entries(known), ...conf.all()]);
      return [...all].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key: key.slice(prefix.length), value }));
    }
    case 'unset':
      for (const key of request.value.keys) conf.unset(key);
      return [];
    case 'isModifiable':
      return request.value.keys.map((key) => ({ key, value: String(key.startsWith('spark.') && conf.isModifiable(key)) }));
    case undefined:
      throw invalidPlan('a Config request without an operation');
    default:
      return request satisfies never;
  }
}

function valueOf(conf: SessionConf, key: string): string | undefined {
  return conf.getOrDefault(key) ?? clientSettings[key];
}

/** `silent` is what SparkSession.builder sends: settings that cannot be changed are left as they are. */
function setUnlessSilent(conf: SessionConf, key: string, value: string, silent: boolean): void {
  if (silent && !conf.isModifiable(key)) return;
  conf.set(key, value);
}

function pair(key: string, value: string | undefined): Pair {
  return value === undefined ? { key } : { key, value };
}

function notFound(key: string): SparkError {
  return new SparkError({
    errorClass: 'SQL_CONF_NOT_FOUND', sqlState: '42K0I', message: `The SQL config "${key}" cannot be found. Please verify that the config exists.`,
    parameters: { sqlConf: `"${key}"` },
  });
}
