/** A job that takes a while and whose answer is known in closed form, for stories that disturb it. */

const rows = 400_000_000;
const groups = 1000;

/** Every group k of range(rows) by id % groups sums to k·n + groups·n(n-1)/2, where n = rows / groups. */
export const expectedRows: readonly (readonly string[])[] = [0, 1, 2].map((k) => {
  const n = BigInt(rows / groups);
  return [String(k), String(n), String(BigInt(k) * n + (BigInt(groups) * n * (n - 1n)) / 2n)];
});

export function longJob(name: string, spec: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    apiVersion: 'headrace.dev/v1alpha1',
    kind: 'SparkJob',
    metadata: { name },
    spec: {
      application: {
        // Two shuffles, so that a lost executor takes outputs with it that are still needed.
        sql: `WITH parts AS (SELECT id % ${groups} AS k, id % 7 AS d, count(*) AS n, sum(id) AS s FROM range(0, ${rows}) GROUP BY id % ${groups}, id % 7)
              SELECT k, sum(n) AS n, sum(s) AS s FROM parts GROUP BY k ORDER BY k LIMIT 3`,
      },
      sparkConf: { 'spark.sql.shuffle.partitions': '8' },
      executor: { instances: 2, resources: { requests: { cpu: '200m', memory: '1Gi' } } },
      driver: { resources: { requests: { cpu: '100m', memory: '512Mi' } } },
      ...spec,
    },
  });
}
