/** A CustomResourceDefinition as a resource of the embedded API server. */
import { KubeError } from '../kube/client.ts';
import { asList, asObject, isObject } from './immutable-json.ts';
import type { JsonObject } from './immutable-json.ts';
import { metadataShape, shapeOfSchema } from './merge-shape.ts';
import type { Resource } from './resource.ts';
import { validate } from './schema-validation.ts';
import { pruneAndDefault, schemaFaults, unknownFields } from './structural-schema.ts';
import type { Schema } from './structural-schema.ts';
import { compileRules } from './validation-rules.ts';

/** Throws `KubeError` Invalid when the definition uses what this server cannot honour: nothing in it is ignored. */
export function customResource(definition: JsonObject): Resource {
  const name = String(asObject(definition['metadata'])['name']);
  const refuse = (why: string): never => {
    throw new KubeError('Invalid', `CustomResourceDefinition.apiextensions.k8s.io ${JSON.stringify(name)} is invalid: ${why}`, { status: 422 });
  };
  const spec = asObject(definition['spec']);
  const names = asObject(spec['names']);
  const served = asList(spec['versions']).map(asObject).filter((each) => each['served'] === true);
  const [version] = served;
  if (version === undefined || served.length > 1) return refuse('spec.versions: Invalid value: the embedded API server wants exactly one served version');
  const openApi = asObject(version['schema'])['openAPIV3Schema'];
  if (!isObject(openApi)) return refuse('spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required');
  // What the schema says about metadata is the API server's own business.
  const schema = withoutMetadata(openApi as Schema);
  const faults = schemaFaults(schema);
  if (faults.length > 0) return refuse(faults.join(', '));
  const group = String(spec['group']);
  const plural = String(names['plural']);
  if (name !== `${plural}.${group}`) return refuse(`metadata.name: Invalid value: ${JSON.stringify(name)}: must be spec.names.plural+"."+spec.group`);
  return resourceOf(schema, {
    type: { apiVersion: `${group}/${String(version['name'])}`, kind: String(names['kind']), plural, namespaced: spec['scope'] === 'Namespaced' },
    statusApart: asObject(version['subresources'])['status'] !== undefined,
    selectableFields: asList(version['selectableFields']).map((each) => String(asObject(each)['jsonPath']).slice(1)),
  }, refuse);
}

function resourceOf(
  schema: Schema, about: Pick<Resource, 'type' | 'statusApart'> & { readonly selectableFields: readonly string[] }, refuse: (why: string) => never,
): Resource {
  const rules = rulesOf(schema, refuse);
  const shape = shapeOfSchema(schema);
  // Rules at the root see the kind and the name, nothing else of the metadata.
  const seenByRules = (object: JsonObject): JsonObject => {
    const { name, generateName } = asObject(object['metadata']);
    return { ...object, metadata: { ...(name === undefined ? {} : { name }), ...(generateName === undefined ? {} : { generateName }) } };
  };
  return {
    type: about.type,
    statusApart: about.statusApart,
    unconditionalUpdate: false,
    shape: { ...shape, fields: { ...shape.fields, metadata: metadataShape } },
    selectableFields: new Set(['metadata.name', 'metadata.namespace', ...about.selectableFields]),
    prepare: (object) => asObject(pruneAndDefault(schema, object)),
    validate(object, old) {
      const faults = validate(schema, object, '');
      // Rules count on values that fit the schema.
      return faults.length > 0 ? faults : rules.check(seenByRules(object), old === undefined ? undefined : seenByRules(old));
    },
    undeclared: (object) => unknownFields(schema, object),
    gracePeriod: () => undefined,
  };
}

function rulesOf(schema: Schema, refuse: (why: string) => never): ReturnType<typeof compileRules> {
  try {
    return compileRules({ ...schema, properties: { ...schema.properties, metadata: nameOnly } });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

const nameOnly: Schema = { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } };

function withoutMetadata(schema: Schema): Schema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  };
}
