/** Short forms in which the rows of the function table are written. */
import { commonTypeOf, castTo, typeOf } from '../coercion.ts';
import { nullable } from '../resolved.ts';
import type { DataType } from '../types.ts';
import { sqlTypeName } from '../types.ts';
import type { Accept, AggregateRow, Arguments, ScalarRow } from './row.ts';
import { Mismatch } from './row.ts';

interface ScalarOptions {
  readonly aliases?: readonly string[];
  readonly optional?: number;
  readonly variadic?: boolean;
  /** Default: NULL when an argument is. */
  readonly nullable?: 'always' | 'never' | ((args: Arguments) => boolean);
  readonly coerce?: (args: Arguments) => Arguments;
  /** Name shown in upper case, as Spark does for some mathematics. */
  readonly upper?: boolean;
  /** Texts shown for arguments left out, for the last parameters. */
  readonly defaults?: readonly string[];
  readonly show?: (args: readonly string[], name: string) => string;
}

export const anyNullable = (args: Arguments): boolean => args.some(nullable);

function nullability(option: ScalarOptions['nullable']): (args: Arguments) => boolean {
  if (option === 'always') return () => true;
  if (option === 'never') return () => false;
  return option ?? anyNullable;
}

function shower(options: ScalarOptions, takes: readonly Accept[]): ScalarRow['show'] {
  if (options.show !== undefined) return options.show;
  const defaults = options.defaults ?? [];
  return (args, name) => {
    const missing = defaults.slice(Math.max(0, defaults.length - Math.max(0, takes.length - args.length)));
    return `${options.upper === true ? name.toUpperCase() : name}(${[...args, ...missing].join(', ')})`;
  };
}

export function scalar(
  name: string, takes: readonly Accept[], result: DataType | ((args: Arguments) => DataType), about: string,
  render: ScalarRow['render'], options: ScalarOptions = {},
): ScalarRow {
  const show = shower(options, takes);
  return {
    kind: 'scalar', names: [name, ...(options.aliases ?? [])], about, takes, optional: options.optional ?? 0, variadic: options.variadic ?? false,
    result: typeof result === 'function' ? result : () => result, nullable: nullability(options.nullable), render,
    ...(options.coerce === undefined ? {} : { coerce: options.coerce }), ...(show === undefined ? {} : { show }),
  };
}

interface AggregateOptions {
  readonly aliases?: readonly string[];
  readonly optional?: number;
  readonly variadic?: boolean;
  readonly nullable?: boolean;
  readonly coerce?: (args: Arguments) => Arguments;
  readonly ignoresDuplicates?: boolean;
  readonly show?: (args: readonly string[], name: string) => string;
}

export function aggregate(
  name: string, takes: readonly Accept[], result: DataType | ((args: Arguments) => DataType), about: string,
  steps: Pick<AggregateRow, 'buffers' | 'finish'>, options: AggregateOptions = {},
): AggregateRow {
  return {
    kind: 'aggregate', names: [name, ...(options.aliases ?? [])], about, takes, optional: options.optional ?? 0, variadic: options.variadic ?? false,
    result: typeof result === 'function' ? result : () => result, nullable: () => options.nullable ?? true, ...steps,
    ...(options.coerce === undefined ? {} : { coerce: options.coerce }),
    ...(options.ignoresDuplicates === undefined ? {} : { ignoresDuplicates: options.ignoresDuplicates }),
    ...(options.show === undefined ? {} : { show: options.show }),
  };
}

/** All arguments (from `start`) as their common type. */
export function toCommonType(args: Arguments, start = 0): Arguments {
  const types = args.slice(start).map(typeOf);
  const common = commonTypeOf(types);
  if (common === undefined) {
    throw new Mismatch('DATA_DIFF_TYPES', `Input to the function should all be the same type, but it's [${types.map((type) => `"${sqlTypeName(type)}"`).join(', ')}].`);
  }
  return args.map((arg, i) => (i < start ? arg : castTo(arg, common)));
}

export const typeAt = (index: number) => (args: Arguments): DataType => {
  const arg = args[index];
  return arg === undefined ? { kind: 'null' } : typeOf(arg);
};

/** The text of a string literal; undefined for anything else. */
export function literalText(arg: Arguments[number] | undefined): string | undefined {
  return arg?.kind === 'literal' && typeof arg.value === 'string' && arg.type.kind === 'string' ? arg.value : undefined;
}

/** The value of a whole-number literal, with its sign; undefined for anything else. */
export function literalNumber(arg: Arguments[number] | undefined): number | undefined {
  if (arg?.kind === 'cast') return literalNumber(arg.child);
  if (arg?.kind === 'call' && arg.name === 'negative') {
    const inner = literalNumber(arg.arguments[0]);
    return inner === undefined ? undefined : -inner;
  }
  return arg?.kind === 'literal' && (typeof arg.value === 'number' || typeof arg.value === 'bigint') ? Number(arg.value) : undefined;
}
