/** What the analysis of one query carries along. */
import type { Expression } from '../expression.ts';
import type { LogicalPlan } from '../logical.ts';
import type { ResolvedExpression, ResolvedPlan } from '../resolved.ts';
import { AttributeIds } from '../resolved.ts';
import type { Source } from '../source.ts';
import type { Scope } from './scope.ts';

export interface Analysed {
  readonly plan: ResolvedPlan;
  /** What names mean above this node, in the order of `*`. The plan may yield more columns, in another order. */
  readonly scope: Scope;
  /** Lets ORDER BY, HAVING and filters use columns below the select list, and aggregates not in it. */
  readonly reach?: Reach;
  /** A broadcast hint stands on this relation. */
  readonly broadcast?: boolean;
  /** A shuffle hint stands on this relation. */
  readonly shuffle?: boolean;
}

/** Resolves over a node's output first and over what lies below it second; the plan then yields what was added. */
export type Reach = (expressions: readonly Expression[]) => { readonly plan: ResolvedPlan; readonly expressions: readonly ResolvedExpression[] };

/** Plans that a WITH has put in reach by lower-case name. */
export interface Definition {
  readonly plan: LogicalPlan;
  readonly columns: readonly string[] | undefined;
  readonly environment: Environment;
}

export interface Environment {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Relation names that a BROADCAST or SHUFFLE_HASH hint above named, lower case. */
  readonly hints: ReadonlyMap<string, 'broadcast' | 'shuffle'>;
  /** Views being expanded, against recursion. */
  readonly expanding: ReadonlySet<string>;
}

export interface Analysis {
  readonly ids: AttributeIds;
  /** Scopes of the DataFrame plans met so far, by plan id: `df.column` looks here. */
  readonly byPlanId: Map<bigint, Scope[]>;
  readonly views: ReadonlyMap<string, LogicalPlan>;
  /** Described sources, by `sourceKey`. */
  readonly sources: ReadonlyMap<string, Source>;
}

export const emptyEnvironment: Environment = { definitions: new Map(), hints: new Map(), expanding: new Set() };

export function newAnalysis(views: ReadonlyMap<string, LogicalPlan>, sources: ReadonlyMap<string, Source>): Analysis {
  return { ids: new AttributeIds(), byPlanId: new Map(), views, sources };
}
