/** What a task's error means for the job. */
import { AbortedError } from '../../core/abort.ts';
import { RpcError } from '../../net/rpc-error.ts';
import { FileError } from '../../storage/file-system.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { ErrorDetails, TaskFailure } from '../schedule/step-event.ts';
import { FetchError } from './block-fetch.ts';
import { ProgramFailure } from './program-task.ts';

/** Every error becomes a failure with a class and a message of one paragraph; stacks stay in the executor's log. */
export function toTaskFailure(error: unknown, signal: AbortSignal): TaskFailure {
  if (signal.aborted || error instanceof AbortedError) return { kind: 'cancelled' };
  if (error instanceof FetchError) return { kind: 'fetch', missing: error.missing, message: error.message };
  if (error instanceof SparkError) return { kind: 'application', error: detailsOf(error) };
  if (error instanceof FileError) return fileFailure(error);
  if (error instanceof ProgramFailure) return infrastructure('MAP_REDUCE_TASK_FAILED', '38000', error.message);
  if (error instanceof RpcError) return infrastructure('RPC_FAILED', 'XX000', error.message);
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return infrastructure('DISK_FULL', '53100', error.message);
  return kernelFailure(error instanceof Error ? error.message : String(error));
}

export function detailsOf(error: SparkError): ErrorDetails {
  return { errorClass: error.errorClass, sqlState: error.sqlState, message: bareMessage(error), parameters: error.parameters };
}

/** The message without the class and SQLSTATE that `SparkError` puts around it. */
function bareMessage(error: SparkError): string {
  const suffix = ` SQLSTATE: ${error.sqlState}`;
  const start = error.message.slice(`[${error.errorClass}] `.length);
  const end = start.lastIndexOf(suffix);
  return end === -1 ? start : start.slice(0, end);
}

function fileFailure(error: FileError): TaskFailure {
  // Another attempt would find the same: the plan was made for a file that is gone.
  if (error.code === 'Changed') return application('FAILED_READ_FILE.FILE_NOT_EXIST', 'KD001', `Error while reading file ${error.path}: ${error.message}. Run the query again.`);
  return error.code === 'NoSpace' ? infrastructure('DISK_FULL', '53100', error.message) : infrastructure('FILE_ERROR', '58030', error.message);
}

/**
 * Errors that fragments raise themselves read `[CLASS] message SQLSTATE: 00000`. For the kernel's own the only key is
 * the kind at the start of the message: the kernel gives no code.
 */
function kernelFailure(text: string): TaskFailure {
  const raised = /\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\] ([\s\S]*?)(?:\s*SQLSTATE: ([0-9A-Z]{5})[\s\S]*)?$/.exec(text);
  if (raised !== null) {
    const [, errorClass = '', message = '', sqlState] = raised;
    return application(errorClass, sqlState ?? stateOf(errorClass), message.trim());
  }
  const [, kind = '', rest = text] = /^([A-Za-z -]+?) (?:Error|exception): ([\s\S]*)$/i.exec(text) ?? [];
  const message = rest.split(/\n\n(?:LINE \d|Possible solutions)/)[0]?.trim() ?? rest;
  switch (kind) {
    case 'Out of Memory': return infrastructure('OUT_OF_MEMORY', '53200', `The executor's memory does not suffice for the task: ${message}. Raise spec.executor's memory, or run fewer slots.`);
    case 'IO': return ioFailure(message);
    case 'Conversion': return conversionFailure(message);
    case 'Out of Range': return application('ARITHMETIC_OVERFLOW', '22003', message);
    case 'Invalid Input': return application('FAILED_READ_FILE.NO_HINT', 'KD001', message);
    case 'Interrupt': case 'INTERRUPT': return infrastructure('TASK_INTERRUPTED', '57014', 'the query was interrupted');
    case 'Binder': case 'Parser': case 'Catalog': case 'Not implemented': case 'Internal': case 'INTERNAL': case 'Syntax':
      return application('INTERNAL_ERROR', 'XX000', `The kernel refuses a fragment of the plan: ${message}`);
    default: return infrastructure('KERNEL_FAILED', 'XX000', text.split('\n\n')[0] ?? text);
  }
}

function conversionFailure(message: string): TaskFailure {
  if (/out of range/i.test(message)) return application('CAST_OVERFLOW', '22003', message);
  if (/could not cast value .* to DECIMAL/i.test(message)) return application('NUMERIC_VALUE_OUT_OF_RANGE', '22003', message);
  return application('CAST_INVALID_INPUT', '22018', message);
}

function ioFailure(message: string): TaskFailure {
  if (/No space left|disk quota|max_temp_directory_size/i.test(message)) return infrastructure('DISK_FULL', '53100', message);
  if (/No files found|No such file|does not exist/i.test(message)) return application('FAILED_READ_FILE.FILE_NOT_EXIST', 'KD001', message);
  return infrastructure('FILE_ERROR', '58030', message);
}

/** SQLSTATEs of the classes that fragments raise, where the message carries none. */
function stateOf(errorClass: string): string {
  const states: Readonly<Record<string, string>> = {
    DIVIDE_BY_ZERO: '22012', ARITHMETIC_OVERFLOW: '22003', CAST_INVALID_INPUT: '22018', CAST_OVERFLOW: '22003', INVALID_ARRAY_INDEX: '22003',
    NUMERIC_VALUE_OUT_OF_RANGE: '22003', SCALAR_SUBQUERY_TOO_MANY_ROWS: '21000', REMAINDER_BY_ZERO: '22012', DUPLICATED_MAP_KEY: '23505',
    USER_RAISED_EXCEPTION: 'P0001',
  };
  return states[errorClass] ?? states[errorClass.split('.')[0] ?? ''] ?? 'XX000';
}

function application(errorClass: string, sqlState: string, message: string): TaskFailure {
  return { kind: 'application', error: { errorClass, sqlState, message } };
}

function infrastructure(errorClass: string, sqlState: string, message: string): TaskFailure {
  return { kind: 'infrastructure', error: { errorClass, sqlState, message } };
}
