/**
 * What an image consists of, in this order:
 *
 *     header     version, then as JSON the counters, keys and tokens
 *     retries    answers kept for calls that are repeated, some at a time, as JSON
 *     directory  then its children: a `child` (a directory, whose own record stands elsewhere), a `file`, or an `openFile` each
 *     end        how many directories, files and blocks there were
 *
 * Owners with permissions, and replications with block sizes, are written once and have a number from then on.
 */
import type { IssuedToken, TokenKey } from './tokens.ts';

export const imageVersion = 2;

export const tag = { header: 1, retries: 2, directory: 3, child: 4, file: 5, openFile: 6, end: 7 } as const;

export interface ImageHeader {
  readonly rootId: number;
  readonly nextInodeId: number;
  readonly nextBlockId: number;
  readonly nextStamp: number;
  readonly leaving: readonly string[];
  readonly tokenKeys: readonly TokenKey[];
  readonly nextKeyId: number;
  readonly nextSequence: number;
  readonly tokens: readonly IssuedToken[];
}
