/** The optimiser: rules in a fixed order. Each rule is a pure function of the plan and keeps its answer and its output columns. */
import type { ResolvedPlan } from '../resolved.ts';
import { collapseProjects } from './collapse-projects.ts';
import { foldConstants } from './fold-constants.ts';
import { pruneColumns } from './prune-columns.ts';
import { pushFilters } from './push-filters.ts';
import { pushLimits } from './push-limits.ts';
import { removeSorts } from './remove-sorts.ts';

type Rule = (plan: ResolvedPlan) => ResolvedPlan;

/** Filters move before projections collapse, limits after both; columns are pruned when every reader is in place. */
const rules: readonly Rule[] = [foldConstants, pushFilters, collapseProjects, pushLimits, removeSorts, pruneColumns, collapseProjects];

export function optimise(plan: ResolvedPlan): ResolvedPlan {
  return rules.reduce((current, rule) => rule(current), plan);
}
