import type { MessageInitShape } from '@bufbuild/protobuf';
import { createHash } from 'node:crypto';
import type { Session } from '../driver/session.ts';
import type { ExplainMode } from '../driver/session-services.ts';
import type { LogicalPlan } from '../plan/logical.ts';
import { commandFromProto } from './from-proto/command.ts';
import { relationFromProto } from './from-proto/relation.ts';
import {
  AnalyzePlanRequest_Explain_ExplainMode as ExplainModeMessage, type AnalyzePlanRequest, type AnalyzePlanResponseSchema, type Plan as PlanMessage,
} from './generated/spark/connect/base_pb.ts';
import { invalidPlan, required, unsupported } from './invalid-plan.ts';
import { schemaToProto, typeToProto } from './to-proto.ts';
import { treeString } from './tree-string.ts';

/** The version of Spark whose protocol and behaviour clients may expect. */
const sparkVersion = '4.2.0';

type Result = NonNullable<MessageInitShape<typeof AnalyzePlanResponseSchema>['result']>;

/** Answers questions about a plan without running it. Throws `SparkError`. */
export async function analyzePlan(message: AnalyzePlanRequest, session: Session, signal: AbortSignal): Promise<Result> {
  const request = message.analyze;
  const read = (plan: PlanMessage | undefined): LogicalPlan => planOf(required(plan, 'the plan to analyse'), session);
  switch (request.case) {
    case 'schema':
      return { case: 'schema', value: { schema: schemaToProto(await session.schemaOf(read(request.value.plan), signal)) } };
    case 'explain':
      return { case: 'explain', value: { explainString: await session.explain(read(request.value.plan), explainMode(request.value.explainMode), signal) } };
    case 'treeString':
      return { case: 'treeString', value: { treeString: treeString(await session.schemaOf(read(request.value.plan), signal), request.value.level) } };
    case 'isLocal':
      return { case: 'isLocal', value: { isLocal: ['localArrow', 'values', 'oneRow'].includes(read(request.value.plan).kind) } };
    case 'isStreaming':
      return { case: 'isStreaming', value: { isStreaming: false } };
    case 'sparkVersion':
      return { case: 'sparkVersion', value: { version: sparkVersion } };
    case 'ddlParse':
      return { case: 'ddlParse', value: { parsed: parseDdl(request.value.ddlString, session) } };
    case 'sameSemantics':
      return { case: 'sameSemantics', value: { result: canonical(read(request.value.targetPlan)) === canonical(read(request.value.otherPlan)) } };
    case 'semanticHash':
      return { case: 'semanticHash', value: { result: createHash('sha256').update(canonical(read(request.value.plan))).digest().readInt32BE() } };
    case 'persist':
      throw unsupported('caching a DataFrame (cache, persist)', 'Without it the DataFrame is computed each time it is used, with the same rows.');
    // Nothing is ever cached, so these have true answers.
    case 'unpersist':
      return { case: 'unpersist', value: {} };
    case 'getStorageLevel':
      return { case: 'getStorageLevel', value: { storageLevel: { useDisk: false, useMemory: false, useOffHeap: false, deserialized: false, replication: 1 } } };
    case 'inputFiles': case 'jsonToDdl':
      throw unsupported(`the analysis ${request.case} of Spark Connect`);
    case undefined:
      throw invalidPlan('an analysis request without a type');
    default:
      return request satisfies never;
  }
}

/** Relations, and commands whose plan can be looked at. */
function planOf(message: PlanMessage, session: Session): LogicalPlan {
  if (message.opType.case === 'root') return relationFromProto(message.opType.value, session.parser);
  if (message.opType.case === 'compressedOperation') throw unsupported('compressed plans', 'Set spark.connect.session.planCompression.threshold to -1.');
  if (message.opType.case === undefined) throw invalidPlan('a plan without a root');
  const read = commandFromProto(message.opType.value, session.parser);
  if (read.kind === 'sql') return relationFromProto(read.relation, session.parser);
  if ('plan' in read.command) return read.command.plan;
  throw unsupported(`the analysis of the command ${read.command.kind}`);
}

function explainMode(mode: ExplainModeMessage): ExplainMode {
  switch (mode) {
    case ExplainModeMessage.SIMPLE: return 'simple';
    case ExplainModeMessage.EXTENDED: return 'extended';
    case ExplainModeMessage.FORMATTED: return 'formatted';
    case ExplainModeMessage.CODEGEN: throw unsupported('EXPLAIN CODEGEN');
    case ExplainModeMessage.COST: throw unsupported('EXPLAIN COST');
    default: throw invalidPlan(`the explain mode ${String(mode)} is unknown`);
  }
}

/** One type (`int`) or a column list (`a int, b string`); a lone type is wrapped by the client. */
function parseDdl(text: string, session: Session): ReturnType<typeof typeToProto> {
  try {
    return schemaToProto(session.parser.schema(text));
  } catch (error) {
    try {
      return typeToProto(session.parser.type(text));
    } catch {
      throw error;
    }
  }
}

/** Plans that differ in ids only are the same text. */
function canonical(plan: LogicalPlan): string {
  return JSON.stringify(plan, (key, value: unknown) => {
    if (key === 'planId' || key === 'origin') return undefined;
    if (typeof value === 'bigint') return `${value}n`;
    return value instanceof Uint8Array ? createHash('sha256').update(value).digest('base64') : value;
  });
}
