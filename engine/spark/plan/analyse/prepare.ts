/** What must happen before analysis, which is pure: SQL text inside the plan is parsed, files are described. */
import type { PlannerContext } from '../context.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Source } from '../source.ts';
import type { SqlParser } from '../context.ts';
import { isFormat } from './analyser.ts';
import { sourceKey, sourceRequest } from './relations.ts';

export interface Prepared {
  readonly plan: LogicalPlan;
  readonly views: ReadonlyMap<string, LogicalPlan>;
  readonly sources: ReadonlyMap<string, Source>;
}

type Node = Readonly<Record<string, unknown>>;
type Read = Extract<LogicalPlan, { kind: 'read' }>;

/** Throws what the parser and the sources throw. Files are described one after the other. */
export async function prepare(plan: LogicalPlan, context: PlannerContext, timeZone: string, signal: AbortSignal): Promise<Prepared> {
  const parsed = parseTexts(plan, context.parse) as LogicalPlan;
  const views = new Map<string, LogicalPlan>();
  const reads: Read[] = [];
  const open: unknown[] = [parsed];
  while (open.length > 0) {
    const node = open.pop();
    const kind = kindOf(node);
    if (kind === 'read') reads.push(node as Read);
    if (kind === 'table') {
      const { name } = node as Extract<LogicalPlan, { kind: 'table' }>;
      const read = fileTable(name);
      if (read !== undefined) reads.push(read);
      const key = name[0]?.toLowerCase() ?? '';
      const view = name.length === 1 && !views.has(key) ? context.views.get(key) : undefined;
      if (view !== undefined) {
        const body = parseTexts(view, context.parse) as LogicalPlan;
        views.set(key, body);
        open.push(body);
      }
    }
    open.push(...parts(node));
  }
  return { plan: parsed, views, sources: await describe(reads.toReversed(), context, timeZone, signal) };
}

async function describe(reads: readonly Read[], context: PlannerContext, timeZone: string, signal: AbortSignal): Promise<ReadonlyMap<string, Source>> {
  const sources = new Map<string, Source>();
  for (const read of reads) {
    const key = sourceKey(read);
    if (!sources.has(key)) sources.set(key, await context.sources.describe(sourceRequest(read, timeZone), signal));
  }
  return sources;
}

/** `csv.`path`` as a relation. */
function fileTable(name: readonly string[]): Read | undefined {
  const [format, path] = name;
  return name.length === 2 && format !== undefined && path !== undefined && isFormat(format) ? { kind: 'read', format, paths: [path], options: {} } : undefined;
}

const kindOf = (node: unknown): unknown => (typeof node === 'object' && node !== null && 'kind' in node ? node.kind : undefined);

/** Plans and expressions are plain trees. */
function parts(node: unknown): readonly unknown[] {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return [];
  return Object.values(node).filter((each) => typeof each === 'object' && each !== null);
}

/** Replaces `sqlText` and `text` by what they say, with their arguments put in. */
function parseTexts(value: unknown, parser: SqlParser): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => parseTexts(each, parser));
  const node = value as Node;
  if (node['kind'] === 'text' && typeof node['text'] === 'string') return parser.expression(node['text']);
  if (node['kind'] === 'sqlText') return sqlQuery(value as Extract<LogicalPlan, { kind: 'sqlText' }>, parser);
  const entries = Object.entries(node);
  const changed = entries.map(([key, each]) => [key, parseTexts(each, parser)] as const);
  return changed.every(([, each], i) => each === entries[i]?.[1]) ? value : Object.fromEntries(changed);
}

function sqlQuery(node: Extract<LogicalPlan, { kind: 'sqlText' }>, parser: SqlParser): unknown {
  const named = Object.keys(node.namedArguments).length > 0;
  const query = parser.query(node.text, {
    ...(named ? { named: node.namedArguments } : {}), ...(node.positionalArguments.length > 0 ? { positional: node.positionalArguments } : {}),
  });
  const plan = parseTexts(query, parser) as LogicalPlan;
  return node.planId === undefined ? plan : { ...plan, planId: node.planId };
}
