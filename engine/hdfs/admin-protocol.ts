/** What administrators ask of a namenode over HTTP beside WebHDFS: `headrace dfsadmin`. All need `Authorization: Bearer <secret>`. */
import { z } from 'zod';

export const adminPath = {
  /** GET → `SafeModeState`. PUT `SafeModeRequest` → `SafeModeState`; active only. */
  safeMode: '/headrace/v1/hdfs/safemode',
  /** GET ?path=/x&all=true → `FsckReport`; active only. */
  fsck: '/headrace/v1/hdfs/fsck',
  /** GET → `{ datanodes: DatanodeReport[] }`. */
  datanodes: '/headrace/v1/hdfs/datanodes',
} as const;

export const safeModeRequestSchema = z.strictObject({ action: z.enum(['enter', 'leave']) });
export const safeModeStateSchema = z.object({ on: z.boolean(), reason: z.string().optional() });
export type SafeModeState = z.infer<typeof safeModeStateSchema>;

const count = z.number().int().nonnegative();

export const blockHealth = ['healthy', 'underReplicated', 'missing', 'corrupt', 'beingWritten'] as const;
export type BlockHealth = (typeof blockHealth)[number];

export const fsckBlockSchema = z.object({
  id: count, generationStamp: count, bytes: count, health: z.enum(blockHealth), expectedReplicas: count,
  replicas: z.array(z.object({ datanode: z.string(), host: z.string(), rack: z.string(), state: z.enum(['Good', 'Excess', 'Corrupt', 'Stale', 'BeingWritten']) })),
});
export const fsckFileSchema = z.object({ path: z.string(), bytes: count, replication: count, open: z.boolean(), blocks: z.array(fsckBlockSchema) });

export const fsckReportSchema = z.object({
  path: z.string(),
  /** Nothing is missing, corrupt or under-replicated. */
  healthy: z.boolean(),
  directories: count, files: count, openFiles: count, bytes: count, blocks: count,
  underReplicatedBlocks: count, missingBlocks: count, corruptBlocks: count,
  /** Good replicas of committed blocks. */
  replicas: count,
  /** Files with something wrong; with `all`, every file. */
  entries: z.array(fsckFileSchema),
  /** There were more entries than one answer holds; the counts are of all. */
  truncated: z.boolean(),
});
export type FsckBlock = z.infer<typeof fsckBlockSchema>;
export type FsckFile = z.infer<typeof fsckFileSchema>;
export type FsckReport = z.infer<typeof fsckReportSchema>;
