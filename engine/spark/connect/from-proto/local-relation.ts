import type { LocalRelation } from '../generated/spark/connect/relations_pb.ts';
import type { LogicalPlan } from '../../plan/logical.ts';
import type { Schema } from '../../plan/types.ts';
import { emptyBlock } from '../../execute/arrow.ts';
import { invalidPlan } from '../invalid-plan.ts';
import { schemaFromJson } from '../schema-json.ts';
import type { TextParser } from './parser.ts';

/** Rows that came with the plan. The schema is JSON (PySpark) or a column list; without data the relation is empty. */
export function localRelationFromProto(message: LocalRelation, parser: TextParser): LogicalPlan {
  const schema = message.schema === undefined || message.schema === '' ? undefined : schemaFromText(message.schema, parser);
  if (message.data !== undefined && message.data.length > 0) return { kind: 'localArrow', data: message.data, ...(schema === undefined ? {} : { schema }) };
  if (schema === undefined) throw invalidPlan('a local relation has neither data nor a schema');
  return { kind: 'localArrow', data: emptyBlock(schema), schema };
}

export function schemaFromText(text: string, parser: TextParser): Schema {
  return text.trimStart().startsWith('{') ? schemaFromJson(text) : parser.schema(text);
}
