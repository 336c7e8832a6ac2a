import type { Relation as RelationMessage, SQL as SqlMessage } from '../generated/spark/connect/relations_pb.ts';
import type { SqlArguments } from '../../plan/context.ts';
import { invalidPlan, unsupported } from '../invalid-plan.ts';
import { expressionFromProto } from './expression.ts';
import { literalFromProto } from './literal.ts';
import type { TextParser } from './parser.ts';

/** Arguments come as expressions, or from old clients as literals. */
export function sqlArgumentsFromProto(message: SqlMessage, parser: TextParser): SqlArguments {
  const named = [
    ...Object.entries(message.args).map(([name, literal]) => [name, literalFromProto(literal, parser)] as const),
    ...Object.entries(message.namedArguments).map(([name, value]) => [name, expressionFromProto(value, parser)] as const),
  ];
  const positional = [
    ...message.posArgs.map((literal) => literalFromProto(literal, parser)),
    ...message.posArguments.map((value) => expressionFromProto(value, parser)),
  ];
  if (named.length > 0 && positional.length > 0) throw invalidPlan('SQL text has both named and positional arguments');
  if (named.length > 0) return { named: Object.fromEntries(named) };
  return positional.length > 0 ? { positional } : {};
}

/** The SQL of a `spark.sql` command, and whether DataFrames came with it as arguments. */
export function sqlOfCommand(message: RelationMessage): { readonly sql: SqlMessage; readonly hasReferences: boolean } {
  const relation = message.relType;
  if (relation.case === 'sql') return { sql: relation.value, hasReferences: false };
  if (relation.case !== 'withRelations') throw invalidPlan('the input of an SQL command is not SQL');
  const root = relation.value.root?.relType;
  if (root?.case !== 'sql') throw unsupported('references of a relation other than SQL');
  return { sql: root.value, hasReferences: relation.value.references.length > 0 };
}
