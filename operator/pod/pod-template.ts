/**
 * Merges a user's pod template over a rendered pod, in the manner of Kubernetes' strategic merge
 * patch: objects field by field, the lists below element by element under their key, any other list
 * replaced as a whole. `null` removes a field.
 */

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** Merge keys of the lists of a pod, by field name; from the pod's own OpenAPI description. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

/** Lists whose elements are of one kind out of many: a field that the template does not name must not stay beside those that it does (`retainKeys`). */
const oneOf: ReadonlySet<string> = new Set(['volumes']);

export function mergePodTemplate(rendered: JsonObject, template: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...rendered };
  for (const [field, value] of Object.entries(template)) {
    if (value === undefined) continue;
    if (value === null) delete result[field];
    else result[field] = merged(field, rendered[field], value);
  }
  return result;
}

function merged(field: string, base: Json, over: Json): Json {
  if (isObject(base) && isObject(over)) return mergePodTemplate(base, over);
  const key = mergeKeys[field];
  if (key !== undefined && Array.isArray(base) && Array.isArray(over)) return mergedByKey(base, over, key, oneOf.has(field));
  return over;
}

/** Elements of `over` replace or follow those of `base`; the order of `base` stays. */
function mergedByKey(base: readonly Json[], over: readonly Json[], key: string, retainKeys: boolean): readonly Json[] {
  const result = [...base];
  for (const element of over) {
    const index = result.findIndex((each) => isObject(each) && isObject(element) && each[key] === element[key]);
    const present = result[index];
    if (isObject(present) && isObject(element)) result[index] = mergePodTemplate(retainKeys ? fieldsOf(present, element) : present, element);
    else result.push(element);
  }
  return result;
}

/** The fields of `object` that `names` has too. */
function fieldsOf(object: JsonObject, names: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => Object.hasOwn(names, field)));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
