/**
 * The words of Kafka's model that all its parts share. What the wire holds as 64-bit integers (offsets, timestamps, producer ids) are numbers here:
 * none of them passes 2^53 in the life of a cluster, and the codecs refuse one that does.
 */

/** As Kafka prints a UUID: 22 characters of base64url. */
export type Uuid = string;
export const zeroUuid: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export const noPartitionLeader = -1;

/** Who may see what of a log. `committed`: aborted records and those of open transactions stay hidden. */
export type Isolation = 'uncommitted' | 'committed';

export const internalTopics = { offsets: '__consumer_offsets', transactions: '__transaction_state' } as const;

export const topicNameMax = 249;

/** Kafka's rule for names of topics. Undefined when the name is legal, else what is wrong with it. */
export function topicNameTrouble(name: string): string | undefined {
  if (name === '') return 'a topic needs a name';
  if (name === '.' || name === '..') return `a topic cannot be called '${name}'`;
  if (name.length > topicNameMax) return `the name of a topic has at most ${topicNameMax} characters, this one has ${name.length}`;
  return /^[a-zA-Z0-9._-]+$/.test(name) ? undefined : `the name of a topic has letters, digits, '.', '_' and '-' only, unlike '${name.slice(0, 64)}'`;
}
