import type { Expression as ExpressionMessage, Expression_SortOrder as SortOrderMessage } from '../generated/spark/connect/expressions_pb.ts';
import { Expression_Cast_EvalMode as EvalMode, Expression_SortOrder_NullOrdering as NullOrdering, Expression_SortOrder_SortDirection as Direction }
  from '../generated/spark/connect/expressions_pb.ts';
import type { Expression } from '../../plan/expression.ts';
import { invalidPlan, required, unsupported } from '../invalid-plan.ts';
import { identifierParts } from './identifier.ts';
import { literalFromProto } from './literal.ts';
import type { TextParser } from './parser.ts';
import { typeFromProto } from './type.ts';

/** An expression message as an unresolved expression. Throws `SparkError` naming what the engine does not support. */
export function expressionFromProto(message: ExpressionMessage, parser: TextParser): Expression {
  const read = (each: ExpressionMessage | undefined, name: string): Expression => expressionFromProto(required(each, name), parser);
  const readAll = (each: readonly ExpressionMessage[]): readonly Expression[] => each.map((one) => expressionFromProto(one, parser));
  const expression = message.exprType;
  switch (expression.case) {
    case 'literal':
      return literalFromProto(expression.value, parser);
    case 'unresolvedAttribute':
      if (expression.value.isMetadataColumn === true) throw unsupported('metadata columns');
      return { kind: 'column', name: identifierParts(expression.value.unparsedIdentifier), ...planId(expression.value.planId) };
    case 'unresolvedStar':
      return { kind: 'star', target: starTarget(expression.value.unparsedTarget), ...planId(expression.value.planId) };
    case 'unresolvedFunction': {
      const { functionName, isDistinct } = expression.value;
      return { kind: 'call', name: functionName.toLowerCase(), arguments: readAll(expression.value.arguments), ...(isDistinct ? { distinct: true } : {}) };
    }
    case 'callFunction':
      return { kind: 'call', name: expression.value.functionName.toLowerCase(), arguments: readAll(expression.value.arguments) };
    case 'expressionString':
      return { kind: 'text', text: expression.value.expression };
    case 'alias': {
      const [name, ...more] = expression.value.name;
      if (more.length > 0) throw unsupported('an alias of several columns');
      return { kind: 'alias', child: read(expression.value.expr, 'the child of an alias'), name: required(name, 'the name of an alias') };
    }
    case 'cast':
      return castFromProto(expression.value, parser);
    case 'sortOrder':
      return sortOrderFromProto(expression.value, parser);
    case 'unresolvedExtractValue':
      return { kind: 'extract', child: read(expression.value.child, 'the child of an extraction'), key: read(expression.value.extraction, 'the key of an extraction') };
    case 'unresolvedRegex': case 'lambdaFunction': case 'window': case 'updateFields': case 'unresolvedNamedLambdaVariable':
    case 'namedArgumentExpression': case 'mergeAction': case 'typedAggregateExpression': case 'subqueryExpression': case 'directShufflePartitionId':
    case 'extension':
      throw unsupported(`the expression ${expression.case} of Spark Connect`);
    case 'commonInlineUserDefinedFunction':
      throw unsupported(`the user-defined function ${expression.value.functionName}`, 'Use built-in functions.');
    case undefined:
      throw invalidPlan('an expression without a type');
    default:
      return expression satisfies never;
  }
}

/** Nulls come first in ascending order and last in descending order unless the message says otherwise. */
export function sortOrderFromProto(message: SortOrderMessage, parser: TextParser): Expression {
  const direction = message.direction === Direction.DESCENDING ? 'desc' : 'asc';
  const byDirection = direction === 'asc' ? 'first' : 'last';
  const nulls = message.nullOrdering === NullOrdering.SORT_NULLS_FIRST ? 'first'
    : message.nullOrdering === NullOrdering.SORT_NULLS_LAST ? 'last' : byDirection;
  return { kind: 'sortOrder', child: expressionFromProto(required(message.child, 'the child of a sort order'), parser), direction, nulls };
}

type CastMessage = Extract<ExpressionMessage['exprType'], { case: 'cast' }>['value'];

function castFromProto(message: CastMessage, parser: TextParser): Expression {
  const target = message.castToType;
  if (target.case === undefined) throw invalidPlan('a cast without a type');
  if (message.evalMode === EvalMode.LEGACY) throw unsupported('casts in legacy mode');
  return {
    kind: 'cast', child: expressionFromProto(required(message.expr, 'the child of a cast'), parser),
    type: target.case === 'type' ? typeFromProto(target.value, parser) : parser.type(target.value),
    mode: message.evalMode === EvalMode.TRY ? 'try' : 'default',
  };
}

/** `a.b.*` → `[a, b]`; `*` alone → `[]`. */
function starTarget(text: string | undefined): readonly string[] {
  if (text === undefined || text === '' || text === '*') return [];
  if (!text.endsWith('.*')) throw invalidPlan(`the target '${text}' of a star does not end in '.*'`);
  return identifierParts(text.slice(0, -2));
}

function planId(id: bigint | undefined): { readonly planId?: bigint } {
  return id === undefined ? {} : { planId: id };
}
