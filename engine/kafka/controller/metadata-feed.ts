/** How a broker follows the metadata, whether the log is its own or another broker's. */
import type { MetadataDelta, MetadataImage } from './metadata-image.ts';

export interface MetadataFeed {
  readonly image: MetadataImage;
  /** The broker that leads the log, when one is known. */
  readonly controller: number | undefined;
  /** Called in order, once for each entry from now on. Must not throw. Returns how to stop. */
  onDelta(listener: (delta: MetadataDelta) => void): () => void;
  /** Resolves when the image has at least this entry. Rejects with the signal's reason. */
  whenAt(index: number, signal: AbortSignal): Promise<void>;
}
