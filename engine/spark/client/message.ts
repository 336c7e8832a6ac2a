/**
 * Protocol messages as plain objects. Columns and DataFrames are built from these, so that a script's start does not
 * load the protocol; the transport turns them into messages.
 */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PlanSchema } from '../connect/generated/spark/connect/base_pb.ts';
import type { CommandSchema } from '../connect/generated/spark/connect/commands_pb.ts';
import type { ExpressionSchema, Expression_LiteralSchema } from '../connect/generated/spark/connect/expressions_pb.ts';
import type { RelationSchema } from '../connect/generated/spark/connect/relations_pb.ts';

export type ExpressionInit = MessageInitShape<typeof ExpressionSchema>;
export type LiteralInit = MessageInitShape<typeof Expression_LiteralSchema>;
export type RelationInit = MessageInitShape<typeof RelationSchema>;
export type CommandInit = MessageInitShape<typeof CommandSchema>;
export type PlanInit = MessageInitShape<typeof PlanSchema>;
export type RelationType = NonNullable<Exclude<RelationInit, { $typeName: string }>['relType']>;
export type ExpressionType = NonNullable<Exclude<ExpressionInit, { $typeName: string }>['exprType']>;

/** Numbers of the protocol's enums (relations.proto, expressions.proto, commands.proto); a test holds them against the generated ones. */
export const joinTypes = { inner: 1, full: 2, left: 3, right: 4, anti: 5, semi: 6, cross: 7 } as const;
export const unionType = 2;
export const groupByType = 1;
export const sortDirections = { asc: 1, desc: 2 } as const;
export const nullOrderings = { first: 1, last: 2 } as const;
export const tryEvalMode = 3;
export const saveModes = { append: 1, overwrite: 2, error: 3, errorifexists: 3, ignore: 4 } as const;
export const explainModes = { simple: 1, extended: 2, formatted: 5 } as const;
export const interruptOperation = 3;
