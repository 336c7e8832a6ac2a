/** All of a state as text, in an order that follows from it alone: two name spaces are equal when their dumps are. */
import { Directory, pathOf, treeOf } from '../inode.ts';
import type { Namespace } from '../namespace.ts';

export function dumpOf(namespace: Namespace): readonly string[] {
  const { tree, tokens, retries } = namespace;
  const inodes = [...treeOf(tree.root)].map((inode) => {
    const { owner, group, permission } = inode.attributes;
    const shared = `${pathOf(inode)} ${inode.id} ${owner}:${group}:${permission.toString(8)} ${inode.modifiedMs}`;
    if (inode instanceof Directory) return `${shared} ${inode.childCount} ${JSON.stringify(inode.quota)}`;
    return `${shared} ${inode.accessedMs} ${inode.layout.replication}x${inode.layout.blockBytes} ${JSON.stringify(inode.blocks)} ${JSON.stringify(inode.construction)}`;
  });
  return [
    `next ${tree.nextInodeId} ${tree.nextBlockId} ${tree.nextStamp}`,
    `counts ${tree.directories} ${tree.files} ${tree.blocks}`,
    `open ${[...tree.openFiles.keys()].toSorted().join(' ')}; ${[...tree.openBlocks].map(([id, file]) => `${id}=${file.id}`).toSorted().join(' ')}`,
    `leaving ${[...tree.leaving].join(' ')}`,
    `tokens ${tokens.nextKeyId} ${tokens.nextSequence} ${JSON.stringify(tokens.keys)} ${JSON.stringify([...tokens.issued.values()])}`,
    ...retries.entries().map((each) => `retry ${JSON.stringify(each)}`),
    ...inodes.toSorted(),
  ];
}
