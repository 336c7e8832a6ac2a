/** Trash, by Hadoop's conventions: `/user/NAME/.Trash/Current` is moved to a checkpoint named by the time, and checkpoints go when they are old. */

const checkpointName = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$/;

export function homeOf(user: string): string {
  return `/user/${user}`;
}

export function trashOf(user: string): string {
  return `${homeOf(user)}/.Trash`;
}

/** `yyMMddHHmmss`, UTC. */
export function checkpointAt(atMs: number): string {
  return new Date(atMs).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '');
}

/** When a checkpoint was made; undefined for a name that is none. */
export function checkpointTime(name: string): number | undefined {
  const parts = checkpointName.exec(name)?.slice(1);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const ms = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  // No 30th of February: `Date.UTC` would take it for a day in March.
  return checkpointAt(ms) === name.padEnd(12, '0') ? ms : undefined;
}
