/** How a configuration is described: one row per name, the source of parsing, defaults, DescribeConfigs and the reference. */
export type ConfigType = 'boolean' | 'string' | 'int' | 'short' | 'long' | 'double' | 'list' | 'class' | 'password';

export interface ConfigDefinition {
  readonly name: string;
  readonly type: ConfigType;
  /** As text; null: none. */
  readonly default: string | null;
  readonly least?: number;
  readonly most?: number;
  /** For `string` and the members of a `list`. */
  readonly allowed?: readonly string[];
  /** What else than the `allowed` a `string` may be. */
  readonly pattern?: RegExp;
  readonly documentation: string;
  readonly sensitive?: true;
}

/** DescribeConfigs' numbers of the types. */
export const configTypeNumber: Readonly<Record<ConfigType, number>> = { boolean: 1, string: 2, int: 3, short: 4, long: 5, double: 6, list: 7, class: 8, password: 9 };

const whole: ReadonlySet<ConfigType> = new Set<ConfigType>(['int', 'short', 'long']);
const ranges: Partial<Record<ConfigType, number>> = { int: 2 ** 31 - 1, short: 2 ** 15 - 1, long: Number.MAX_SAFE_INTEGER };

/** What is wrong with a value; undefined when nothing is. */
export function configTrouble(definition: ConfigDefinition, text: string): string | undefined {
  const { name, type, least, most, allowed, pattern } = definition;
  const wrong = (why: string): string => `${name} is '${text.slice(0, 64)}': ${why}`;
  if (type === 'boolean') return text === 'true' || text === 'false' ? undefined : wrong('it must be true or false');
  if (type === 'list') {
    const members = listOf(text);
    const strange = allowed === undefined ? undefined : members.find((member) => !allowed.includes(member));
    return strange === undefined ? undefined : wrong(`'${strange}' is none of ${allowed?.join(', ')}`);
  }
  if (type === 'string') {
    if (allowed === undefined || allowed.includes(text) || pattern?.test(text) === true) return undefined;
    return wrong(`it must be one of ${allowed.join(', ')}${pattern === undefined ? '' : `, or match ${String(pattern)}`}`);
  }
  if (!whole.has(type) && type !== 'double') return undefined;
  const value = numberOf(text);
  if (Number.isNaN(value) || (whole.has(type) && !Number.isInteger(value))) return wrong(whole.has(type) ? 'it must be a whole number' : 'it must be a number');
  if (least !== undefined && value < least) return wrong(`it must be at least ${least}`);
  if (value > (most ?? ranges[type] ?? Infinity)) return wrong(`it must be at most ${most ?? ranges[type]}`);
  return undefined;
}

export const listOf = (text: string): readonly string[] => text.split(',').map((member) => member.trim()).filter((member) => member !== '');

/** Java's greatest long stands for "no limit". */
export function numberOf(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text.trim())) return Number.NaN;
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}
