import type { Relation as RelationMessage } from '../generated/spark/connect/relations_pb.ts';
import { Aggregate_GroupType as GroupType, Join_JoinType as JoinTypeMessage, SetOperation_SetOpType as SetOpType }
  from '../generated/spark/connect/relations_pb.ts';
import type { Expression as ExpressionMessage } from '../generated/spark/connect/expressions_pb.ts';
import type { Expression } from '../../plan/expression.ts';
import type { JoinType, LogicalPlan } from '../../plan/logical.ts';
import { invalidPlan, required, unsupported } from '../invalid-plan.ts';
import { expressionFromProto, sortOrderFromProto } from './expression.ts';
import { identifierParts } from './identifier.ts';
import { localRelationFromProto } from './local-relation.ts';
import type { TextParser } from './parser.ts';
import { sqlArgumentsFromProto } from './sql.ts';

/** Deeper plans would exhaust the stack of whoever walks them. */
const depthMax = 1000;

/** A relation message as a logical plan; `planId` is kept on the node. Throws `SparkError` naming what is not supported. */
export function relationFromProto(message: RelationMessage, parser: TextParser, depth = 0): LogicalPlan {
  if (depth > depthMax) throw unsupported(`a plan nested deeper than ${depthMax} relations`);
  const plan = new RelationReader(parser, depth).read(message);
  const planId = message.common?.planId;
  return planId === undefined ? plan : { ...plan, planId };
}

type Relations = NonNullable<RelationMessage['relType']>;
type Value<Case extends Relations['case']> = Extract<Relations, { case: Case }>['value'];

class RelationReader {
  readonly #parser: TextParser;
  readonly #depth: number;

  constructor(parser: TextParser, depth: number) {
    this.#parser = parser;
    this.#depth = depth;
  }

