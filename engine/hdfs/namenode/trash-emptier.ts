/**
 * Empties trash as HDFS does: what was deleted lies below `/user/<name>/.Trash/Current`; at each checkpoint `Current` gets the time as its name, and
 * checkpoints older than the interval are deleted.
 */
import { HdfsError } from '../hdfs-error.ts';
import { nameNodeIdentity, ownChange, type NameNodeContext } from './name-node-context.ts';
import { checkpointAt, checkpointTime, trashOf } from './namespace/trash.ts';

const minuteMs = 60_000;
const current = 'Current';

export interface TrashRule {
  readonly intervalMinutes: number;
  /** 0: as the interval. */
  readonly checkpointMinutes: number;
}

/** Checkpoints happen at multiples of this; undefined when there is no trash. */
export function checkpointEveryMs({ intervalMinutes, checkpointMinutes }: TrashRule): number | undefined {
  if (intervalMinutes <= 0) return undefined;
  return (checkpointMinutes > 0 ? Math.min(checkpointMinutes, intervalMinutes) : intervalMinutes) * minuteMs;
}

export interface TrashPlan {
  /** Names below `.Trash`. */
  readonly remove: readonly string[];
  readonly rename: { readonly from: string; readonly to: string } | undefined;
}

/** What happens to one user's trash, of the names in it. */
export function planTrash(names: readonly string[], rule: TrashRule, nowMs: number): TrashPlan {
  const oldest = nowMs - rule.intervalMinutes * minuteMs;
  const remove = names.filter((name) => {
    const madeMs = checkpointTime(name.replace(/-\d+$/, ''));
    return madeMs !== undefined && madeMs <= oldest;
  });
  if (!names.includes(current)) return { remove, rename: undefined };
  const base = checkpointAt(nowMs);
  let to = base;
  for (let count = 1; names.includes(to); count += 1) to = `${base}-${count}`;
  return { remove, rename: { from: current, to } };
}

/** All users' trash, once. A user whose trash cannot be emptied stops nobody else's. */
export async function emptyTrash(context: NameNodeContext): Promise<void> {
  const rule: TrashRule = { intervalMinutes: context.config.trashIntervalMinutes, checkpointMinutes: context.config.trashCheckpointMinutes };
  for (const home of childrenOf(context, '/user')) {
    const trash = trashOf(home);
    const { remove, rename } = planTrash(childrenOf(context, trash), rule, context.clock.wallMs());
    try {
      for (const name of remove) await ownChange<'delete'>(context, { kind: 'delete', path: `${trash}/${name}`, recursive: true });
      if (rename !== undefined) await ownChange<'rename'>(context, { kind: 'rename', from: `${trash}/${rename.from}`, to: `${trash}/${rename.to}` });
      if (remove.length > 0) context.logger.info({ trash, checkpoints: remove.length }, 'trash was emptied');
    } catch (error) {
      if (!(error instanceof HdfsError)) throw error;
      if (error.code === 'StandbyException') throw error;
      context.logger.warn({ trash, reason: error.message }, 'trash could not be emptied');
    }
  }
}

/** Names; none when there is no such directory. */
function childrenOf(context: NameNodeContext, path: string): readonly string[] {
  const by = nameNodeIdentity(context);
  if (context.namespace.fileStatus(by, path)?.kind !== 'directory') return [];
  const names: string[] = [];
  for (let startAfter = ''; ;) {
    const { entries, remaining } = context.namespace.list(by, path, startAfter, 1000);
    names.push(...entries.map((each) => each.name));
    const last = entries.at(-1);
    if (remaining === 0 || last === undefined) return names;
    startAfter = last.name;
  }
}
