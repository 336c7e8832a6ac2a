/**
 * Errors on the wire: a gRPC status whose trailer `grpc-status-details-bin` is a google.rpc.Status holding an ErrorInfo with
 * the error class, SQLSTATE and parameters. Clients then ask FetchErrorDetails for the whole of it.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Metadata, status, type ServerErrorResponse, type StatusObject } from '@grpc/grpc-js';
import { AbortedError } from '../../core/abort.ts';
import { SparkError } from '../plan/spark-error.ts';
import { ErrorInfoSchema } from './generated/google/rpc/error_details_pb.ts';
import { StatusSchema } from './generated/google/rpc/status_pb.ts';
import { FetchErrorDetailsResponse_ErrorSchema, type FetchErrorDetailsResponse_Error as ErrorDetails } from './generated/spark/connect/base_pb.ts';

/** Trailers larger than what HTTP/2 peers take would lose the whole status. */
const messageCharactersMax = 2048;
const parametersCharactersMax = 1024;

/** Whatever was thrown, as the error that users see. */
export function toSparkError(error: unknown): SparkError {
  if (error instanceof SparkError) return error;
  if (error instanceof AbortedError || (error instanceof Error && error.name === 'AbortError')) return operationCanceled(error);
  const message = error instanceof Error ? error.message : String(error);
  return new SparkError({ errorClass: 'INTERNAL_ERROR', sqlState: 'XX000', message: `The engine failed: ${message}`, cause: error });
}

export function operationCanceled(cause?: unknown): SparkError {
  return new SparkError({ errorClass: 'OPERATION_CANCELED', sqlState: 'HY008', message: 'Operation has been canceled.', cause });
}

/** `kind`: FORMAT, SESSION_NOT_FOUND, SESSION_CLOSED, SESSION_CHANGED, OPERATION_NOT_FOUND, OPERATION_ALREADY_EXISTS. */
export function invalidHandle(kind: string, handle: string, explanation: string): SparkError {
  return new SparkError({
    errorClass: `INVALID_HANDLE.${kind}`, sqlState: 'HY000', message: `The handle ${handle} is invalid. ${explanation}`, parameters: { handle },
  });
}

/** `kind`: DISCONNECTED, POSITION_NOT_FOUND, POSITION_NOT_AVAILABLE. */
export function invalidCursor(kind: string, explanation: string): SparkError {
  return new SparkError({ errorClass: `INVALID_CURSOR.${kind}`, sqlState: 'HY109', message: `The cursor is invalid. ${explanation}` });
}

/** The status with its details. `errorId` names the error for FetchErrorDetails. */
export function grpcError(error: SparkError, errorId?: string): ServerErrorResponse & Partial<StatusObject> {
  const parameters = JSON.stringify(error.parameters);
  const info = create(ErrorInfoSchema, {
    reason: exceptionClass(error), domain: 'org.apache.spark',
    metadata: {
      classes: JSON.stringify(exceptionHierarchy(error)), errorClass: error.errorClass, sqlState: error.sqlState,
      ...(parameters.length > parametersCharactersMax ? {} : { messageParameters: parameters }),
      ...(errorId === undefined ? {} : { errorId }),
    },
  });
  const message = error.message.length > messageCharactersMax ? `${error.message.slice(0, messageCharactersMax - 3)}...` : error.message;
  const details = create(StatusSchema, { code: status.INTERNAL, message, details: [anyPack(ErrorInfoSchema, info)] });
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, details)));
  return Object.assign(new Error(message), { code: status.INTERNAL, details: message, metadata });
}

/** The answer of FetchErrorDetails: the error first, then its causes. */
export function errorDetails(error: SparkError): readonly ErrorDetails[] {
  const context = error.origin === undefined ? [] : [{
    contextType: 0, startIndex: error.origin.start, stopIndex: error.origin.stop, fragment: '', objectType: '', objectName: '',
    summary: `line ${error.origin.line}, position ${error.origin.column}`,
  }] as const;
  return [create(FetchErrorDetailsResponse_ErrorSchema, {
    errorTypeHierarchy: exceptionHierarchy(error), message: error.message,
    sparkThrowable: { errorClass: error.errorClass, sqlState: error.sqlState, messageParameters: { ...error.parameters }, queryContexts: [...context] },
  })];
}

/** Clients choose their exception by the class that Spark would have thrown. */
function exceptionHierarchy(error: SparkError): string[] {
  return [exceptionClass(error), ...(exceptionParents[exceptionClass(error)] ?? []), 'java.lang.Exception', 'java.lang.Throwable', 'java.lang.Object'];
}

const analysisException = 'org.apache.spark.sql.AnalysisException';
const exceptionParents: Readonly<Record<string, readonly string[]>> = {
  'org.apache.spark.sql.catalyst.parser.ParseException': [analysisException],
  'org.apache.spark.SparkArithmeticException': ['java.lang.ArithmeticException', 'java.lang.RuntimeException'],
  'org.apache.spark.SparkNumberFormatException': ['java.lang.NumberFormatException', 'java.lang.IllegalArgumentException', 'java.lang.RuntimeException'],
  'org.apache.spark.SparkDateTimeException': ['java.time.DateTimeException', 'java.lang.RuntimeException'],
  'org.apache.spark.SparkUnsupportedOperationException': ['java.lang.UnsupportedOperationException', 'java.lang.RuntimeException'],
  'org.apache.spark.SparkNoSuchElementException': ['java.util.NoSuchElementException', 'java.lang.RuntimeException'],
  'org.apache.spark.SparkRuntimeException': ['java.lang.RuntimeException'],
};

function exceptionClass({ errorClass, sqlState }: SparkError): string {
  if (errorClass.startsWith('PARSE_') || errorClass.startsWith('INVALID_SQL_SYNTAX')) return 'org.apache.spark.sql.catalyst.parser.ParseException';
  if (errorClass === 'SQL_CONF_NOT_FOUND') return 'org.apache.spark.SparkNoSuchElementException';
  if (errorClass.startsWith('UNSUPPORTED_FEATURE')) return 'org.apache.spark.SparkUnsupportedOperationException';
  if (errorClass === 'CAST_INVALID_INPUT') return sqlState === '22018' ? 'org.apache.spark.SparkNumberFormatException' : 'org.apache.spark.SparkDateTimeException';
  if (sqlState === '22003' || sqlState === '22012') return 'org.apache.spark.SparkArithmeticException';
  if (sqlState.startsWith('42') || sqlState.startsWith('46')) return analysisException;
  if (sqlState.startsWith('22')) return 'org.apache.spark.SparkRuntimeException';
  return 'org.apache.spark.SparkException';
}
