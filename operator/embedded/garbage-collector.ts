/** Owner references: deletes dependents whose owners are all gone, in the background, as the controller manager does. */
import { asList, asObject, withFields } from './immutable-json.ts';
import type { JsonObject } from './immutable-json.ts';
import { foregroundFinalizer } from './object-deletion.ts';
import { metadataOf, ownersOf, uidOf } from './object-store.ts';
import type { ObjectStore, StoredAt } from './object-store.ts';

export interface CollectorEffects {
  remove(at: StoredAt, uid: string): void;
  replace(at: StoredAt, object: JsonObject): void;
}

export class GarbageCollector {
  readonly #store: ObjectStore;
  readonly #effects: CollectorEffects;
  readonly #pending = new Map<string, StoredAt>();
  #scheduled: NodeJS.Immediate | undefined;

  constructor(store: ObjectStore, effects: CollectorEffects) {
    this.#store = store;
    this.#effects = effects;
  }

  /** To be told of every change of the store. */
  changed(at: StoredAt, object: JsonObject | undefined, previous: JsonObject | undefined): void {
    if (object !== undefined) {
      const suspicious = ownersOf(object).some((owner) => this.#store.place(String(owner['uid'])) === undefined);
      if (suspicious || isForeground(object)) this.#look(uidOf(object), at);
      return;
    }
    if (previous === undefined) return;
    for (const dependent of this.#store.dependents(uidOf(previous))) this.#lookAt(dependent);
    for (const owner of ownersOf(previous)) {
      const place = this.#store.place(String(owner['uid']));
      if (place !== undefined) this.#lookAt(place);
    }
  }

  close(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#pending.clear();
  }

  #lookAt(at: StoredAt): void {
    const object = at.collection.objects.get(at.key);
    if (object !== undefined) this.#look(uidOf(object), at);
  }

  #look(uid: string, at: StoredAt): void {
    this.#pending.set(uid, at);
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      const due = [...this.#pending];
      this.#pending.clear();
      for (const [each, place] of due) this.#collect(each, place);
    });
  }

  #collect(uid: string, at: StoredAt): void {
    const object = at.collection.objects.get(at.key);
    if (object === undefined || uidOf(object) !== uid) return;
    if (isForeground(object)) {
      this.#finishForeground(object, at);
      return;
    }
    const owners = ownersOf(object);
    if (owners.length === 0) return;
    const solid = owners.filter((owner) => {
      const place = this.#store.place(String(owner['uid']));
      const live = place?.collection.objects.get(place.key);
      return live !== undefined && !(isForeground(live) && owner['blockOwnerDeletion'] === true);
    });
    if (solid.length === 0) this.#effects.remove(at, uid);
    else if (solid.length < owners.length) {
      const left = asList(metadataOf(object)['ownerReferences']).filter((each) => this.#store.place(String(asObject(each)['uid'])) !== undefined);
      if (left.length < owners.length) this.#effects.replace(at, withFields(object, { metadata: withFields(metadataOf(object), { ownerReferences: left }) }));
    }
  }

  #finishForeground(object: JsonObject, at: StoredAt): void {
    const blocking = this.#store.dependents(uidOf(object)).filter((each) => {
      const dependent = each.collection.objects.get(each.key);
      return dependent !== undefined && ownersOf(dependent).some((owner) => owner['uid'] === uidOf(object) && owner['blockOwnerDeletion'] === true);
    });
    if (blocking.length > 0) {
      for (const each of blocking) this.#lookAt(each);
      return;
    }
    const finalizers = asList(metadataOf(object)['finalizers']).filter((each) => each !== foregroundFinalizer);
    this.#effects.replace(at, withFields(object, { metadata: withFields(metadataOf(object), { finalizers }) }));
  }
}

function isForeground(object: JsonObject): boolean {
  const { deletionTimestamp, finalizers } = metadataOf(object);
  return deletionTimestamp !== undefined && asList(finalizers).includes(foregroundFinalizer);
}
