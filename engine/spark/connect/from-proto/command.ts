import type { Command as CommandMessage } from '../generated/spark/connect/commands_pb.ts';
import { WriteOperation_SaveMode as SaveModeMessage } from '../generated/spark/connect/commands_pb.ts';
import { create } from '@bufbuild/protobuf';
import { RelationSchema, type Relation as RelationMessage } from '../generated/spark/connect/relations_pb.ts';
import type { Command, SaveMode } from '../../plan/logical.ts';
import { invalidPlan, required, unsupported } from '../invalid-plan.ts';
import type { TextParser } from './parser.ts';
import { lowerCaseKeys, relationFromProto } from './relation.ts';

/** A command message, or the SQL relation of `spark.sql`, which the session looks into before it decides. */
export type ConnectCommand =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'sql'; readonly relation: RelationMessage };

export function commandFromProto(message: CommandMessage, parser: TextParser): ConnectCommand {
  const command = message.commandType;
  switch (command.case) {
    case 'sqlCommand': {
      const { input, sql, args, posArgs, namedArguments, posArguments } = command.value;
      const relation = input ?? create(RelationSchema, { relType: { case: 'sql', value: { query: sql, args, posArgs, namedArguments, posArguments } } });
      return { kind: 'sql', relation };
    }
    case 'createDataframeView': {
      const { input, name, isGlobal, replace } = command.value;
      if (isGlobal) throw unsupported('global temporary views', 'Use createOrReplaceTempView.');
      const plan = relationFromProto(required(input, 'the plan of a view'), parser);
      return { kind: 'command', command: { kind: 'createTempView', name, replace, plan } };
    }
    case 'writeOperation':
      return { kind: 'command', command: writeFromProto(command.value, parser) };
    case 'registerFunction': case 'writeOperationV2': case 'writeStreamOperationStart': case 'streamingQueryCommand': case 'getResourcesCommand':
    case 'streamingQueryManagerCommand': case 'registerTableFunction': case 'streamingQueryListenerBusCommand': case 'registerDataSource':
    case 'createResourceProfileCommand': case 'checkpointCommand': case 'removeCachedRemoteRelationCommand': case 'mergeIntoTableCommand':
    case 'mlCommand': case 'executeExternalCommand': case 'pipelineCommand': case 'extension':
      throw unsupported(`the command ${command.case} of Spark Connect`);
    case undefined:
      throw invalidPlan('a command without a type, or of a type that this server does not know');
    default:
      return command satisfies never;
  }
}

type WriteMessage = Extract<CommandMessage['commandType'], { case: 'writeOperation' }>['value'];

function writeFromProto(message: WriteMessage, parser: TextParser): Command {
  if (message.saveType.case === 'table') throw unsupported(`writing the table ${message.saveType.value.tableName}`, 'Write files: df.write.parquet(path).');
  if (message.bucketBy !== undefined || message.sortColumnNames.length > 0) throw unsupported('bucketBy and sortBy of a write');
  if (message.clusteringColumns.length > 0) throw unsupported('clusterBy of a write');
  if (message.withSchemaEvolution) throw unsupported('schema evolution of a write');
  const { path: optionPath, ...options } = lowerCaseKeys(message.options);
  const path = message.saveType.case === 'path' ? message.saveType.value : optionPath;
  if (path === undefined || path === '') throw invalidPlan('a write without a path');
  return {
    kind: 'write', plan: relationFromProto(required(message.input, 'the plan of a write'), parser), format: (message.source ?? 'parquet').toLowerCase(),
    path, mode: saveMode(message.mode), options, partitionBy: message.partitioningColumns,
  };
}

function saveMode(mode: SaveModeMessage): SaveMode {
  switch (mode) {
    case SaveModeMessage.UNSPECIFIED: case SaveModeMessage.ERROR_IF_EXISTS: return 'error';
    case SaveModeMessage.APPEND: return 'append';
    case SaveModeMessage.OVERWRITE: return 'overwrite';
    case SaveModeMessage.IGNORE: return 'ignore';
    default: throw invalidPlan(`the save mode ${String(mode)} is unknown`);
  }
}
