/** What the parts of the contract suite share. */
import { strict as assert } from 'node:assert';
import { configMapType, customResourceDefinitionType } from './resource-types.ts';
import type { ConfigMap, Pod } from './resource-types.ts';
import type { KubeClient, KubeErrorCode, KubeObject, ResourceType } from './client.ts';
import { KubeError } from './client.ts';
import type { Widget } from './widget.contract.ts';
import { widget, widgetType } from './widget.contract.ts';

/** An API server to test against. */
export interface ContractTarget {
  readonly client: KubeClient;
  /** Exists, and is this run's own. */
  readonly namespace: string;
  /** Makes the API server serve a CustomResourceDefinition; resolves when it does. `applyDefinition` will do where it can be written. */
  readonly installDefinition: (definition: KubeObject) => Promise<void>;
  /** Whether something deletes the dependents of deleted owners (kube-controller-manager, or its double). */
  readonly collectsGarbage: boolean;
  /** A version that is older than any history that the server keeps. */
  readonly expiredVersion: string;
  readonly close: () => Promise<void>;
}

/** How long a test waits for the server, in milliseconds. */
const patience = 60_000;

/** Short forms for the suite; every call gives up after `patience`. */
export class Bench {
  readonly #target: () => ContractTarget;
  #sequence = 0;

  constructor(target: () => ContractTarget) {
    this.#target = target;
  }

  get target(): ContractTarget {
    return this.#target();
  }

  get client(): KubeClient {
    return this.target.client;
  }

  get namespace(): string {
    return this.target.namespace;
  }

  get signal(): AbortSignal {
    return AbortSignal.timeout(patience);
  }

  /** A name that no other test uses. */
  name(stem: string): string {
    this.#sequence += 1;
    return `${stem}-${this.#sequence}`;
  }

  configMap(name: string, data: Record<string, string> = {}, metadata: Partial<ConfigMap['metadata']> = {}): ConfigMap {
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name, namespace: this.namespace }, data };
  }

  widget(name: string, spec: Widget['spec'], metadata: Partial<Widget['metadata']> = {}): Widget {
    return widget(this.namespace, name, spec, metadata);
  }

  /** Never starts: no scheduler takes a gated pod. */
  pod(name: string, containers: readonly { readonly name: string; readonly [field: string]: unknown }[]): Pod {
    return {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: this.namespace },
      spec: { restartPolicy: 'Never', schedulingGates: [{ name: 'headrace.dev/contract' }], containers },
    };
  }

  getConfigMap(name: string): Promise<ConfigMap | undefined> {
    return this.client.get<ConfigMap>(configMapType, this.namespace, name, this.signal);
  }

  getWidget(name: string): Promise<Widget | undefined> {
    return this.client.get<Widget>(widgetType, this.namespace, name, this.signal);
  }

  createConfigMap(object: ConfigMap): Promise<ConfigMap> {
    return this.client.create(configMapType, object, this.signal);
  }

  createWidget(object: Widget): Promise<Widget> {
    return this.client.create(widgetType, object, this.signal);
  }

  applyWidget(object: Widget, fieldManager: string, force = false): Promise<Widget> {
    return this.client.apply(widgetType, object, { fieldManager, force }, this.signal);
  }

  delete(type: ResourceType, name: string, options = {}): Promise<void> {
    return this.client.delete(type, this.namespace, name, options, this.signal);
  }

  async refused(code: KubeErrorCode, status: number, call: Promise<unknown>, message?: RegExp): Promise<void> {
    await assert.rejects(call, (error: unknown) => {
      assert.ok(error instanceof KubeError, `not a KubeError: ${String(error)}`);
      assert.equal(error.code, code, error.message);
      assert.equal(error.status, status, error.message);
      if (message !== undefined) assert.match(error.message, message);
      return true;
    });
  }

  /** Reads `count` changes after a version; bookmarks are left out. */
  async changes(resourceVersion: string, count: number, labelSelector?: string): Promise<readonly string[]> {
    const stop = new AbortController();
    const options = {
      namespace: this.namespace, resourceVersion, timeoutSeconds: 30, ...(labelSelector === undefined ? {} : { labelSelector }),
    };
    const seen: string[] = [];
    try {
      for await (const event of this.client.watch<ConfigMap>(configMapType, options, AbortSignal.any([stop.signal, this.signal]))) {
        if (event.type === 'BOOKMARK') continue;
        seen.push(`${event.type} ${event.object.metadata.name} ${event.object.data?.['step'] ?? ''}`.trim());
        if (seen.length === count) break;
      }
    } finally {
      stop.abort();
    }
    return seen;
  }

  async currentVersion(): Promise<string> {
    return (await this.client.list(configMapType, { namespace: this.namespace }, this.signal)).resourceVersion;
  }
}

export function version(object: KubeObject): string {
  assert.ok(object.metadata.resourceVersion !== undefined && object.metadata.resourceVersion !== '', 'no resourceVersion');
  return object.metadata.resourceVersion;
}

export function present<T>(object: T | undefined): T {
  assert.ok(object !== undefined, 'the object is not there');
  return object;
}

/** Asks again until `holds`; for what the server does after it has answered. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `${what}: not within ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** `installDefinition` for servers that take CustomResourceDefinitions through their API. */
export async function applyDefinition(client: KubeClient, definition: KubeObject, signal: AbortSignal): Promise<void> {
  await client.apply(customResourceDefinitionType, definition, { fieldManager: 'headrace-contract', force: true }, signal);
  await eventually(`${definition.metadata.name} is established`, async () => {
    const live = await client.get<KubeObject & { status?: { conditions?: readonly { type: string; status: string }[] } }>(
      customResourceDefinitionType, '', definition.metadata.name, signal);
    return live?.status?.conditions?.some((each) => each.type === 'Established' && each.status === 'True') === true;
  });
}