  read(message: RelationMessage): LogicalPlan {
    const relation = message.relType;
    switch (relation.case) {
      case 'read': return this.#source(relation.value);
      case 'project': return this.#project(relation.value);
      case 'filter': return { kind: 'filter', child: this.#child(relation.value.input), condition: this.#expression(relation.value.condition, 'the condition of a filter') };
      case 'join': return this.#join(relation.value);
      case 'setOp': return this.#setOperation(relation.value);
      case 'sort': return { kind: 'sort', child: this.#child(relation.value.input), order: relation.value.order.map((each) => sortOrderFromProto(each, this.#parser)), global: relation.value.isGlobal ?? false };
      case 'limit': return { kind: 'limit', child: this.#child(relation.value.input), count: natural(relation.value.limit, 'limit') };
      case 'offset': return { kind: 'offset', child: this.#child(relation.value.input), count: natural(relation.value.offset, 'offset') };
      case 'aggregate': return this.#aggregate(relation.value);
      case 'sql': return this.#parser.query(relation.value.query, sqlArgumentsFromProto(relation.value, this.#parser));
      case 'localRelation': return localRelationFromProto(relation.value, this.#parser);
      case 'deduplicate': return this.#deduplicate(relation.value);
      case 'range': return this.#range(relation.value);
      case 'subqueryAlias': return this.#subqueryAlias(relation.value);
      case 'repartition': return this.#repartition(relation.value);
      case 'repartitionByExpression': return this.#repartitionByExpression(relation.value);
      case 'toDf': return { kind: 'toDF', child: this.#child(relation.value.input), names: relation.value.columnNames };
      case 'withColumnsRenamed': return this.#rename(relation.value);
      case 'withColumns': return this.#withColumns(relation.value);
      case 'drop': return { kind: 'drop', child: this.#child(relation.value.input), columns: this.#expressions(relation.value.columns), names: relation.value.columnNames };
      case 'hint': return { kind: 'hint', child: this.#child(relation.value.input), name: relation.value.name.toLowerCase(), arguments: this.#expressions(relation.value.parameters) };
      case 'withRelations': return this.#withRelations(relation.value);
      case 'cachedLocalRelation': case 'chunkedCachedLocalRelation':
        throw unsupported('local data that was uploaded as an artifact', 'Write the data to a file and read it, or raise spark.sql.session.localRelationCacheThreshold.');
      case 'showString': case 'htmlString': case 'catalog':
        throw unsupported(`the relation ${relation.case} inside another relation`);
      case 'sample': case 'tail': case 'unpivot': case 'toSchema': case 'mapPartitions': case 'collectMetrics': case 'parse': case 'groupMap': case 'coGroupMap':
      case 'withWatermark': case 'applyInPandasWithState': case 'cachedRemoteRelation': case 'commonInlineUserDefinedTableFunction': case 'asOfJoin':
      case 'commonInlineUserDefinedDataSource': case 'transpose': case 'unresolvedTableValuedFunction': case 'lateralJoin': case 'relationChanges':
      case 'nearestByJoin': case 'fillNa': case 'dropNa': case 'replace': case 'summary': case 'crosstab': case 'describe': case 'cov': case 'corr':
      case 'approxQuantile': case 'freqItems': case 'sampleBy': case 'mlRelation': case 'extension': case 'unknown':
        throw unsupported(`the relation ${relation.case} of Spark Connect`);
      case undefined: throw invalidPlan('a relation without a type, or of a type that this server does not know');
      default: return relation satisfies never;
    }
  }

  #child(message: RelationMessage | undefined): LogicalPlan {
    return relationFromProto(required(message, 'the input of a relation'), this.#parser, this.#depth + 1);
  }

  #expression(message: ExpressionMessage | undefined, name: string): Expression {
    return expressionFromProto(required(message, name), this.#parser);
  }

  #expressions(messages: readonly ExpressionMessage[]): readonly Expression[] {
    return messages.map((each) => expressionFromProto(each, this.#parser));
  }

  #source(message: Value<'read'>): LogicalPlan {
    if (message.isStreaming) throw unsupported('streaming reads');
    const source = message.readType;
    if (source.case === 'namedTable') {
      if (Object.keys(source.value.options).length > 0) throw unsupported('options of a table', 'Use spark.read.format(…).options(…).load(path).');
      return { kind: 'table', name: identifierParts(source.value.unparsedIdentifier) };
    }
    if (source.case === undefined) throw invalidPlan('a read without a source');
    const { format, schema, options, paths, predicates, sourceName } = source.value;
    if (predicates.length > 0) throw unsupported('predicates of a JDBC read');
    if (sourceName !== undefined && sourceName !== '') throw unsupported('named streaming sources');
    const { path, ...rest } = lowerCaseKeys(options);
    return {
      kind: 'read', format: (format ?? 'parquet').toLowerCase(), paths: path === undefined ? paths : [...paths, path], options: rest,
      ...(schema === undefined || schema === '' ? {} : { schema: this.#parser.schema(schema) }),
    };
  }

  #project(message: Value<'project'>): LogicalPlan {
    const child: LogicalPlan = message.input === undefined ? { kind: 'oneRow' } : this.#child(message.input);
    return { kind: 'project', child, expressions: this.#expressions(message.expressions) };
  }

  #join(message: Value<'join'>): LogicalPlan {
    if (message.joinDataType?.isLeftStruct === true || message.joinDataType?.isRightStruct === true) throw unsupported('joinWith');
    if (message.joinCondition !== undefined && message.usingColumns.length > 0) throw invalidPlan('a join has both a condition and using columns');
    return {
      kind: 'join', left: this.#child(message.left), right: this.#child(message.right), type: joinType(message.joinType), using: message.usingColumns,
      ...(message.joinCondition === undefined ? {} : { condition: this.#expression(message.joinCondition, 'the condition of a join') }),
    };
  }

  #setOperation(message: Value<'setOp'>): LogicalPlan {
    if (message.setOpType !== SetOpType.UNION) {
      const name = message.setOpType === SetOpType.INTERSECT ? 'INTERSECT' : message.setOpType === SetOpType.EXCEPT ? 'EXCEPT' : 'of an unspecified kind';
      throw unsupported(`the set operation ${name}`, 'A left semi or left anti join says the same.');
    }
    const union: LogicalPlan = {
      kind: 'union', left: this.#child(message.leftInput), right: this.#child(message.rightInput),
      byName: message.byName ?? false, allowMissingColumns: message.allowMissingColumns ?? false,
    };
    return message.isAll === true ? union : { kind: 'deduplicate', child: union, columns: [] };
  }

  #aggregate(message: Value<'aggregate'>): LogicalPlan {
    if (message.groupType !== GroupType.GROUPBY) {
      const names = new Map<number, string>([[GroupType.ROLLUP, 'rollup'], [GroupType.CUBE, 'cube'], [GroupType.PIVOT, 'pivot'], [GroupType.GROUPING_SETS, 'grouping sets']]);
      throw unsupported(`aggregation by ${names.get(message.groupType) ?? 'an unspecified grouping'}`);
    }
    return {
      kind: 'aggregate', child: this.#child(message.input), groups: this.#expressions(message.groupingExpressions),
      aggregates: this.#expressions(message.aggregateExpressions), outputGroups: true,
    };
  }

  #deduplicate(message: Value<'deduplicate'>): LogicalPlan {
    if (message.withinWatermark === true) throw unsupported('dropDuplicatesWithinWatermark');
    const all = message.allColumnsAsKeys ?? false;
    if (all === message.columnNames.length > 0) throw invalidPlan('a deduplication names columns or takes all of them, one of both');
    return { kind: 'deduplicate', child: this.#child(message.input), columns: message.columnNames };
  }

  #range(message: Value<'range'>): LogicalPlan {
    if (message.step === 0n) throw invalidPlan('the step of a range is 0');
    return {
      kind: 'range', start: message.start ?? 0n, end: message.end, step: message.step,
      ...(message.numPartitions === undefined ? {} : { partitions: positive(message.numPartitions, 'partitions of a range') }),
    };
  }

  #subqueryAlias(message: Value<'subqueryAlias'>): LogicalPlan {
    if (message.qualifier.length > 0) throw unsupported('a qualified subquery alias');
    return { kind: 'subqueryAlias', child: this.#child(message.input), alias: message.alias };
  }

  /** Without a shuffle this is coalesce, which the hint of that name asks for in SQL too. */
  #repartition(message: Value<'repartition'>): LogicalPlan {
    const partitions = positive(message.numPartitions, 'partitions');
    const child = this.#child(message.input);
    if (message.shuffle === true) return { kind: 'repartition', child, partitions, by: [] };
    return { kind: 'hint', child, name: 'coalesce', arguments: [{ kind: 'literal', value: partitions, type: { kind: 'int' } }] };
  }

  #repartitionByExpression(message: Value<'repartitionByExpression'>): LogicalPlan {
    return {
      kind: 'repartition', child: this.#child(message.input), by: this.#expressions(message.partitionExprs),
      ...(message.numPartitions === undefined ? {} : { partitions: positive(message.numPartitions, 'partitions') }),
    };
  }

  #rename(message: Value<'withColumnsRenamed'>): LogicalPlan {
    const listed = message.renames.map((each) => ({ from: each.colName, to: each.newColName }));
    const renames = listed.length > 0 ? listed : Object.entries(message.renameColumnsMap).map(([from, to]) => ({ from, to }));
    return { kind: 'rename', child: this.#child(message.input), renames };
  }

  #withColumns(message: Value<'withColumns'>): LogicalPlan {
    const columns = message.aliases.map((alias) => {
      const [name, ...more] = alias.name;
      if (name === undefined || more.length > 0) throw invalidPlan('a column of withColumns has exactly one name');
      return { name, expression: this.#expression(alias.expr, `the value of the column ${name}`) };
    });
    return { kind: 'withColumns', child: this.#child(message.input), columns };
  }

  /** `spark.sql("… {df}", df=…)`: the references are named, so they become WITH. */
  #withRelations(message: Value<'withRelations'>): LogicalPlan {
    const definitions = message.references.map((reference) => {
      if (reference.relType.case !== 'subqueryAlias') throw unsupported('subqueries of the DataFrame API', 'Use SQL text, or a join.');
      return { name: reference.relType.value.alias, plan: this.#child(reference.relType.value.input) };
    });
    return { kind: 'with', definitions, child: this.#child(message.root) };
  }
}

function joinType(message: JoinTypeMessage): JoinType {
  switch (message) {
    case JoinTypeMessage.INNER: return 'inner';
    case JoinTypeMessage.FULL_OUTER: return 'full';
    case JoinTypeMessage.LEFT_OUTER: return 'left';
    case JoinTypeMessage.RIGHT_OUTER: return 'right';
    case JoinTypeMessage.LEFT_ANTI: return 'anti';
    case JoinTypeMessage.LEFT_SEMI: return 'semi';
    case JoinTypeMessage.CROSS: return 'cross';
    default: throw invalidPlan(`the join type ${String(message)} is unknown`);
  }
}

function natural(value: number, name: string): number {
  if (value < 0) throw invalidPlan(`the ${name} ${value} is negative`);
  return value;
}

function positive(value: number, name: string): number {
  if (value < 1) throw invalidPlan(`the number of ${name} is ${value}, which is less than 1`);
  return value;
}

/** Spark's options are case-insensitive. */
export function lowerCaseKeys(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
}
