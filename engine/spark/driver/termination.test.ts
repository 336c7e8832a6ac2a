import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { terminationMessageBytesMax, terminationMessageSchema, type TerminationMessage } from '../../contract.ts';
import { encodeTermination } from './termination.ts';

const decode = (text: string): TerminationMessage => terminationMessageSchema.parse(JSON.parse(text));
const wideRow = ['x'.repeat(300), null, 'é'.repeat(50)];

test('a message that fits is kept whole', () => {
  const message: TerminationMessage = { outcome: 'Succeeded', firstTaskAtMs: 5, result: { output: '/out', rows: 2, columns: ['a'], firstRows: [['1'], [null]] } };
  assert.deepEqual(decode(encodeTermination(message)), message);
});

test('rows go from the end until it fits, and as few as must', () => {
  const message: TerminationMessage = { outcome: 'Succeeded', result: { rows: 20, columns: ['a', 'b', 'c'], firstRows: Array.from({ length: 20 }, () => wideRow) } };
  const text = encodeTermination(message);
  const kept = decode(text).result?.firstRows?.length ?? 0;
  assert.ok(kept > 5 && kept < 20);
  const oneMore = JSON.stringify({ ...message, result: { ...message.result, firstRows: Array.from({ length: kept + 1 }, () => wideRow) } });
  assert.ok(Buffer.byteLength(oneMore) > terminationMessageBytesMax);
  assert.equal(decode(text).result?.rows, 20);
});

test('a long error is cut at its end', () => {
  const message: TerminationMessage = { outcome: 'Failed', error: { errorClass: 'SCRIPT_FAILED', message: `begin ${'ß'.repeat(9000)}` } };
  const decoded = decode(encodeTermination(message));
  assert.match(decoded.error?.message ?? '', /^begin ß+…$/);
});

test('whatever the message, it fits and can be read', () => {
  const text = fc.string({ maxLength: 6000, unit: 'binary' });
  const message = fc.record({
    outcome: fc.constantFrom('Succeeded', 'Failed', 'Cancelled'),
    result: fc.record({ output: text, columns: fc.array(text, { maxLength: 5 }), firstRows: fc.array(fc.array(fc.option(text), { maxLength: 5 }), { maxLength: 20 }) }),
    error: fc.record({ errorClass: fc.string({ maxLength: 40 }), message: text }),
  }, { requiredKeys: ['outcome'] });
  fc.assert(fc.property(message, (each) => {
    const encoded = encodeTermination(each as TerminationMessage);
    assert.ok(Buffer.byteLength(encoded) <= terminationMessageBytesMax);
    assert.equal(decode(encoded).outcome, each.outcome);
  }), { numRuns: 50 });
});
