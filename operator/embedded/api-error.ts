/** Refusals in the API server's words. */
import { KubeError } from '../kube/client.ts';
import type { ResourceType } from '../kube/client.ts';
import { qualifiedKind, qualifiedPlural } from './resource.ts';
import type { FieldConflict } from './server-side-apply.ts';

export const notFound = (type: ResourceType, name: string): KubeError =>
  new KubeError('NotFound', `${qualifiedPlural(type)} "${name}" not found`, { status: 404 });

export const unknownType = (): KubeError => new KubeError('NotFound', 'the server could not find the requested resource', { status: 404 });

export const alreadyExists = (type: ResourceType, name: string): KubeError =>
  new KubeError('AlreadyExists', `${qualifiedPlural(type)} "${name}" already exists`, { status: 409 });

export const conflict = (type: ResourceType, name: string, why: string): KubeError =>
  new KubeError('Conflict', `Operation cannot be fulfilled on ${qualifiedPlural(type)} "${name}": ${why}`, { status: 409 });

export const modified = 'the object has been modified; please apply your changes to the latest version and try again';

export const badRequest = (message: string): KubeError => new KubeError('BadRequest', message, { status: 400 });

export function invalid(type: ResourceType, name: string, faults: readonly string[]): KubeError {
  const text = faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`;
  return new KubeError('Invalid', `${qualifiedKind(type)} "${name}" is invalid: ${text}`, { status: 422 });
}

export function applyConflict(conflicts: readonly FieldConflict[]): KubeError {
  const count = conflicts.reduce((sum, each) => sum + each.paths.length, 0);
  const texts = conflicts.map((each) => {
    const by = each.operation === 'Update' ? `${JSON.stringify(each.manager)} using ${each.apiVersion}` : JSON.stringify(each.manager);
    return each.paths.length === 1 ? `conflict with ${by}: ${each.paths[0]}` : `conflicts with ${by}:\n${each.paths.map((path) => `- ${path}`).join('\n')}`;
  });
  return new KubeError('Conflict', `Apply failed with ${count} ${count === 1 ? 'conflict' : 'conflicts'}: ${texts.join('\n')}`, { status: 409 });
}
