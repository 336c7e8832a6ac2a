import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { CounterSet, parseReporterLine } from './counters.ts';
import { eachLine, withNewlines } from './input-text.ts';
import { hashBytes, partitioner } from './partitioner.ts';
import { RecordParser } from './record.ts';

function parse(text: string, separator: string, keyFields: number, chunkBytes = 1000): readonly string[] {
  const found: string[] = [];
  const parser = new RecordParser(Buffer.from(separator), keyFields, (data, keyFrom, keyTo, valueFrom, valueTo) =>
    found.push(`${data.toString('utf8', keyFrom, keyTo)}=${data.toString('utf8', valueFrom, valueTo)}`));
  const data = Buffer.from(text);
  for (let at = 0; at < data.length; at += chunkBytes) parser.write(data.subarray(at, at + chunkBytes));
  parser.end();
  return found;
}

test('the key is the first fields, the value the rest, and a line without separator is all key', () => {
  assert.deepEqual(parse('a\tb\tc\nd\n\ne\t\nf', '\t', 1), ['a=b\tc', 'd=', '=', 'e=', 'f=']);
  assert.deepEqual(parse('a\tb\tc\nd\te\n', '\t', 2), ['a\tb=c', 'd\te=']);
  assert.deepEqual(parse('a::b::c\nd:e\n', '::', 1), ['a=b::c', 'd:e=']);
});

test('records do not depend on how their bytes come', () => {
  fc.assert(fc.property(fc.stringMatching(/^[ab\t\nß]{0,60}$/), fc.integer({ min: 1, max: 9 }), (text, chunkBytes) => {
    assert.deepEqual(parse(text, '\t', 1, chunkBytes), parse(text, '\t', 1));
  }));
});

async function* chunked(text: string, chunkBytes: number): AsyncGenerator<Buffer> {
  const data = Buffer.from(text, 'utf8');
  for (let at = 0; at < data.length; at += chunkBytes) yield data.subarray(at, at + chunkBytes);
}

test('lines end as in TextInputFormat, and their offsets are those of the file', async () => {
  await fc.assert(fc.asyncProperty(fc.stringMatching(/^[aß\r\n]{0,40}$/), fc.integer({ min: 1, max: 9 }), async (text, chunkBytes) => {
    const expected: (readonly [number, string])[] = [];
    const pattern = /([^\r\n]*)(\r\n|\r|\n|$)/g;
    for (let match = pattern.exec(text); match !== null && match.index < text.length; match = pattern.exec(text)) expected.push([Buffer.byteLength(text.slice(0, match.index)), match[1] ?? '']);
    const lines: (readonly [number, string])[] = [];
    await eachLine(chunked(text, chunkBytes), 0, (offset, line) => void lines.push([offset, line]));
    assert.deepEqual(lines, expected);
    const chunks: Buffer[] = [];
    for await (const chunk of withNewlines(chunked(text, chunkBytes))) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), expected.map(([, line]) => `${line}\n`).join(''));
  }), { numRuns: 500 });
});

test('keys go where Hadoop sends them', () => {
  // hashBytes of "hello" as Java computes it: 31 * … from 1.
  assert.equal(hashBytes(Buffer.from('hello'), 0, 5, 1), (31 ** 5 + [104, 101, 108, 108, 111].reduce((sum, byte, i) => sum + byte * 31 ** (4 - i), 0)) | 0);
  assert.equal(hashBytes(Buffer.from([0xff]), 0, 1, 1), 30);
  const key = Buffer.from('11\t22\t33');
  const tab = Buffer.from('\t');
  const of = (fields: { from: number; to: number } | undefined, data = key): number => partitioner(1000, fields, tab)(data, 0, data.length);
  assert.equal(of({ from: 2, to: 2 }), (hashBytes(Buffer.from('22'), 0, 2, 0) & 0x7fff_ffff) % 1000);
  assert.equal(of({ from: 2, to: 3 }), (hashBytes(Buffer.from('22\t33'), 0, 5, 0) & 0x7fff_ffff) % 1000);
  assert.equal(of({ from: 1, to: 9 }), (hashBytes(key, 0, key.length, 0) & 0x7fff_ffff) % 1000);
  assert.equal(of({ from: 9, to: 9 }), 0);
  assert.equal(of(undefined), (hashBytes(key, 0, key.length, 1) & 0x7fff_ffff) % 1000);
});

test('lines for the reporter are told from others', () => {
  assert.deepEqual(parseReporterLine('reporter:counter:fruit,apples,3'), { kind: 'counter', group: 'fruit', name: 'apples', amount: 3 });
  assert.deepEqual(parseReporterLine('reporter:counter:fruit,apples,-1 '), { kind: 'counter', group: 'fruit', name: 'apples', amount: -1 });
  assert.deepEqual(parseReporterLine('reporter:status:half way, or so'), { kind: 'status', text: 'half way, or so' });
  for (const line of ['reporter:counter:fruit', 'reporter:counter:a,b,c', 'xreporter:status:y', '']) assert.equal(parseReporterLine(line), undefined);
});

test('counters add up, and there is a limit to how many', () => {
  const counters = new CounterSet();
  counters.addAll({ a: { x: 1, y: 2 } });
  counters.addAll({ a: { x: 10 }, b: { x: 5 } });
  assert.deepEqual(counters.toJSON(), { a: { x: 11, y: 2 }, b: { x: 5 } });
  assert.throws(() => {
    for (let i = 0; i < 200; i += 1) counters.add('c', String(i), 1);
  }, /more than 120 counters/);
});
