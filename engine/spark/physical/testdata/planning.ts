/** A planner context for tests: SQL text against described sources, nothing else. */
import type { PlannerContext } from '../../plan/context.ts';
import type { LogicalPlan } from '../../plan/logical.ts';
import type { Source, SourceCatalog } from '../../plan/source.ts';
import { parseExpression, parseQuery } from '../../sql/parse.ts';

export interface TestPlanning {
  readonly conf?: Readonly<Record<string, string>>;
  readonly slots?: number;
  readonly views?: Readonly<Record<string, string>>;
  /** By path. */
  readonly files?: Readonly<Record<string, Source>>;
  readonly sources?: SourceCatalog;
}

export function planning(options: TestPlanning = {}): PlannerContext {
  const conf = new Map(Object.entries(options.conf ?? {}));
  const views = new Map<string, LogicalPlan>(Object.entries(options.views ?? {}).map(([name, sql]) => [name, parseQuery(sql)]));
  const table: SourceCatalog = {
    describe: async ({ paths }) => {
      const found = options.files?.[paths[0] ?? ''];
      if (found === undefined) throw new Error(`no such file in this test: ${paths.join(', ')}`);
      return found;
    },
  };
  return {
    conf: { get: (key) => conf.get(key) }, views, sources: options.sources ?? table, slots: options.slots ?? 2,
    parse: { query: (text, sqlArguments) => parseQuery(text, sqlArguments), expression: (text) => parseExpression(text) },
  };
}

export const anySignal = (): AbortSignal => new AbortController().signal;
