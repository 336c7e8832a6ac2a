/** Expressions: precedence, literals, special forms. Each row is SQL in, printed expression out. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { printExpression } from '../plan/print.ts';
import { parseDataType, parseExpression, parseTableSchema } from './parse.ts';
import { sqlTypeName } from '../plan/types.ts';

function check(name: string, rows: readonly (readonly [sql: string, printed: string])[]): void {
  test(name, () => {
    const actual = rows.map(([sql]) => [sql, printExpression(parseExpression(sql))]);
    assert.deepEqual(actual, rows);
  });
}

check('operators bind as in the grammar of Spark', [
  ['a or b and not c = d', '(a OR (b AND (NOT (c = d))))'],
  ['a + b * c - d', '((a + (b * c)) - d)'],
  ['a || b + c || d', 'concat((concat(a, b) + c), d)'],
  ['a | b ^ c & d << 1 + 2', '(a | (b ^ (c & shiftleft(d, (1 + 2)))))'],
  ['a >> 1 >>> 2', 'shiftrightunsigned(shiftright(a, 1), 2)'],
  ['- a * b', '(negative(a) * b)'],
  ['- - 5', 'negative(-5)'],
  ['~a % +b div 2', '(((~ a) % positive(b)) DIV 2)'],
  ['a = b = c', '((a = b) = c)'],
  ['a < b is null', '((a < b) IS NULL)'],
  ['a between 1 and 2 and b', '((a BETWEEN 1 AND 2) AND b)'],
  ['not a between 1 + 1 and 2', '(NOT (a BETWEEN (1 + 1) AND 2))'],
  ['a not in (1, 2) or b', '((NOT (a IN (1, 2))) OR b)'],
  ['! a == b', '(NOT (a = b))'],
  ['a <> b != c <=> d', '(((a != b) != c) <=> d)'],
  ['-1::string', 'CAST(-1 AS STRING)'],
  ['a.b[0].c', "a.b[0]['c']"],
  ['(a).b', "a['b']"],
  ['2 -1', '(2 - 1)'],
  ['2 - -1', '(2 - -1)'],
]);

check('predicates', [
  ["a like 'x%' escape '/'", "(a LIKE 'x%' ESCAPE '/')"],
  ["a not ilike 'x'", "(NOT (a ILIKE 'x'))"],
  ["a rlike 'x' and b regexp 'y'", "((a RLIKE 'x') AND (b RLIKE 'y'))"],
  ["a like any ('x', 'y', 'z')", "((a LIKE 'x') OR ((a LIKE 'y') OR (a LIKE 'z')))"],
  ["a not like all ('x', 'y')", "(NOT ((a LIKE 'x') AND (a LIKE 'y')))"],
  ['a is not distinct from b', '(a <=> b)'],
  ['a is distinct from b', '(NOT (a <=> b))'],
  ['a is true', '(a <=> TRUE)'],
  ['a is not unknown', '(a IS NOT NULL)'],
]);

check('literals have the types of Spark', [
  ['2147483647', '2147483647'], ['2147483648', '2147483648L'], ['-2147483648', '-2147483648'], ['-9223372036854775808', '-9223372036854775808L'],
  ['9223372036854775808', '9223372036854775808BD'], ['5L', '5L'], ['5s', '5S'], ['5Y', '5Y'], ['1e3', '1000D'], ['1.5E-2', '0.015D'],
  ['1.50', '1.50BD'], ['.5', '0.5BD'], ['5.', '5BD'], ['1.5D', '1.5D'], ['1.5F', '1.5F'], ['1.50BD', '1.50BD'], ['1e2BD', '100BD'],
  ["'a' \"b\"", "'ab'"], ["'it''s'", "'it\\'s'"], ["'a\\tb\\u0041\\101\\%\\x'", "'a\tbAA\\\\%x'"], ["r'a\\tb'", "'a\\\\tb'"], ['"q\'q"', "'q\\'q'"],
  ["DATE '2020-2-3'", "DATE '2020-02-03'"], ["date '2020'", "DATE '2020-01-01'"],
  ["TIMESTAMP_NTZ '2020-01-02 03:04:05.123456'", "TIMESTAMP_NTZ '2020-01-02 03:04:05.123456'"],
  ["TIMESTAMP '2020-01-02T03:04:05+02:00'", "TIMESTAMP '2020-01-02 01:04:05.000Z'"],
  ["TIMESTAMP '1969-12-31 23:59:59.999999Z'", "TIMESTAMP '1969-12-31 23:59:59.999999Z'"],
  ["TIMESTAMP '2020-01-02 03:04:05'", "CAST('2020-01-02 03:04:05' AS TIMESTAMP)"],
  ["x'1fA'", "X'01FA'"], ['null', 'NULL'], ['TRUE', 'TRUE'],
]);

test('a decimal literal has the precision and scale of its digits', () => {
  const type = (sql: string): string => {
    const parsed = parseExpression(sql);
    return parsed.kind === 'literal' ? sqlTypeName(parsed.type) : parsed.kind;
  };
  assert.deepEqual(['0.05', '0.5', '1.50', '00.5', '0.00', '123.4', '5.', '100BD'].map(type), [
    'DECIMAL(2,2)', 'DECIMAL(1,1)', 'DECIMAL(3,2)', 'DECIMAL(1,1)', 'DECIMAL(2,2)', 'DECIMAL(4,1)', 'DECIMAL(1,0)', 'DECIMAL(3,0)',
  ]);
});

check('keywords are names where they can be nothing else', [
  ['date', 'date'], ['timestamp + interval', '(timestamp + `interval`)'], ['left(a, 2)', 'left(a, 2)'], ['offset', 'offset'], ['t.order', 't.order'],
  ['if(a, 1, 2)', 'if(a, 1, 2)'], ['end', '`end`'], ['1a', '`1a`'], ['count(distinct)', 'count(`distinct`)'], ['filter', '`filter`'],
]);

check('special forms become calls', [
  ['case when a then 1 when b then 2 else 3 end', 'CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END'],
  ['case x when 1 then 2 end', 'CASE WHEN (x = 1) THEN 2 END'],
  ['cast(a as decimal(10, 2))', 'CAST(a AS DECIMAL(10,2))'], ['try_cast(a as varchar(3))', 'TRY_CAST(a AS STRING)'],
  ['a::array<map<string, int>>', 'CAST(a AS ARRAY<MAP<STRING, INT>>)'],
  ['extract(YEAR from a)', "extract('year', a)"], ["position('a' in b)", "locate('a', b)"],
  ['substring(a from 2 for 3)', 'substring(a, 2, 3)'], ['substr(a, 2)', 'substring(a, 2)'],
  ['trim(a)', 'trim(a)'], ["trim(both 'x' from a)", "trim('x', a)"], ['trim(leading from a)', 'ltrim(a)'], ["trim(trailing 'x' from a)", "rtrim('x', a)"],
  ["overlay(a placing 'x' from 2 for 3)", "`overlay`(a, 'x', 2, 3)"],
  ['count(*)', 'count(*)'], ['count(distinct a, b)', 'count(DISTINCT a, b)'], ['sum(a) filter (where b > 1)', 'sum(a) FILTER (WHERE (b > 1))'],
  ['first(a ignore nulls)', 'first(a, TRUE)'], ['last(a) ignore nulls', 'last(a, TRUE)'],
  ['struct(a as x, b)', 'struct(a AS x, b)'], ['(a, b)', 'struct(a, b)'], ['datediff(day, a, b)', "timestampdiff('DAY', a, b)"],
  ['date_add(a, 1)', 'date_add(a, 1)'], ['a + 1 as b', '(a + 1) AS b'], [':p + ?', '(:p + ?)'],
]);

test('arguments take the place of parameters', () => {
  const int = (value: number) => ({ kind: 'literal' as const, value, type: { kind: 'int' as const } });
  assert.equal(printExpression(parseExpression(':a + :b', { named: { a: int(1), b: int(2) } })), '(1 + 2)');
  assert.equal(printExpression(parseExpression('? - ?', { positional: [int(1), int(2)] })), '(1 - 2)');
  assert.throws(() => parseExpression(':a', { named: {} }), { errorClass: 'UNBOUND_SQL_PARAMETER' });
  assert.throws(() => parseExpression(':toString', { named: {} }), { errorClass: 'UNBOUND_SQL_PARAMETER' });
});

test('types and table schemas', () => {
  const types = ['tinyint', 'Long', 'real', 'dec(5)', 'numeric', 'array<array<int>>', 'struct<a: int not null, `b c` string>', 'struct<>', 'timestamp_ntz'];
  assert.deepEqual(types.map((each) => sqlTypeName(parseDataType(each))), [
    'TINYINT', 'BIGINT', 'FLOAT', 'DECIMAL(5,0)', 'DECIMAL(10,0)', 'ARRAY<ARRAY<INT>>', 'STRUCT<a: INT NOT NULL, b c: STRING>', 'STRUCT<>', 'TIMESTAMP_NTZ',
  ]);
  const schema = [{ name: 'a', type: { kind: 'int' }, nullable: true }, { name: 'b', type: { kind: 'string' }, nullable: false }];
  assert.deepEqual(parseTableSchema('a INT, b STRING NOT NULL'), schema);
  assert.deepEqual(parseTableSchema('struct<a:int,b:string not null>'), schema);
});
