/** Label and field selectors, in the grammar of the Kubernetes API. */
import { KubeError } from '../kube/client.ts';
import { asObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';

export type Predicate = (object: JsonObject) => boolean;
type LabelTest = (labels: JsonObject) => boolean;

function refuse(message: string): never {
  throw new KubeError('BadRequest', message, { status: 400 });
}

const key = String.raw`[A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?`;
const value = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?`;
const equality = new RegExp(`^(${key})\\s*(==|=|!=)\\s*(${value})$`);
const membership = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const existence = new RegExp(`^(!?)\\s*(${key})$`);

/** `a=b, c!=d, e in (f, g), h notin (i), j, !k`. Throws `KubeError` BadRequest when it does not parse. */
export function labelPredicate(selector: string | undefined): Predicate | undefined {
  if (selector === undefined || selector.trim() === '') return undefined;
  // Commas within parentheses separate values, not requirements.
  const tests = selector.split(/,(?![^(]*\))/).map((requirement) => labelTest(requirement.trim()));
  return (object) => {
    const labels = asObject(asObject(object['metadata'])['labels']);
    return tests.every((test) => test(labels));
  };
}

function labelTest(requirement: string): LabelTest {
  const equal = equality.exec(requirement);
  if (equal !== null) {
    const [, label = '', operator, wanted] = equal;
    return operator === '!=' ? (labels) => labels[label] !== wanted : (labels) => labels[label] === wanted;
  }
  const member = membership.exec(requirement);
  if (member !== null) {
    const [, label = '', operator, list = ''] = member;
    const values = new Set<Json | undefined>(list.split(',').map((each) => each.trim()));
    return operator === 'in' ? (labels) => values.has(labels[label]) : (labels) => !values.has(labels[label]);
  }
  const exists = existence.exec(requirement);
  if (exists !== null) {
    const [, negation, label = ''] = exists;
    return negation === '!' ? (labels) => labels[label] === undefined : (labels) => labels[label] !== undefined;
  }
  return refuse(`unable to parse requirement: ${JSON.stringify(requirement)} is not a label selector`);
}

function fieldAt(object: JsonObject, path: string): string {
  let part: Json | undefined = object;
  for (const name of path.split('.')) part = asObject(part)[name];
  return typeof part === 'string' ? part : part === undefined || part === null ? '' : String(part);
}

/** `metadata.name=x,status.phase!=Running`; `supported` lists the fields that the kind can be selected by. */
export function fieldPredicate(selector: string | undefined, supported: ReadonlySet<string>): Predicate | undefined {
  if (selector === undefined || selector.trim() === '') return undefined;
  const tests = selector.split(',').map((requirement): Predicate => {
    const match = /^\s*([A-Za-z0-9_.]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(requirement);
    if (match === null) return refuse(`invalid field selector: ${JSON.stringify(requirement)}; can't understand it`);
    const [, path = '', operator, wanted] = match;
    if (!supported.has(path)) return refuse(`field label not supported: ${path}`);
    return operator === '!=' ? (object) => fieldAt(object, path) !== wanted : (object) => fieldAt(object, path) === wanted;
  });
  return (object) => tests.every((test) => test(object));
}
