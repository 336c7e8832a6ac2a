/** What is a path, and what is none. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { componentsOf } from './path.ts';

function check(path: string, ...components: readonly string[]): void {
  test(`${path.slice(0, 40)} is ${components.length} names`, () => assert.deepEqual(componentsOf(path), components));
}

function refuse(path: string, code: string): void {
  test(`${JSON.stringify(path.slice(0, 40))} of ${path.length} characters is refused: ${code}`, () => assert.throws(() => componentsOf(path), { name: 'HdfsError', code }));
}

check('/');
check('//');
check('/a', 'a');
check('/a/', 'a');
check('//a///b', 'a', 'b');
check('/...', '...');
check('/a b/ü/𝄞', 'a b', 'ü', '𝄞');
check('/\\*?%', '\\*?%');
check(`/${'n'.repeat(255)}`, 'n'.repeat(255));
check(`/${'é'.repeat(127)}`, 'é'.repeat(127));
check('/a'.repeat(1000), ...Array.from({ length: 1000 }, () => 'a'));

refuse('', 'InvalidPathException');
refuse('a', 'InvalidPathException');
refuse('/.', 'InvalidPathException');
refuse('/a/./b', 'InvalidPathException');
refuse('/a/..', 'InvalidPathException');
refuse('/a:b', 'InvalidPathException');
refuse('/a\0b', 'InvalidPathException');
refuse('/\ud834', 'InvalidPathException');
refuse(`/${'n'.repeat(256)}`, 'PathComponentTooLongException');
refuse(`/${'é'.repeat(128)}`, 'PathComponentTooLongException');
refuse('/a'.repeat(1001), 'InvalidPathException');
refuse(`/${'n'.repeat(200)}`.repeat(40), 'InvalidPathException');
