/**
 * What the operator remembers of a cluster between passes and may forget at any time: nothing here decides what becomes of data.
 * One entry for each cluster.
 */
import type { Refusal } from './observed.ts';

export interface Silence {
  readonly sinceMs: number;
  /** The namenode is not asked before. */
  readonly askAgainMs: number;
  readonly message: string;
}

export interface GrowthRefusal {
  readonly size: string;
  readonly message: string;
  readonly retryAtMs: number;
}

export interface Memory {
  readonly uid: string;
  /** The cluster's secret. Never logged. */
  token?: string;
  refusal?: Refusal & { readonly generation: number | undefined };
  handoverRefusal?: string;
  /** When sizes and counts were last written. */
  figuresAtMs?: number;
  /** By pod. */
  readonly silences: Map<string, Silence>;
  /** By claim. */
  readonly growthRefusals: Map<string, GrowthRefusal>;
  /** Racks of Kubernetes nodes, by node. */
  readonly racks: Map<string, string>;
}

export class ClusterMemories {
  readonly #entries = new Map<string, Memory>();

  /** The memory of the object with this uid; an object of the same name that came before is forgotten. */
  of(key: { readonly namespace: string; readonly name: string }, uid: string): Memory {
    const id = `${key.namespace}/${key.name}`;
    const found = this.#entries.get(id);
    if (found?.uid === uid) return found;
    const fresh: Memory = { uid, silences: new Map(), growthRefusals: new Map(), racks: new Map() };
    this.#entries.set(id, fresh);
    return fresh;
  }

  forget(key: { readonly namespace: string; readonly name: string }): void {
    this.#entries.delete(`${key.namespace}/${key.name}`);
  }
}
