/** The name space as the state machine of the journal. */
import type { StateMachine } from '../../../quorum/replicated-log.ts';
import { HdfsError } from '../../hdfs-error.ts';
import { readImage } from './image-loading.ts';
import { writeImage } from './image.ts';
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
    snapshot: () => writeImage(namespace),
    restore: (pieces) => readImage(namespace, pieces),
  };
}
