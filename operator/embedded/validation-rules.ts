/**
 * x-kubernetes-validations: CEL rules of a CRD, compiled once. A rule that does not parse or type-check
 * is an error when the CRD is registered; one that fails to evaluate later refuses the object, as in the API server.
 */
import { Environment } from '@marcbachmann/cel-js';
import { isObject } from './immutable-json.ts';
import type { Json } from './immutable-json.ts';
import { celName, declareQuantity, declareType } from './rule-types.ts';
import type { RuleType } from './rule-types.ts';
import type { FieldFault } from './schema-validation.ts';
import { shown } from './schema-validation.ts';
import { isSchema } from './structural-schema.ts';
import type { Schema, ValidationRule } from './structural-schema.ts';

type Program = (context: Readonly<Record<string, unknown>>) => unknown;

interface CompiledRule {
  readonly rule: ValidationRule;
  /** Refers to oldSelf: only evaluated when there is an old value. */
  readonly transition: boolean;
  readonly evaluate: Program;
  readonly message: Program | undefined;
}

/** The rules at one place of the schema and below it. */
interface RuleNode {
  readonly type: RuleType | undefined;
  readonly schemaType: string;
  readonly rules: readonly CompiledRule[];
  readonly fields: ReadonlyMap<string, RuleNode>;
  readonly values: RuleNode | undefined;
  readonly items: RuleNode | undefined;
  /** How items of an old and a new list are matched; undefined: not at all. */
  readonly keys: readonly string[] | undefined;
}

/** Faults that the rules find in `value`; `old` is undefined when the object is created. */
export interface ValidationRules {
  check(value: Json, old: Json | undefined): readonly FieldFault[];
}

/** Throws `Error` that names the rule and the place when a rule cannot be compiled. */
export function compileRules(schema: Schema): ValidationRules {
  const root = compileNode(schema, 'openAPIV3Schema');
  return { check: (value, old) => (root === undefined ? [] : checkNode(root, value, old, '')) };
}

function compileNode(schema: Schema, path: string): RuleNode | undefined {
  const fields = new Map<string, RuleNode>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const node = compileNode(property, `${path}.properties[${name}]`);
    if (node !== undefined) fields.set(name, node);
  }
  const values = isSchema(schema.additionalProperties) ? compileNode(schema.additionalProperties, `${path}.additionalProperties`) : undefined;
  const items = schema.items === undefined ? undefined : compileNode(schema.items, `${path}.items`);
  const declared = schema['x-kubernetes-validations'] ?? [];
  if (fields.size === 0 && values === undefined && items === undefined && declared.length === 0) return undefined;
  const keys = schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined;
  return { ...compileRulesOf(declared, schema, path), schemaType: schema.type ?? 'object', fields, values, items, keys };
}

function compileRulesOf(declared: readonly ValidationRule[], schema: Schema, path: string): Pick<RuleNode, 'type' | 'rules'> {
  if (declared.length === 0) return { type: undefined, rules: [] };
  const environment = new Environment({ enableOptionalTypes: true });
  declareQuantity(environment);
  const type = declareType(environment, schema, 'Self');
  environment.registerVariable('self', type.name).registerVariable('oldSelf', type.name);
  const rules = declared.map((rule, index): CompiledRule => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if (rule.optionalOldSelf !== undefined) throw new Error(`${at}.optionalOldSelf: Forbidden: the embedded API server does not have it`);
    return {
      rule,
      transition: mentions(rule.rule, 'oldSelf'),
      evaluate: compileExpression(environment, schema, rule.rule, 'bool', `${at}.rule`),
      message: rule.messageExpression === undefined ? undefined
        : compileExpression(environment, schema, rule.messageExpression, 'string', `${at}.messageExpression`),
    };
  });
  return { type, rules };
}

function withoutStrings(expression: string): string {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
}

function mentions(expression: string, variable: string): boolean {
  return new RegExp(String.raw`(?<![\w.])${variable}\b`).test(withoutStrings(expression));
}

