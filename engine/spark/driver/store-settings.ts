import type { ApplicationFile } from '../../contract.ts';
import type { StoreSettings } from '../../storage/stores.ts';
import { ConfigurationError } from './driver-config.ts';

const userKey = 'spark.hadoop.HADOOP_USER_NAME';
/** As Apache Spark's own image runs. */
const userDefault = 'spark';

/** Who asks HDFS: the setting, else the driver's variable HADOOP_USER_NAME, else `spark`. Throws `ConfigurationError`. */
export function storeSettings({ namespace, sparkConf }: ApplicationFile, env: Readonly<Record<string, string | undefined>>): StoreSettings {
  const user = sparkConf[userKey] ?? env['HADOOP_USER_NAME'] ?? userDefault;
  if (!/^[A-Za-z_][A-Za-z0-9._-]{0,63}$/.test(user)) throw new ConfigurationError(`${userKey} is '${user}', not the name of a user`);
  return { namespace, user };
}
