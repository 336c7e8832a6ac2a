/** Manifests as people write them: YAML, several documents to a file. */
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../kube/client.ts';
import { asList, isObject } from './immutable-json.ts';
import type { Json } from './immutable-json.ts';

/** The text is no manifest; the message names the place. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code = 'BAD_MANIFEST';
}

const documentsMax = 1000;
/** Anchors that refer to each other can blow a small text up to gigabytes. */
const aliasesMax = 1000;

/** The objects of `text` in their order, those within a List too. `source` names the text in messages. Throws `ManifestError`. */
export function parseManifest(text: string, source: string): readonly KubeObject[] {
  const documents = parseAllDocuments(text, { merge: true });
  if (!Array.isArray(documents)) throw new ManifestError(`${source} has no object in it`);
  if (documents.length > documentsMax) throw new ManifestError(`${source} has more than ${documentsMax} documents`);
  const objects = documents.flatMap((document, index) => {
    const at = `${source}${documents.length > 1 ? `, document ${index + 1}` : ''}`;
    const [error] = document.errors;
    if (error !== undefined) throw new ManifestError(`${at}: ${error.message}`);
    try {
      return objectsOf(document.toJS({ maxAliasCount: aliasesMax }) as Json, at);
    } catch (cause) {
      if (cause instanceof ManifestError) throw cause;
      throw new ManifestError(`${at}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  });
  if (objects.length === 0) throw new ManifestError(`${source} has no object in it`);
  return objects;
}

function objectsOf(value: Json, at: string): readonly KubeObject[] {
  if (value === null) return [];
  if (!isObject(value)) throw new ManifestError(`${at}: an object is wanted, with apiVersion, kind and metadata`);
  const { apiVersion, kind, metadata } = value;
  for (const [field, content] of Object.entries({ apiVersion, kind })) {
    if (typeof content !== 'string' || content === '') throw new ManifestError(`${at}: ${field} is missing`);
  }
  if (kind === 'List' && apiVersion === 'v1') return asList(value['items']).flatMap((item, index) => objectsOf(item, `${at}, item ${index + 1}`));
  if (!isObject(metadata) || typeof metadata['name'] !== 'string') throw new ManifestError(`${at}: metadata.name is missing`);
  return [value as unknown as KubeObject];
}
