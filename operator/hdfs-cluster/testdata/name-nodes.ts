/** Namenodes as tests need them. */
import { NameNodeUnreachable } from '../name-node-client.ts';
import type { NameNodeClient } from '../name-node-client.ts';

/** For operators that have no HdfsCluster. */
export const noNameNodes: NameNodeClient = {
  status: () => Promise.reject(new NameNodeUnreachable('nobody is there')),
  decommission: () => Promise.reject(new NameNodeUnreachable('nobody is there')),
  handover: () => Promise.reject(new NameNodeUnreachable('nobody is there')),
  close: () => undefined,
};
