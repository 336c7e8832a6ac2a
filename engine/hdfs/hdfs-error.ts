/** Errors under Hadoop's names: what a Java client rebuilds its exception from. */

/** Exception → Java class and the HTTP status that WebHDFS answers with. */
export const hdfsExceptions = {
  AccessControlException: ['org.apache.hadoop.security.AccessControlException', 403],
  AlreadyBeingCreatedException: ['org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException', 403],
  BlockMissingException: ['org.apache.hadoop.hdfs.BlockMissingException', 403],
  ChecksumException: ['org.apache.hadoop.fs.ChecksumException', 403],
  DSQuotaExceededException: ['org.apache.hadoop.hdfs.protocol.DSQuotaExceededException', 403],
  FileAlreadyExistsException: ['org.apache.hadoop.fs.FileAlreadyExistsException', 403],
  FileNotFoundException: ['java.io.FileNotFoundException', 404],
  HadoopIllegalArgumentException: ['org.apache.hadoop.HadoopIllegalArgumentException', 400],
  IllegalArgumentException: ['java.lang.IllegalArgumentException', 400],
  InvalidPathException: ['org.apache.hadoop.fs.InvalidPathException', 400],
  InvalidToken: ['org.apache.hadoop.security.token.SecretManager$InvalidToken', 403],
  IOException: ['java.io.IOException', 403],
  LeaseExpiredException: ['org.apache.hadoop.hdfs.server.namenode.LeaseExpiredException', 403],
  NotReplicatedYetException: ['org.apache.hadoop.hdfs.server.namenode.NotReplicatedYetException', 403],
  NSQuotaExceededException: ['org.apache.hadoop.hdfs.protocol.NSQuotaExceededException', 403],
  ParentNotDirectoryException: ['org.apache.hadoop.fs.ParentNotDirectoryException', 403],
  PathComponentTooLongException: ['org.apache.hadoop.hdfs.protocol.FSLimitException$PathComponentTooLongException', 403],
  PathIsNotEmptyDirectoryException: ['org.apache.hadoop.fs.PathIsNotEmptyDirectoryException', 403],
  RecoveryInProgressException: ['org.apache.hadoop.hdfs.protocol.RecoveryInProgressException', 403],
  RetriableException: ['org.apache.hadoop.ipc.RetriableException', 403],
  RuntimeException: ['java.lang.RuntimeException', 500],
  SafeModeException: ['org.apache.hadoop.hdfs.server.namenode.SafeModeException', 403],
  SecurityException: ['java.lang.SecurityException', 401],
  StandbyException: ['org.apache.hadoop.ipc.StandbyException', 403],
  UnresolvedLinkException: ['org.apache.hadoop.fs.UnresolvedLinkException', 403],
  UnsupportedOperationException: ['java.lang.UnsupportedOperationException', 400],
} as const satisfies Readonly<Record<string, readonly [javaClassName: string, httpStatus: number]>>;

export type HdfsException = keyof typeof hdfsExceptions;

export class HdfsError extends Error {
  override readonly name = 'HdfsError';
  readonly code: HdfsException;

  /** Hadoop's own wording where clients are known to look at it. */
  constructor(code: HdfsException, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
