import { create } from '@bufbuild/protobuf';
import { RecordBatchReader, type RecordBatch } from 'apache-arrow';
import type { Progress } from '../../contract.ts';
import type { CommandResult, ExecuteOptions } from '../driver/session.ts';
import { resultRows, type ResultBlock } from '../driver/result-text.ts';
import { tableText } from '../driver/table-text.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { Schema } from '../plan/types.ts';
import { emptyBlock } from '../execute/arrow.ts';
import { arrowStream, smallArrowStream } from './arrow-stream.ts';
import { runCatalogRequest } from './catalog-request.ts';
import type { ConnectSession } from './connect-session.ts';
import { commandFromProto } from './from-proto/command.ts';
import { relationFromProto } from './from-proto/relation.ts';
import { sqlArgumentsFromProto, sqlOfCommand } from './from-proto/sql.ts';
import type { Plan as PlanMessage } from './generated/spark/connect/base_pb.ts';
import type { Command as CommandMessage } from './generated/spark/connect/commands_pb.ts';
import { RelationSchema, type Relation as RelationMessage, type ShowString } from './generated/spark/connect/relations_pb.ts';
import { invalidPlan, required, unsupported } from './invalid-plan.ts';
import type { Operation } from './operation.ts';
import { schemaToProto } from './to-proto.ts';

/** Batches above this are cut by rows: clients refuse messages of 128 MiB. */
const batchBytesMax = 16 * 1024 * 1024;

/** Runs the plan and appends its responses to the operation, all but the last (`complete`). Throws `SparkError`. */
export async function executePlan(plan: PlanMessage, { session }: ConnectSession, operation: Operation): Promise<void> {
  const options: ExecuteOptions = { signal: operation.signal, onProgress: (progress) => operation.appendProgress(progressResponse(progress)) };
  const root = plan.opType;
  switch (root.case) {
    case 'root':
      return executeRelation(root.value, session, operation, options);
    case 'command':
      return executeCommand(root.value, session, operation, options);
    case 'compressedOperation':
      throw unsupported('compressed plans', 'Set spark.connect.session.planCompression.threshold to -1.');
    case undefined:
      throw invalidPlan('a plan without a root');
    default:
      return root satisfies never;
  }
}

type Session = ConnectSession['session'];

async function executeRelation(message: RelationMessage, session: Session, operation: Operation, options: ExecuteOptions): Promise<void> {
  switch (message.relType.case) {
    case 'showString': {
      const text = await showString(message.relType.value, session, options);
      return appendRows(operation, [{ name: 'show_string', type: { kind: 'string' }, nullable: false }], [[text]]);
    }
    case 'catalog': {
      const { schema, rows } = runCatalogRequest(message.relType.value, session);
      return appendRows(operation, schema, rows);
    }
    default: {
      const result = await session.execute({ kind: 'query', plan: relationFromProto(message, session.parser) }, options);
      if (result.kind !== 'rows') throw new Error(`a query answered ${result.kind}`);
      return appendBlocks(operation, result.schema, result.blocks);
    }
  }
}

async function executeCommand(message: CommandMessage, session: Session, operation: Operation, options: ExecuteOptions): Promise<void> {
  const read = commandFromProto(message, session.parser);
  if (read.kind === 'command') {
    await session.execute(read.command, options);
    return;
  }
  const relation = await sqlCommand(read.relation, session, options);
  operation.append({ responseType: { case: 'sqlCommandResult', value: { relation } } });
}