function compileExpression(environment: Environment, schema: Schema, expression: string, wanted: string, at: string): Program {
  const refuse = (why: string, cause?: unknown): never => {
    throw new Error(`${at}: Invalid value: ${shown(expression)}: compilation failed: ${why}`, { cause });
  };
  let program;
  try {
    program = environment.parse(expression);
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const checked = program.check();
  if (!checked.valid) return refuse(checked.error?.message ?? 'does not type-check', checked.error);
  if (checked.type !== wanted && checked.type !== 'dyn') return refuse(`must evaluate to ${wanted}, not ${checked.type}`);
  // The library's type checker does not look at the fields within has().
  for (const [, variable, fields = ''] of withoutStrings(expression).matchAll(/\bhas\(\s*(self|oldSelf)((?:\.\w+)+)\s*\)/g)) {
    const missing = firstUnknown(schema, fields.slice(1).split('.'));
    if (missing !== undefined) refuse(`undefined field '${missing}' of ${variable}`);
  }
  return program;
}

function firstUnknown(schema: Schema, fields: readonly string[]): string | undefined {
  let node: Schema | undefined = schema;
  for (const field of fields) {
    // Only objects with known fields can be checked; maps and free-form objects take any name.
    if (node?.properties === undefined) return undefined;
    const entry: readonly [string, Schema] | undefined = Object.entries(node.properties).find(([name]) => celName(name) === field);
    if (entry === undefined) return field;
    node = entry[1];
  }
  return undefined;
}

function checkNode(node: RuleNode, value: Json, old: Json | undefined, path: string): readonly FieldFault[] {
  const faults = node.rules.flatMap((rule) => checkRule(node, rule, value, old, path));
  if (Array.isArray(value)) {
    const { items } = node;
    if (items === undefined) return faults;
    return [...faults, ...value.flatMap((item, index) => checkNode(items, item, oldItem(node, item, old), `${path}[${index}]`))];
  }
  if (!isObject(value)) return faults;
  const below = Object.entries(value).flatMap(([name, field]) => {
    const child = node.fields.get(name) ?? node.values;
    if (child === undefined || field === undefined) return [];
    return checkNode(child, field, isObject(old) ? old[name] : undefined, path === '' ? name : `${path}.${name}`);
  });
  return [...faults, ...below];
}

function oldItem(node: RuleNode, item: Json, old: Json | undefined): Json | undefined {
  const { keys } = node;
  if (keys === undefined || !Array.isArray(old) || !isObject(item)) return undefined;
  return (old as readonly Json[]).find((each) => isObject(each) && keys.every((key) => each[key] === item[key]));
}

function checkRule(node: RuleNode, compiled: CompiledRule, value: Json, old: Json | undefined, path: string): readonly FieldFault[] {
  const { type } = node;
  if (type === undefined || (compiled.transition && old === undefined)) return [];
  const { rule } = compiled;
  const context = { self: type.convert(value), ...(old === undefined ? {} : { oldSelf: type.convert(old) }) };
  const refusal = (text: string): FieldFault => {
    const at = `${path}${rule.fieldPath ?? ''}`.replace(/^\./, '');
    switch (rule.reason) {
      case 'FieldValueForbidden': return `${at}: Forbidden: ${text}`;
      case 'FieldValueRequired': return `${at}: Required value: ${text}`;
      case 'FieldValueDuplicate': return `${at}: Duplicate value: ${shown(node.schemaType)}`;
      default: return `${at === '' ? '<nil>' : at}: Invalid value: ${shown(node.schemaType)}: ${text}`;
    }
  };
  try {
    if (compiled.evaluate(context) === true) return [];
  } catch (error) {
    return [refusal(`rule evaluation error: ${firstLine(error)}: ${rule.rule}`)];
  }
  return [refusal(messageOf(compiled, context))];
}

function messageOf(compiled: CompiledRule, context: Readonly<Record<string, unknown>>): string {
  const { rule, message } = compiled;
  const plain = rule.message ?? `failed rule: ${rule.rule}`;
  if (message === undefined) return plain;
  try {
    const text = message(context);
    return typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text : plain;
  } catch {
    // As the API server does: an expression that fails falls back to the fixed text.
    return plain;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
