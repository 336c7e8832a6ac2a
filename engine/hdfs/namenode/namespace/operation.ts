/**
 * All that is journaled: every change of the name space, as the active namenode decided it. What applying one does follows from the state and the
 * operation alone, so time and keys stand in it.
 */
import type { Block } from '../../model.ts';

export interface Identity {
  readonly user: string;
  /** The first one is the group of what has no parent to take it from. */
  readonly groups: readonly string[];
  /** The superuser, a member of the supergroup, or permissions are off. */
  readonly bypass: boolean;
}

interface Base {
  readonly by: Identity;
  /** The active namenode's clock when it proposed this. */
  readonly atMs: number;
  /** The same for a call that is repeated: then the first answer is given again and nothing changes. */
  readonly callId?: string | undefined;
}

export interface Mkdirs extends Base { readonly kind: 'mkdirs'; readonly path: string; readonly permission: number; readonly createParent: boolean }
export interface Create extends Base {
  readonly kind: 'create';
  readonly path: string;
  readonly client: string;
  readonly permission: number;
  readonly overwrite: boolean;
  readonly createParent: boolean;
  readonly replication: number;
  readonly blockBytes: number;
}
export interface Append extends Base { readonly kind: 'append'; readonly path: string; readonly client: string }
export interface AddBlock extends Base { readonly kind: 'addBlock'; readonly fileId: number; readonly client: string; readonly previous?: Block | undefined }
export interface AbandonBlock extends Base { readonly kind: 'abandonBlock'; readonly fileId: number; readonly client: string; readonly block: Block }
/** updateBlockForPipeline: takes a stamp; the block keeps its own until `updatePipeline`. */
export interface TakeStamp extends Base { readonly kind: 'takeStamp'; readonly fileId: number; readonly client: string; readonly block: Block }
export interface UpdatePipeline extends Base { readonly kind: 'updatePipeline'; readonly fileId: number; readonly client: string; readonly old: Block; readonly next: Block }
export interface PersistLength extends Base { readonly kind: 'persistLength'; readonly fileId: number; readonly client: string; readonly last: Block }
export interface Complete extends Base { readonly kind: 'complete'; readonly fileId: number; readonly client: string; readonly last?: Block | undefined }
export interface Truncate extends Base { readonly kind: 'truncate'; readonly path: string; readonly bytes: number; readonly client: string }
/** The active namenode takes an open file from its writer: the last block gets a new stamp and will be recovered, or the file is closed at once. */
export interface RecoverLease extends Base { readonly kind: 'recoverLease'; readonly fileId: number }
/** Datanodes have agreed on the last block. Bytes 0: nobody has anything of it, and it goes. Closes the file. */
export interface CommitRecovery extends Base { readonly kind: 'commitRecovery'; readonly old: Block; readonly next: Block }
export interface Rename extends Base { readonly kind: 'rename'; readonly from: string; readonly to: string }
export interface RenameWith extends Base { readonly kind: 'renameWith'; readonly from: string; readonly to: string; readonly overwrite: boolean; readonly toTrash: boolean }
export interface Delete extends Base {
  readonly kind: 'delete';
  readonly path: string;
  readonly recursive: boolean;
  /** Only while this writer has this file open. */
  readonly writer?: { readonly fileId: number; readonly client: string } | undefined;
}
export interface Concat extends Base { readonly kind: 'concat'; readonly path: string; readonly sources: readonly string[] }
export interface SetReplication extends Base { readonly kind: 'setReplication'; readonly path: string; readonly replication: number }
export interface SetPermission extends Base { readonly kind: 'setPermission'; readonly path: string; readonly permission: number }
export interface SetOwner extends Base { readonly kind: 'setOwner'; readonly path: string; readonly owner?: string | undefined; readonly group?: string | undefined }
export interface SetTimes extends Base { readonly kind: 'setTimes'; readonly path: string; readonly modifiedMs?: number | undefined; readonly accessedMs?: number | undefined }
export interface SetQuota extends Base { readonly kind: 'setQuota'; readonly path: string; readonly nameQuota?: number | undefined; readonly spaceQuotaBytes?: number | undefined }
/** `key`: base64 of the secret that signs tokens from now on. */
export interface AddTokenKey extends Base { readonly kind: 'addTokenKey'; readonly key: string; readonly expiresMs: number }
export interface IssueToken extends Base { readonly kind: 'issueToken'; readonly renewer: string; readonly lifeMs: number; readonly renewMs: number }
export interface RenewToken extends Base { readonly kind: 'renewToken'; readonly sequence: number; readonly renewMs: number }
export interface CancelToken extends Base { readonly kind: 'cancelToken'; readonly sequence: number }
/** The whole set of datanodes that are to go. */
export interface SetLeaving extends Base { readonly kind: 'setLeaving'; readonly datanodes: readonly string[] }

export type NamespaceOperation =
  | Mkdirs | Create | Append | AddBlock | AbandonBlock | TakeStamp | UpdatePipeline | PersistLength | Complete | Truncate | RecoverLease | CommitRecovery
  | Rename | RenameWith | Delete | Concat | SetReplication | SetPermission | SetOwner | SetTimes | SetQuota | AddTokenKey | IssueToken | RenewToken | CancelToken
  | SetLeaving;

/** What `apply` gives back, by kind. */
export interface OperationResults {
  readonly mkdirs: boolean;
  readonly create: { readonly fileId: number };
  /** `reopened`: the last block is not full and goes on under this stamp. */
  readonly append: { readonly fileId: number; readonly reopened?: Block | undefined };
  readonly addBlock: Block;
  readonly abandonBlock: undefined;
  readonly takeStamp: Block;
  readonly updatePipeline: undefined;
  readonly persistLength: undefined;
  readonly complete: undefined;
  /** `recover`: the last block is to be cut to `bytes` by its datanodes under the stamp. */
  readonly truncate: { readonly done: boolean; readonly recover?: Block | undefined };
  /** `recover`: has the stamp that the replicas are to take. None: the file is closed. */
  readonly recoverLease: { readonly closed: boolean; readonly recover?: Block | undefined };
  readonly commitRecovery: undefined;
  readonly rename: boolean;
  readonly renameWith: undefined;
  readonly delete: boolean;
  readonly concat: undefined;
  readonly setReplication: boolean;
  readonly setPermission: undefined;
  readonly setOwner: undefined;
  readonly setTimes: undefined;
  readonly setQuota: undefined;
  readonly addTokenKey: undefined;
  readonly issueToken: { readonly sequence: number };
  readonly renewToken: number;
  readonly cancelToken: undefined;
  readonly setLeaving: undefined;
}

export type OperationKind = NamespaceOperation['kind'];
export type OperationOf<K extends OperationKind> = Extract<NamespaceOperation, { readonly kind: K }>;