/** A query is answered by its own relation, which the client runs when it wants rows; anything else runs now. */
async function sqlCommand(message: RelationMessage, session: Session, options: ExecuteOptions): Promise<RelationMessage> {
  const { sql, hasReferences } = sqlOfCommand(message);
  const [command, ...more] = session.parser.statements(sql.query, sqlArgumentsFromProto(sql, session.parser));
  if (command === undefined || more.length > 0) {
    throw new SparkError({ errorClass: 'PARSE_SYNTAX_ERROR', sqlState: '42601', message: `spark.sql takes one statement; the text holds ${command === undefined ? 0 : more.length + 1}.` });
  }
  if (command.kind === 'query') {
    await session.schemaOf(relationFromProto(message, session.parser), options.signal);
    return message;
  }
  if (hasReferences) throw unsupported('DataFrames as arguments of a statement that is not a query', 'Create a temporary view of each.');
  return localRelation(await session.execute(command, options));
}

/** The rows of a command that has run, as a relation that holds them. */
function localRelation(result: CommandResult): RelationMessage {
  const columns = result.kind === 'text' ? result.columns : [];
  const rows = result.kind === 'text' ? result.rows : [];
  const data = smallArrowStream(columns.map((name) => ({ name, type: { kind: 'string' }, nullable: true })), rows);
  return create(RelationSchema, { relType: { case: 'localRelation', value: { data } } });
}

/** One row more than shown is asked for: it tells whether there are more. */
async function showString(message: ShowString, session: Session, options: ExecuteOptions): Promise<string> {
  const child = relationFromProto(required(message.input, 'the input of showString'), session.parser);
  const rowsMax = Math.min(Math.max(message.numRows, 0), 2_147_483_632);
  const result = await session.execute({ kind: 'query', plan: { kind: 'limit', child, count: rowsMax + 1 } }, options);
  if (result.kind !== 'rows') throw new Error(`a query answered ${result.kind}`);
  const rows = resultRows(result.schema, result.blocks, rowsMax + 1, session.timeZone);
  return tableText(result.schema.map((field) => field.name), rows.slice(0, rowsMax), {
    rowsMax, hasMore: rows.length > rowsMax, truncate: message.truncate, vertical: message.vertical,
  });
}

/** Schema first, then each batch as a stream of its own; an empty result still has one batch. */
function appendBlocks(operation: Operation, schema: Schema, blocks: readonly ResultBlock[]): void {
  operation.append({ schema: schemaToProto(schema) });
  let rows = 0n;
  const append = (data: Uint8Array, count: number): void => {
    operation.append({ responseType: { case: 'arrowBatch', value: { data, rowCount: BigInt(count), startOffset: rows } } });
    rows += BigInt(count);
  };
  for (const block of blocks.filter((each) => each.rows > 0)) {
    const batches = [...RecordBatchReader.from(block.data)].filter((batch) => batch.numRows > 0);
    if (batches.length === 1 && block.data.length <= batchBytesMax) append(block.data, block.rows);
    else for (const piece of batches.flatMap((batch) => pieces(batch, block.data.length / batches.length))) append(arrowStream(piece), piece.numRows);
  }
  if (rows === 0n) append(emptyBlock(schema), 0);
}

function pieces(batch: RecordBatch, bytes: number): readonly RecordBatch[] {
  const count = Math.min(batch.numRows, Math.ceil(bytes / batchBytesMax));
  const rows = Math.ceil(batch.numRows / count);
  return Array.from({ length: Math.ceil(batch.numRows / rows) }, (_, index) => batch.slice(index * rows, Math.min((index + 1) * rows, batch.numRows)));
}

function appendRows(operation: Operation, schema: Schema, rows: readonly (readonly (string | boolean | null)[])[]): void {
  appendBlocks(operation, schema, [{ data: smallArrowStream(schema, rows), rows: rows.length }]);
}

/** Counts of all stages as one: that is what clients draw. */
function progressResponse({ tasks }: Progress): Parameters<Operation['append']>[0] {
  return { responseType: { case: 'executionProgress', value: {
    stages: [{ stageId: 0n, numTasks: BigInt(tasks.total), numCompletedTasks: BigInt(tasks.completed), inputBytesRead: 0n, done: tasks.completed === tasks.total }],
    numInflightTasks: BigInt(tasks.running),
  } } };
}
