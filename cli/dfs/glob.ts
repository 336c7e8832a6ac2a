/** Patterns as Hadoop's shell knows them. Of one segment of a path: `*`, `?`, `[abc]`, `[a-c]`, `[^a]`, `{a,b}`, `\` before a character that means itself. */

import { CommandError } from './command-error.ts';

export const hasPattern = (text: string): boolean => /[*?[\]{}\\]/.test(text);

/**
 * Braces that hold a slash stand for several paths: `/a/{b/c,d}` is `/a/b/c` and `/a/d`. Others are left to `patternOf`. Throws
 * `CommandError` when there are too many.
 */
export function expandBraces(path: string): readonly string[] {
  const brace = outermostBraces(path).find(({ from, to }) => path.slice(from, to).includes('/'));
  if (brace === undefined) return [path];
  const [before, after] = [path.slice(0, brace.from), path.slice(brace.to + 1)];
  const all = brace.parts.flatMap((part) => expandBraces(`${before}${part}${after}`));
  if (all.length > pathsMax) throw new CommandError(`\`${path}': stands for more than ${pathsMax} paths`);
  return all;
}

const pathsMax = 10_000;

interface Brace {
  /** Index of `{`. */
  readonly from: number;
  /** Index of `}`. */
  readonly to: number;
  readonly parts: readonly string[];
}

function outermostBraces(path: string): readonly Brace[] {
  const found: Brace[] = [];
  let depth = 0;
  let from = 0;
  let cuts: number[] = [];
  for (let i = 0; i < path.length; i += 1) {
    const char = path[i];
    if (char === '\\') i += 1;
    else if (char === '{') {
      depth += 1;
      if (depth === 1) [from, cuts] = [i, [i]];
    } else if (char === ',' && depth === 1) cuts.push(i);
    else if (char === '}' && depth > 0) {
      depth -= 1;
      if (depth === 0) found.push({ from, to: i, parts: cuts.map((cut, part) => path.slice(cut + 1, cuts[part + 1] ?? i)) });
    }
  }
  return found;
}

/** Throws `CommandError`. */
export function patternOf(segment: string): RegExp {
  let pattern = '';
  let braces = 0;
  for (let i = 0; i < segment.length; i += 1) {
    const char = segment[i] ?? '';
    const end = segment.indexOf(']', i + 2);
    if (char === '\\' && i + 1 < segment.length) {
      i += 1;
      pattern += literal(segment[i] ?? '');
    } else if (char === '*') pattern += '[^/]*';
    else if (char === '?') pattern += '[^/]';
    else if (char === '[' && end > 0) {
      const inside = segment.slice(i + 1, end);
      const negated = /^[\^!]/.test(inside);
      pattern += `[${negated ? '^' : ''}${inside.slice(negated ? 1 : 0).replaceAll(/[\\\]^[]/g, '\\$&')}]`;
      i = end;
    } else if (char === '{' && segment.includes('}', i)) {
      braces += 1;
      pattern += '(?:';
    } else if (char === '}' && braces > 0) {
      braces -= 1;
      pattern += ')';
    } else if (char === ',' && braces > 0) pattern += '|';
    else pattern += literal(char);
  }
  try {
    return new RegExp(`^${pattern}$`, 'su');
  } catch {
    throw new CommandError(`\`${segment}': is not a pattern`);
  }
}

const literal = (char: string): string => char.replaceAll(/[$()*+./?[\\\]^{|}]/g, '\\$&');
