import { stringify } from 'yaml';
import { customResourceDefinition, kinds } from './custom-resource-definition.ts';
import type { KindDescription } from './custom-resource-definition.ts';
import { referencePage } from './reference.ts';

const heading = '# Generated from operator/api by `make generate`. Do not edit.\n';

/** Everything that is made from the kinds: text by path from the repository's root. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map(kinds.flatMap((kind) => {
    const [group = ''] = kind.resource.apiVersion.split('/');
    const name = `${kind.resource.plural}.${group}`;
    return [
      [`crds/${name}.yaml`, yaml(kind)],
      // Uninstalling the chart must not delete every job of the cluster.
      [`charts/headrace-crds/templates/${name}.yaml`, forHelm(yaml(kind, { 'helm.sh/resource-policy': 'keep' }))],
      [`docs/reference/${kind.resource.kind.toLowerCase()}.md`, referencePage(kind)],
    ] as const;
  }));
}

function yaml(kind: KindDescription, annotations?: Readonly<Record<string, string>>): string {
  return heading + stringify(customResourceDefinition(kind, annotations), { lineWidth: 120, aliasDuplicateObjects: false });
}

/** Helm reads `{{` as its own. */
function forHelm(text: string): string {
  if (text.includes('{{')) throw new TypeError('A CRD with {{ needs escaping for Helm.');
  return text;
}
