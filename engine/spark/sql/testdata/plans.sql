SELECT 1
;
select a, b AS c, t.*, d e from t where a > 1 and b < 2 or not c
;
SELECT DISTINCT `odd name`, `a``b` FROM parquet.`/data/x.parquet` AS p
;
SELECT f.origin, count(*) AS n, avg(f.delay) FROM flights f JOIN airports a ON f.origin = a.iata
GROUP BY f.origin HAVING count(*) > 10 ORDER BY n DESC, f.origin NULLS LAST LIMIT 10 OFFSET 5
;
SELECT * FROM a NATURAL LEFT JOIN b CROSS JOIN c FULL OUTER JOIN d USING (x, y), e LEFT ANTI JOIN g ON e.i = g.i SEMI JOIN h
;
SELECT * FROM a JOIN (b JOIN c ON b.x = c.x) ON a.x = b.x
;
SELECT * FROM (SELECT a FROM t) s(x) WHERE x IS NOT NULL
;
SELECT * FROM ((SELECT 1 AS a) UNION ALL (SELECT 2)) u
;
SELECT * FROM ((SELECT 1 AS a) u JOIN v)
;
SELECT a FROM t UNION SELECT b FROM u UNION ALL SELECT c FROM v ORDER BY 1
;
WITH x AS (SELECT 1 AS a), y(b) AS (SELECT a FROM x) SELECT * FROM y
;
VALUES (1, 'a'), (2, NULL)
;
SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(id, name)
;
VALUES 1, 2, 3
;
SELECT id FROM range(10) JOIN range(2, 20, 3, 4) r
;
SELECT a, sum(b) FROM t GROUP BY ALL ORDER BY ALL
;
SELECT sum(a) FROM t HAVING sum(a) > 0
;
SELECT /*+ BROADCAST(a), REPARTITION(3, x) */ * FROM a JOIN b
;
SELECT * FROM t SORT BY a DESC NULLS FIRST
;
SELECT * FROM t CLUSTER BY a
;
SELECT * FROM t DISTRIBUTE BY a SORT BY b LIMIT ALL
;
TABLE t
;
CREATE OR REPLACE TEMPORARY VIEW v (a COMMENT 'first', b) AS SELECT 1, 2
;
CREATE TEMPORARY VIEW v USING CSV OPTIONS (PATH 'x.csv', header true, sep = ';', a.b '1', 'nullValue' 'NA')
;
CREATE TEMP VIEW v (a INT, b STRING NOT NULL COMMENT 'x') USING json OPTIONS (path 'x.json')
;
DROP VIEW IF EXISTS v
;
INSERT OVERWRITE LOCAL DIRECTORY '/out' USING parquet OPTIONS (compression 'zstd') SELECT * FROM t
;
SET spark.sql.shuffle.partitions = 8
;
SET TIME ZONE 'Europe/Berlin'
;
EXPLAIN FORMATTED SELECT 1
;
SELECT a -- comment
/* block /* nested */ comment */ FROM t;
