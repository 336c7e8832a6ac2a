/** Custom resources: what registration refuses, and the words in which objects are refused. */
import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { KubeError } from '../kube/client.ts';
import { customResource } from './custom-resource.ts';
import { immutable } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import type { Resource } from './resource.ts';
import type { Schema } from './structural-schema.ts';

function definition(spec: Schema, version: object = {}): JsonObject {
  return immutable({
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'things.test.dev' },
    spec: {
      group: 'test.dev', scope: 'Namespaced', names: { kind: 'Thing', plural: 'things' },
      versions: [{
        name: 'v1', served: true, storage: true, subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } }, ...version,
      }],
    },
  }) as JsonObject;
}

const thing = (spec: Json): JsonObject => ({ apiVersion: 'test.dev/v1', kind: 'Thing', metadata: { name: 'x' }, spec });
const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };

function registered(schema: Schema): Resource {
  return customResource(definition(schema));
}

function faults(schema: Schema, value: Json, old?: Json): readonly string[] {
  const resource = registered(schema);
  return resource.validate(resource.prepare(thing(value)), old === undefined ? undefined : resource.prepare(thing(old)));
}

/** One schema and value, and every fault that it has. */
function check(name: string, schema: Schema, value: Json, expected: readonly string[], old?: Json): void {
  test(name, () => assert.deepEqual(faults(schema, value, old), expected));
}

const withRule = (schema: Schema, rule: string, more: object = {}): Schema => ({ ...schema, 'x-kubernetes-validations': [{ rule, ...more }] });
const range = { type: 'object', properties: { min: integer, max: integer } } as const;

check('a wrong type', text, 5, ['spec: Invalid value: "integer": spec in body must be of type string: "integer"']);
check('below the minimum', { ...integer, minimum: 1 }, 0, ['spec: Invalid value: 0: spec in body should be greater than or equal to 1']);
check('at an exclusive maximum', { ...integer, maximum: 3, exclusiveMaximum: true }, 3, ['spec: Invalid value: 3: spec in body should be less than 3']);
check('none of the choices', { ...text, enum: ['a', 'b'] }, 'c', ['spec: Unsupported value: "c": supported values: "a", "b"']);
check('no match', { ...text, pattern: '^a+$' }, 'b', ["spec: Invalid value: \"b\": spec in body should match '^a+$'"]);
check('too short', { ...text, minLength: 1 }, '', ['spec: Invalid value: "": spec in body should be at least 1 chars long']);
check('too many items', { type: 'array', items: text, maxItems: 1 }, ['a', 'b'], ['spec: Too many: 2: must have at most 1 items']);
check('a duplicate in a set', { type: 'array', items: text, 'x-kubernetes-list-type': 'set' }, ['a', 'a'], ['spec[1]: Duplicate value: "a"']);
check('a missing field', { type: 'object', required: ['a'], properties: { a: text } }, {}, ['spec.a: Required value']);
check('a null where none is allowed', { type: 'object', properties: { a: text } }, { a: null }, ['spec.a: Invalid value: "null": spec.a in body must be of type string: "null"']);
check('a null where it is allowed', { type: 'object', properties: { a: { ...text, nullable: true } } }, { a: null }, []);
check('two alternatives at once', { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: '', b: '' },
  ['spec: Invalid value: spec in body must validate one and only one schema (oneOf). Found 2 valid alternatives']);
check('a number or a text, but no list', { 'x-kubernetes-int-or-string': true }, [], ['spec: Invalid value: "array": spec in body must be of type integer,string: "array"']);

check('a rule', withRule(range, 'self.min <= self.max'), { min: 2, max: 1 }, ['spec: Invalid value: "object": failed rule: self.min <= self.max']);
check('a rule with message', withRule(range, 'self.min <= self.max', { message: 'upside down' }), { min: 2, max: 1 }, ['spec: Invalid value: "object": upside down']);
check('a rule whose message is computed', withRule(range, 'self.min <= self.max', { messageExpression: '"min is " + string(self.min)' }), { min: 2, max: 1 },
  ['spec: Invalid value: "object": min is 2']);
check('a rule that points at a field', withRule(range, 'self.min <= self.max', { fieldPath: '.min', reason: 'FieldValueForbidden', message: 'no' }), { min: 2, max: 1 },
  ['spec.min: Forbidden: no']);
