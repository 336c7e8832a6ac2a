/** The kind that the contract suite tests custom resources with: one field for each thing that a schema can say. */
import type { KubeObject, ResourceType } from './client.ts';

export const widgetType: ResourceType = { apiVersion: 'contract.headrace.dev/v1', kind: 'Widget', plural: 'widgets', namespaced: true };

export interface Widget extends KubeObject {
  readonly spec: {
    readonly size?: number;
    readonly note?: string;
    readonly colour?: 'red' | 'green';
    readonly code?: string;
    readonly words?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly env?: readonly { readonly name: string; readonly value?: string }[];
    readonly range?: { readonly min?: number; readonly max?: number };
    readonly memory?: number | string;
    readonly free?: Readonly<Record<string, unknown>>;
  };
  readonly status?: { readonly phase?: 'Busy' | 'Idle' | string };
}

export function widget(namespace: string, name: string, spec: Widget['spec'], metadata: Partial<Widget['metadata']> = {}): Widget {
  return { apiVersion: widgetType.apiVersion, kind: widgetType.kind, metadata: { ...metadata, name, namespace }, spec };
}

const text = (maxLength: number): object => ({ type: 'string', maxLength });

const specSchema = {
  type: 'object',
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
    note: text(64),
    colour: { type: 'string', enum: ['red', 'green'] },
    code: {
      type: 'string', maxLength: 16, pattern: '^[a-z]-[0-9]+$',
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'code cannot be changed' }],
    },
    words: { type: 'array', maxItems: 4, items: text(16) },
    labels: { type: 'object', additionalProperties: text(16) },
    env: {
      type: 'array', maxItems: 8, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', required: ['name'], properties: { name: text(16), value: text(64) } },
    },
    range: {
      type: 'object',
      properties: { min: { type: 'integer', default: 0 }, max: { type: 'integer', default: 10 } },
      'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min must not exceed max' }],
    },
    memory: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

export const widgetDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.contract.headrace.dev' },
  spec: {
    group: 'contract.headrace.dev',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [{
      name: 'v1',
      served: true,
      storage: true,
      subresources: { status: {} },
      schema: {
        openAPIV3Schema: {
          type: 'object',
          required: ['spec'],
          properties: {
            apiVersion: { type: 'string' },
            kind: { type: 'string' },
            metadata: { type: 'object' },
            spec: specSchema,
            status: { type: 'object', properties: { phase: { type: 'string', enum: ['Busy', 'Idle'] } } },
          },
          'x-kubernetes-validations': [{ rule: 'size(self.metadata.name) <= 40', message: 'the name may have at most 40 characters' }],
        },
      },
    }],
  },
};
