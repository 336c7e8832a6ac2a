import type { ResourceType } from '../kube/client.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import type { MergeShape } from './merge-shape.ts';

/** What the embedded API server knows of one resource type. */
export interface Resource {
  readonly type: ResourceType;
  /** Writes of the main resource ignore status, writes of the subresource ignore the rest. */
  readonly statusApart: boolean;
  /** A PUT without a version overwrites; else it is refused. */
  readonly unconditionalUpdate: boolean;
  readonly shape: MergeShape;
  /** What field selectors may name. */
  readonly selectableFields: ReadonlySet<string>;
  /** Defaults, pruning and what the server computes itself. */
  prepare(object: JsonObject): JsonObject;
  /** Faults in the API server's wording; `old` is undefined for a new object. */
  validate(object: JsonObject, old: JsonObject | undefined): readonly string[];
  /** Fields that server-side apply refuses because no schema declares them, as `.spec.nope`. */
  undeclared(object: JsonObject): readonly string[];
  /** Seconds between the request to delete and the end; undefined: no grace. */
  gracePeriod(object: JsonObject, requested: number | undefined): number | undefined;
}

/** `pods` or `sparkjobs.headrace.dev`: how messages name the type. */
export function qualifiedPlural(type: ResourceType): string {
  const group = groupOf(type.apiVersion);
  return group === '' ? type.plural : `${type.plural}.${group}`;
}

export function qualifiedKind(type: ResourceType): string {
  const group = groupOf(type.apiVersion);
  return group === '' ? type.kind : `${type.kind}.${group}`;
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const labelName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** A name of RFC 1123: at most 253 characters, or 63 for a label. */
export function nameFaults(value: Json | undefined, path: string, form: 'subdomain' | 'label' = 'subdomain'): readonly string[] {
  if (typeof value !== 'string' || value === '') return [`${path}: Required value`];
  const lengthMax = form === 'label' ? 63 : 253;
  if (value.length > lengthMax) return [`${path}: Invalid value: ${JSON.stringify(value)}: must be no more than ${lengthMax} characters`];
  if ((form === 'label' ? label : subdomain).test(value)) return [];
  const what = form === 'label'
    ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
    : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [`${path}: Invalid value: ${JSON.stringify(value)}: ${what}`];
}

export function labelFaults(labels: JsonObject, path: string): readonly string[] {
  return Object.entries(labels).flatMap(([name, value]) => [
    ...(labelName.test(name) ? [] : [`${path}: Invalid value: ${JSON.stringify(name)}: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`]),
    ...(typeof value === 'string' && labelValue.test(value) ? [] : [
      `${path}: Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', at most 63 of them, and must start and end with an alphanumeric character`,
    ]),
  ]);
}
