import type { ConfReader } from '../plan/context.ts';
import { planSettings, resultBytesMax, settings } from '../plan/conf.ts';
import { SparkError } from '../plan/spark-error.ts';

const keysMax = 10_000;
const valueCharactersMax = 1 << 20;

/** Settings that take effect when the application starts; a session cannot change them. */
const fixed = /^spark\.(app|cores|driver|executor|extraListeners|headrace|jars|kubernetes|master|memory|network|rpc|scheduler|shuffle|stage|submit|task)\b|^spark\.sql\.(catalogImplementation|extensions|warehouse\.dir)$/;

/** `spark.*` settings of one session: defaults < the application's (`spec.sparkConf`) < set here. */
export class SessionConf implements ConfReader {
  readonly #application: ReadonlyMap<string, string>;
  readonly #set = new Map<string, string>();

  constructor(application: ReadonlyMap<string, string>) {
    this.#application = application;
  }

  /** What the application or the session set; undefined otherwise (see `getOrDefault`). */
  get(key: string): string | undefined {
    return this.#set.get(key) ?? this.#application.get(key);
  }

  getOrDefault(key: string): string | undefined {
    return this.get(key) ?? settings[key]?.value;
  }

  isModifiable(key: string): boolean {
    return !fixed.test(key);
  }

  /** Throws CANNOT_MODIFY_CONFIG, or the error of a value that the engine cannot take. */
  set(key: string, value: string): void {
    if (!this.isModifiable(key)) {
      throw new SparkError({
        errorClass: 'CANNOT_MODIFY_CONFIG', sqlState: '46110',
        message: `Cannot modify the value of the Spark config: "${key}". Set it in the application's sparkConf.`, parameters: { key: `"${key}"` },
      });
    }
    if (value.length > valueCharactersMax || (this.#set.size >= keysMax && !this.#set.has(key))) {
      throw new SparkError({
        errorClass: 'INVALID_CONF_VALUE.REQUIREMENT', sqlState: '22022',
        message: `The config "${key}" does not fit: a session takes ${keysMax} settings of ${valueCharactersMax} characters.`, parameters: { confName: key },
      });
    }
    checkSettings({ get: (each) => (each === key ? value : this.get(each)) });
    this.#set.set(key, value);
  }

  /** Back to the application's value or the default. */
  unset(key: string): void {
    if (this.isModifiable(key)) this.#set.delete(key);
  }

  /** Everything that was set, by key. */
  all(): ReadonlyMap<string, string> {
    return new Map([...this.#application, ...this.#set]);
  }
}

/** Throws the `SparkError` of the first setting that the engine cannot honour. */
export function checkSettings(conf: ConfReader): void {
  planSettings(conf);
  resultBytesMax(conf);
}
