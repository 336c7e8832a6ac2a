/** SQL text to resolved plans, for the tests of the rules: tables l(a, b), r(a, c) and a made-up file. */
import { parseQuery } from '../../../sql/parse.ts';
import { emptyEnvironment, newAnalysis } from '../../analyse/analysis.ts';
import { analyse, trimmed } from '../../analyse/analyser.ts';
import { sourceKey } from '../../analyse/relations.ts';
import type { ResolvedPlan } from '../../resolved.ts';
import type { Source } from '../../source.ts';

const table = (path: string, ...names: readonly string[]): readonly [string, Source] => [
  sourceKey({ kind: 'read', format: 'parquet', paths: [path], options: {} }),
  { format: 'parquet', scan: 'read_parquet($path)', schema: names.map((name) => ({ name, type: { kind: 'int' as const }, nullable: true })), files: [{ path: `/${path}`, bytes: 100 }] },
];

export function resolved(sql: string): ResolvedPlan {
  const views = new Map([['l', parseQuery('SELECT * FROM parquet.`l`')], ['r', parseQuery('SELECT * FROM parquet.`r`')]]);
  return trimmed(analyse(newAnalysis(views, new Map([table('l', 'a', 'b'), table('r', 'a', 'c')])), parseQuery(sql), emptyEnvironment));
}
