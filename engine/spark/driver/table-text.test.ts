import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { tableText } from './table-text.ts';

const whole = { rowsMax: 20, hasMore: false, truncate: 20, vertical: false };
const check = (name: string, actual: string, ...lines: readonly string[]): void => void test(name, () => assert.equal(actual, lines.map((line) => `${line}\n`).join('')));

check('cells are set right and NULL is written out', tableText(['a', 'name'], [['1', 'x'], [null, 'longer']], whole),
  '+----+------+', '|   a|  name|', '+----+------+', '|   1|     x|', '|NULL|longer|', '+----+------+');
check('without truncation cells are set left', tableText(['a'], [['abcd']], { ...whole, truncate: 0 }), '+----+', '|a   |', '+----+', '|abcd|', '+----+');
check('long cells end in dots, names do not', tableText(['a long name'], [['0123456789']], { ...whole, truncate: 8 }),
  '+-----------+', '|a long name|', '+-----------+', '|   01234...|', '+-----------+');
check('cells cut below four characters have no dots', tableText(['a'], [['0123']], { ...whole, truncate: 3 }), '+---+', '|  a|', '+---+', '|012|', '+---+');
check('a footer says when there is more', tableText(['a'], [['1']], { ...whole, rowsMax: 1, hasMore: true }),
  '+---+', '|  a|', '+---+', '|  1|', '+---+', 'only showing top 1 row');
check('no rows are an empty table', tableText(['a'], [], whole), '+---+', '|  a|', '+---+', '+---+');
check('no columns are a table too', tableText([], [[]], whole), '++', '||', '++', '||', '++');
check('line breaks do not break the table', tableText(['a'], [['x\ny\tz']], whole), '+-------+', '|      a|', '+-------+', '|x\\ny\\tz|', '+-------+');
check('wide characters count twice', tableText(['a'], [['数据']], whole), '+----+', '|   a|', '+----+', '|数据|', '+----+');
check('rows stand below each other when vertical', tableText(['a', 'name'], [['1', 'x'], ['2', null]], { ...whole, vertical: true }),
  '-RECORD 0----', ' a    | 1    ', ' name | x    ', '-RECORD 1----', ' a    | 2    ', ' name | NULL ');
check('no rows when vertical', tableText(['a'], [], { ...whole, vertical: true }), '(0 rows)');
