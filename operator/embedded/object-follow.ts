/** Every version of every object of a type, one after the other: list, watch, and list again when the watch is too old. */
import type { KubeClient, KubeObject, ResourceType } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { keyOf, keyText } from '../runtime/object-key.ts';

const watchSeconds = 3600;

/** Runs until the signal aborts; then resolves. What `take` throws ends it. The last version of an object that is gone comes with `gone`. */
export async function followObjects<T extends KubeObject>(
  client: KubeClient, type: ResourceType, signal: AbortSignal, take: (object: T, gone: boolean) => Promise<void> | void,
): Promise<void> {
  const known = new Map<string, T>();
  try {
    while (!signal.aborted) await followOnce(client, type, signal, known, take);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function followOnce<T extends KubeObject>(
  client: KubeClient, type: ResourceType, signal: AbortSignal, known: Map<string, T>, take: (object: T, gone: boolean) => Promise<void> | void,
): Promise<void> {
  const { items, resourceVersion } = await client.list<T>(type, {}, signal);
  const there = new Set(items.map((each) => each.metadata.uid));
  for (const [key, each] of known) {
    if (there.has(each.metadata.uid)) continue;
    known.delete(key);
    await take(each, true);
  }
  for (const each of items) {
    known.set(keyText(keyOf(each)), each);
    await take(each, false);
  }
  try {
    for await (const event of client.watch<T>(type, { resourceVersion, timeoutSeconds: watchSeconds }, signal)) {
      if (event.type === 'BOOKMARK') continue;
      if (event.type === 'DELETED') known.delete(keyText(keyOf(event.object)));
      else known.set(keyText(keyOf(event.object)), event.object);
      await take(event.object, event.type === 'DELETED');
    }
  } catch (error) {
    if (!(error instanceof KubeError && error.code === 'Expired')) throw error;
  }
}
