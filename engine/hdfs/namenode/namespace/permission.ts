/** Who may do what: HDFS's permission model (owner, group, others; sticky directories), after the HDFS Permissions Guide. */
import { HdfsError } from '../../hdfs-error.ts';
import { Directory, pathOf, type Inode } from './inode.ts';
import type { Identity } from './operation.ts';

/** Bits of an access: read 4, write 2, execute 1. */
export const access = { read: 4, write: 2, execute: 1 } as const;
const accessNames = ['NONE', 'EXECUTE', 'WRITE', 'WRITE_EXECUTE', 'READ', 'READ_EXECUTE', 'READ_WRITE', 'ALL'] as const;
export const stickyBit = 0o1000;

/** Throws `HdfsError` AccessControlException. */
export function checkAccessTo(by: Identity, inode: Inode, wanted: number): void {
  if (by.bypass || (allowed(by, inode) & wanted) === wanted) return;
  throw new HdfsError('AccessControlException', `Permission denied: user=${by.user}, access=${accessNames[wanted] ?? String(wanted)}, inode="${pathOf(inode)}":${attributesText(inode)}`);
}

/** Every directory on the way must be passable. */
export function checkTraverse(by: Identity, ancestors: readonly Directory[]): void {
  if (by.bypass) return;
  for (const directory of ancestors) checkAccessTo(by, directory, access.execute);
}

export function checkOwner(by: Identity, inode: Inode): void {
  if (by.bypass || inode.attributes.owner === by.user) return;
  throw new HdfsError('AccessControlException', `Permission denied. user=${by.user} is not the owner of inode=${pathOf(inode)}`);
}

export function checkSuperuser(by: Identity, what: string): void {
  if (!by.bypass) throw new HdfsError('AccessControlException', `Access denied for user ${by.user}. Superuser privilege is required to ${what}.`);
}

/** In a sticky directory only the owner of a child, or of the directory, may remove or move it. */
export function checkSticky(by: Identity, parent: Directory, child: Inode): void {
  if (by.bypass || (parent.attributes.permission & stickyBit) === 0) return;
  if (parent.attributes.owner === by.user || child.attributes.owner === by.user) return;
  throw new HdfsError('AccessControlException', `Permission denied by sticky bit: user=${by.user}, path="${pathOf(child)}":${attributesText(child)}, parent="${pathOf(parent)}":${attributesText(parent)}`);
}

/** Whoever removes a tree must be allowed to empty each of its directories. */
export function checkRemovable(by: Identity, inode: Inode): void {
  if (by.bypass || !(inode instanceof Directory) || inode.childCount === 0) return;
  checkAccessTo(by, inode, access.read | access.write | access.execute);
  for (const child of inode.children()) {
    checkSticky(by, inode, child);
    checkRemovable(by, child);
  }
}

function allowed(by: Identity, inode: Inode): number {
  const { owner, group, permission } = inode.attributes;
  if (owner === by.user) return (permission >> 6) & 7;
  if (by.groups.includes(group)) return (permission >> 3) & 7;
  return permission & 7;
}

/** `alice:staff:drwxr-xr-x` */
function attributesText(inode: Inode): string {
  const { owner, group, permission } = inode.attributes;
  const letters = [6, 3, 0].map((shift) => {
    const bits = (permission >> shift) & 7;
    return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${(bits & 1) === 0 ? '-' : 'x'}`;
  }).join('');
  const sticky = (permission & stickyBit) === 0 ? letters : letters.slice(0, 8) + ((permission & 1) === 0 ? 'T' : 't');
  return `${owner}:${group}:${inode instanceof Directory ? 'd' : '-'}${sticky}`;
}
