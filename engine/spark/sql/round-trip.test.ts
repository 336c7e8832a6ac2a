/** Printed expressions parse back to themselves, and no sequence of tokens does anything but parse or raise a SparkError. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { Expression } from '../plan/expression.ts';
import { printCommand, printExpression } from '../plan/print.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { DataType } from '../plan/types.ts';
import { parseExpression, parseStatements } from './parse.ts';

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'origin', 'Order', 'from', 'case', 'null', 'end', 'date', 'interval', 'a b', 'x`y', 'ü', '1a', 'offset', 'not', 'values', 'by'),
  fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }).filter((text) => !text.includes('\0')),
);

const simple = (kind: 'int' | 'long' | 'byte' | 'short' | 'double' | 'float' | 'string' | 'boolean' | 'date' | 'timestamp' | 'timestamp_ntz' | 'binary' | 'null'): DataType => ({ kind });
const literalOf = <T extends null | boolean | number | bigint | string | Uint8Array>(kind: Parameters<typeof simple>[0], values: fc.Arbitrary<T>): fc.Arbitrary<Expression> =>
  values.map((value) => ({ kind: 'literal', value, type: simple(kind) }));
const day = 86_400_000_000n;
const literal: fc.Arbitrary<Expression> = fc.oneof(
  literalOf('null', fc.constant(null)), literalOf('boolean', fc.boolean()),
  literalOf('int', fc.integer()), literalOf('long', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  literalOf('byte', fc.integer({ min: -128, max: 127 })), literalOf('short', fc.integer({ min: -32_768, max: 32_767 })),
  literalOf('double', fc.double({ noNaN: true, noDefaultInfinity: true })), literalOf('float', fc.float({ noNaN: true, noDefaultInfinity: true })),
  literalOf('string', fc.string({ unit: 'binary' })), literalOf('date', fc.integer({ min: -700_000, max: 2_000_000 })),
  literalOf('timestamp', fc.bigInt({ min: -500_000n * day, max: 500_000n * day })),
  literalOf('timestamp_ntz', fc.bigInt({ min: -500_000n * day, max: 500_000n * day })),
  literalOf('binary', fc.uint8Array({ maxLength: 5 })),
  fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 4 })).map(([unscaled, scale]): Expression => {
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
    const value = `${unscaled < 0n ? '-' : ''}${scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`}`;
    return { kind: 'literal', value, type: { kind: 'decimal', precision: Math.max(digits.replace(/^0+(?=\d)/, '').length, scale, 1), scale } };
  }),
);

const binary = ['+', '-', '*', '/', '%', 'div', '=', '!=', '<=>', '<', '<=', '>', '>=', '&', '|', '^', 'and', 'or', 'like', 'rlike', 'concat', 'shiftleft'];
const call = (callName: string, ...operands: readonly Expression[]): Expression => ({ kind: 'call', name: callName, arguments: operands });

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    literal,
    fc.array(name, { minLength: 1, maxLength: 3 }).map((parts): Expression => ({ kind: 'column', name: parts })),
    fc.tuple(fc.constantFrom(...binary), tie('expression'), tie('expression')).map(([operator, left, right]) => call(operator, left, right)),
    fc.tuple(fc.constantFrom('not', '~', 'isnull', 'isnotnull', 'negative', 'positive', 'upper', 'trim'), tie('expression')).map(([operator, child]) => call(operator, child)),
    fc.tuple(fc.constantFrom('between', 'when', 'in', 'substring', 'coalesce'), tie('expression'), tie('expression'), tie('expression')).map(([operator, ...rest]) => call(operator, ...rest)),
    fc.tuple(tie('expression'), fc.constantFrom<DataType>(simple('int'), { kind: 'decimal', precision: 9, scale: 2 }, { kind: 'array', element: simple('string'), containsNull: true }),
      fc.constantFrom<'default' | 'try'>('default', 'try')).map(([child, type, mode]): Expression => ({ kind: 'cast', child, type, mode })),
    fc.tuple(tie('expression'), tie('expression')).map(([child, key]): Expression => ({ kind: 'extract', child: call('map', child), key })),
    fc.tuple(tie('expression'), tie('expression')).map(([child, filter]): Expression => ({ kind: 'call', name: 'count', arguments: [child], distinct: true, filter })),
  ),
}));

/** Without places, which printing does not keep. */
function bare(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return node;
  if (Array.isArray(node)) return node.map(bare);
  return Object.fromEntries(Object.entries(node).filter(([key]) => key !== 'origin').map(([key, value]) => [key, bare(value)]));
}

test('a printed expression parses back to itself', () => {
  fc.assert(fc.property(expression, (original) => {
    const printed = printExpression(original);
    // Not deepEqual on the trees: its diff of two large ones takes minutes.
    assert.ok(isDeepStrictEqual(bare(parseExpression(printed)), bare(original)), printed);
  }), { numRuns: 1000 });
});

const tokens = [
  'SELECT', 'FROM', 'WHERE', 'GROUP', 'BY', 'ORDER', 'HAVING', 'LIMIT', 'UNION', 'ALL', 'JOIN', 'LEFT', 'ON', 'USING', 'WITH', 'AS', 'VALUES', 'CASE', 'WHEN', 'THEN',
  'END', 'CAST', 'NOT', 'AND', 'OR', 'IN', 'BETWEEN', 'LIKE', 'IS', 'NULL', 'DISTINCT', 'CREATE', 'TEMPORARY', 'VIEW', 'SET', 'EXPLAIN', 'INSERT', 'OVERWRITE', 'DIRECTORY',
  'OPTIONS', 'DATE', 'INTERVAL', 'EXTRACT', 'TRIM', 'ARRAY', 'STRUCT', 'DECIMAL', 'OVER', 'a', 'b', 't', '`q`', "'s'", '"d"', '1', '2.5', '1e3', '7L', '(', ')', '[', ']', ',', '.',
  ';', ':', '::', '?', '+', '-', '*', '/', '%', '=', '<', '>', '<>', '->', '=>', '||', '|>', '/*+', '*/', '--', '\n', '@', '\\', "r'", "'", '`', '/*', '\u{1F600}', '\0',
];

test('no sequence of tokens does anything but parse or raise a SparkError', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 40 }), fc.constantFrom(' ', ''), (sequence, between) => {
    const text = sequence.join(between);
    try {
      for (const command of parseStatements(text)) printCommand(command);
    } catch (error) {
      assert.ok(error instanceof SparkError, `${JSON.stringify(text)}: ${String(error)}`);
    }
  }), { numRuns: 10000 });
});

test('a query with one token taken away, doubled or swapped parses or raises a SparkError', () => {
  const words = "WITH r AS ( SELECT origin , count ( * ) AS n FROM flights f LEFT JOIN airports a ON f . origin = a . iata WHERE f . delay > - 5 AND a . name LIKE 'A%' GROUP BY origin HAVING count ( * ) > 1 ) SELECT * , CASE WHEN n > 2 THEN 'x' ELSE CAST ( n AS STRING ) END c FROM r ORDER BY n DESC NULLS LAST LIMIT 10".split(' ');
  const index = fc.nat({ max: words.length - 1 });
  fc.assert(fc.property(index, index, fc.constantFrom('drop', 'double', 'swap'), (one, other, change) => {
    const changed = change === 'drop' ? words.toSpliced(one, 1) : change === 'double' ? words.toSpliced(one, 0, words[one] as string)
      : words.with(one, words[other] as string).with(other, words[one] as string);
    try {
      parseStatements(changed.join(' '));
    } catch (error) {
      assert.ok(error instanceof SparkError, String(error));
    }
  }), { numRuns: 1000 });
});
