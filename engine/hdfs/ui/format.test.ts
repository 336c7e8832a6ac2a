/** The parts of the browse page that need no browser. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';

interface Shown {
  readonly text: string;
  readonly exact: string;
}

interface Format {
  size(bytes: number): Shown;
  number(value: number): Shown;
  percent(part: number, whole: number): Shown | undefined;
  plural(count: number, one: string, many: string): string;
  time(ms: number): Shown;
  ago(ms: number, nowMs: number): Shown;
  mode(octal: string, isDirectory: boolean): Shown;
  shortHost(host: string): string;
  compareNames(left: string, right: string): number;
}

interface Bytes {
  textOf(bytes: Uint8Array): string | undefined;
  hexOf(bytes: Uint8Array): string;
}

interface Route {
  routeOf(hash: string): { readonly kind: string; readonly path?: string };
  hashOf(path: string): string;
  childOf(path: string, name: string): string;
  parentOf(path: string): string;
  nameOf(path: string): string;
}

/** They are JavaScript, as the browser gets them: their types are those above. */
const load = async <Module>(name: string): Promise<Module> => await import(new URL(name, import.meta.url).href) as Module;
const format = await load<Format>('format.js');
const bytes = await load<Bytes>('bytes.js');
const route = await load<Route>('route.js');

test('sizes have three digits and never look larger than they are', () => {
  const texts = [0, 1, 1023, 1024, 1536, 10_239, 102_400, 1_048_575, 1_048_576, 2 ** 40, 2 ** 53 - 1].map((each) => format.size(each).text);
  assert.deepEqual(texts, ['0 B', '1 B', '1023 B', '1 KiB', '1.5 KiB', '9.99 KiB', '100 KiB', '1023 KiB', '1 MiB', '1 TiB', '7.99 PiB']);
  assert.deepEqual([1, 1_048_575].map((each) => format.size(each).exact), ['1 byte', '1,048,575 bytes']);
});

test('counts are grouped', () => {
  assert.deepEqual([0, 999, 1000, 1_234_567].map((each) => format.number(each).text), ['0', '999', '1,000', '1,234,567']);
  assert.deepEqual([format.plural(1, 'file', 'files'), format.plural(2000, 'file', 'files')], ['1 file', '2,000 files']);
});

test('shares show that there is something, and that not all is taken', () => {
  assert.deepEqual([[0, 10], [1, 100_000], [1, 3], [99_999, 100_000], [10, 10]].map(([part = 0, whole = 0]) => format.percent(part, whole)?.text), ['0 %', '< 0.1 %', '33.3 %', '99.9 %', '100 %']);
  assert.equal(format.percent(0, 0), undefined);
});

test('times are those of the reader, with the exact one in UTC', () => {
  const at = new Date(2025, 0, 2, 3, 4, 5);
  assert.deepEqual(format.time(at.getTime()), { text: '2025-01-02 03:04', exact: at.toISOString() });
  assert.deepEqual(format.time(0), { text: '–', exact: 'never' });
  assert.deepEqual([0, 119, 120, 7200, 200_000].map((seconds) => format.ago(1e12, 1e12 + seconds * 1000).text), ['0 s ago', '119 s ago', '2 min ago', '2 h ago', '2 days ago']);
  assert.equal(format.ago(1e12 + 500, 1e12).text, '0 s ago');
});

test('permissions look as ls shows them', () => {
  const modes = [['755', true], ['644', false], ['0', false], ['1777', true], ['1776', true]] as const;
  assert.deepEqual(modes.map(([octal, isDirectory]) => format.mode(octal, isDirectory).text), ['drwxr-xr-x', '-rw-r--r--', '----------', 'drwxrwxrwt', 'drwxrwxrwT']);
});

test('hosts are shortened, addresses are not', () => {
  assert.deepEqual(['store-dn-0.store-dn.data.svc', '10.0.0.7', 'fd00::7', 'dn'].map((each) => format.shortHost(each)), ['store-dn-0', '10.0.0.7', 'fd00::7', 'dn']);
});

test('names sort as people count, and no two different ones are equal', () => {
  assert.deepEqual(['part-10', 'b', 'part-2', 'A', 'a'].toSorted((left, right) => format.compareNames(left, right)), ['a', 'A', 'b', 'part-2', 'part-10']);
  assert.notEqual(format.compareNames('part-1', 'part-01'), 0);
});

test('text is told from other bytes, even when it is cut within a character', () => {
  const check = (given: Uint8Array, text: string | undefined): void => assert.equal(bytes.textOf(given), text);
  check(Buffer.from('a\tb\r\n<b>é</b>\u001b[0m'), 'a\tb\r\n<b>é</b>\u001b[0m');
  check(Buffer.from('aé').subarray(0, 2), 'a');
  check(Uint8Array.of(0x50, 0x41, 0x52, 0x31, 0), undefined);
  check(Uint8Array.of(0x1f, 0x8b, 8), undefined);
  check(Uint8Array.of(0xff, 0xfe, 0x41), undefined);
});

test('other bytes are shown as numbers and letters, not more than the first 512', () => {
  assert.equal(bytes.hexOf(Buffer.from('PAR1\u0000<')), `000000  50 41 52 31 00 3c${' '.repeat(30)}  PAR1.<`);
  assert.equal(bytes.hexOf(new Uint8Array(600)).split('\n').length, 32);
});

test("an address leads to the part that it means, as in Hadoop's explorer", () => {
  assert.deepEqual(['', '#', '#tab-overview', '#datanodes', '#/', '#/a/b', '#/a/', '#/a%20b/%3Cx%3E', '#/100%'].map((hash) => route.routeOf(hash)), [
    { kind: 'overview' }, { kind: 'overview' }, { kind: 'overview' }, { kind: 'datanodes' }, { kind: 'path', path: '/' }, { kind: 'path', path: '/a/b' }, { kind: 'path', path: '/a' },
    { kind: 'path', path: '/a b/<x>' }, { kind: 'path', path: '/100%' },
  ]);
});

test('every path leads back to itself', () => {
  for (const path of ['/', '/a', '/a b/ü', '/<script>', '/50%/%25', '/x?y#z&a=b', '/javascript:alert(1)', '/東京']) {
    assert.deepEqual(route.routeOf(route.hashOf(path)), { kind: 'path', path });
    assert.match(route.hashOf(path), /^#\/[^<>"?#&\s]*$/);
  }
  assert.deepEqual([route.childOf('/', 'a'), route.childOf('/a', 'b'), route.parentOf('/a'), route.parentOf('/a/b'), route.nameOf('/a/b')], ['/a', '/a/b', '/', '/a', 'b']);
});
