/** The name space as the state machine of the journal. */
import type { StateMachine } from '../../../quorum/replicated-log.ts';
import { HdfsError } from '../../hdfs-error.ts';
import { imageOf, restoreImage } from './image.ts';
import type { Namespace } from './namespace.ts';
import { decodeOperation } from './operation-codec.ts';

/** A refused operation gives its `HdfsError` to whoever proposed it; on all members it is refused alike. */
export function namespaceMachine(namespace: Namespace): StateMachine {
  return {
    apply: (entry) => {
      try {
        return namespace.apply(decodeOperation(entry));
      } catch (error) {
        if (error instanceof HdfsError) return error;
        throw error;
      }
    },
    snapshot: () => {
      const pieces = imageOf(namespace);
      return (async function* image() {
        yield* pieces;
      })();
    },
    restore: async (pieces) => {
      const all: Uint8Array[] = [];
      for await (const piece of pieces) all.push(piece);
      restoreImage(namespace, Buffer.concat(all));
    },
  };
}