check('a rule that fails to evaluate refuses', withRule(range, 'self.min <= self.max'), { min: 2 },
  ['spec: Invalid value: "object": rule evaluation error: No such key: max: self.min <= self.max']);
check('a transition rule is silent at creation', withRule(text, 'self == oldSelf'), 'a', []);
check('a transition rule speaks at a change', withRule(text, 'self == oldSelf', { message: 'immutable' }), 'b', ['spec: Invalid value: "string": immutable'], 'a');
check('objects are compared by their fields', withRule(range, 'self == oldSelf'), { max: 2, min: 1 }, [], { min: 1, max: 2 });
check('objects that differ in one field differ', withRule(range, 'self == oldSelf', { message: 'immutable' }), { max: 3, min: 1 }, ['spec: Invalid value: "object": immutable'], { min: 1, max: 2 });
check('a rule on the values of a map', { type: 'object', additionalProperties: withRule(integer, 'self < 3', { message: 'big' }) }, { a: 1, b: 3 }, ['spec.b: Invalid value: "integer": big']);
check('a rule over a list of objects', withRule({ type: 'array', items: range }, 'self.all(each, each.min < each.max)', { message: 'empty' }), [{ min: 1, max: 2 }, { min: 3, max: 3 }],
  ['spec: Invalid value: "array": empty']);
check('a transition rule finds the old item by its key', {
  type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
  items: withRule({ type: 'object', properties: { name: text, value: text } }, 'self.value == oldSelf.value', { message: 'fixed' }),
}, [{ name: 'b', value: '2' }, { name: 'a', value: '9' }], ['spec[1]: Invalid value: "object": fixed'], [{ name: 'a', value: '1' }, { name: 'b', value: '2' }]);
check('matches, has, in, size and a condition', withRule({ type: 'object', properties: { a: text, l: { type: 'array', items: text } } },
  'has(self.a) ? self.a.matches("^x") && self.a in self.l && size(self.l) == 2 : true'), { a: 'xy', l: ['xy', 'z'] }, []);

/** One schema that registration refuses. */
function refused(name: string, schema: Schema, message: RegExp): void {
  test(`registration refuses ${name}`, () => {
    assert.throws(() => registered(schema), (error) => error instanceof KubeError && error.code === 'Invalid' && message.test(error.message));
  });
}

refused('a rule that does not parse', withRule(text, 'self ==='), /x-kubernetes-validations\[0\]\.rule.*compilation failed/);
refused('a rule on a field that does not exist', withRule(range, 'self.middle > 1'), /compilation failed: No such key: middle/);
refused('has() of a field that does not exist', withRule(range, 'has(self.middle)'), /undefined field 'middle'/);
refused('a rule that compares different types', withRule(range, 'self.min == "1"'), /compilation failed/);
refused('a rule with an unknown function', withRule(text, 'quantity(self) > quantity("1")'), /compilation failed/);
refused('a rule that is no condition', withRule(range, 'self.min + 1'), /must evaluate to bool/);
refused('a message that is no text', withRule(range, 'self.min > 1', { messageExpression: 'self.min' }), /messageExpression.*must evaluate to string/);
refused('a keyword that it does not know', { ...text, contentEncoding: 'base64' } as Schema, /unsupported keyword contentEncoding/);
refused('a field without type', { type: 'object', properties: { a: {} } }, /properties\[spec\]\.properties\[a\]\.type: Required value/);
refused('a pattern that is none', { ...text, pattern: '(' }, /pattern: Invalid value/);
refused('what it would have to ignore', withRule(text, 'true', { optionalOldSelf: true }), /optionalOldSelf: Forbidden/);

test('unknown fields go, defaults come, and what is complete stays the same object', () => {
  const resource = registered({ type: 'object', properties: { a: { ...integer, default: 1 }, deep: { type: 'object', default: {}, properties: { b: { ...text, default: 'x' } } } } });
  const prepared = resource.prepare(thing({ unknown: true }));
  assert.deepEqual(prepared['spec'], { a: 1, deep: { b: 'x' } });
  assert.equal(resource.prepare(prepared), prepared);
});

const crds = new URL('../../crds/', import.meta.url);
for (const file of readdirSync(crds)) {
  test(`${file} can be registered`, () => {
    const { type } = customResource(immutable(parse(readFileSync(new URL(file, crds), 'utf8'))) as JsonObject);
    assert.equal(`${type.plural}.headrace.dev.yaml`, file);
  });
}
