/** `int(x)` and its like: casts written as calls, named in results like `x` itself. */
import type { DataType } from '../types.ts';

export const castFunctions: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  ['boolean', { kind: 'boolean' }], ['tinyint', { kind: 'byte' }], ['smallint', { kind: 'short' }], ['int', { kind: 'int' }], ['bigint', { kind: 'long' }], ['float', { kind: 'float' }],
  ['double', { kind: 'double' }], ['string', { kind: 'string' }], ['date', { kind: 'date' }], ['timestamp', { kind: 'timestamp' }], ['binary', { kind: 'binary' }],
]);
