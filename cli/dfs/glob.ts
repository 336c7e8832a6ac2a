/** Patterns of one segment of a path, as Hadoop's shell knows them: `*`, `?`, `[abc]`, `[a-c]`, `[^a]`, `{a,b}`, `\` before a character that means itself. */

export const hasPattern = (text: string): boolean => /[*?[\]{}\\]/.test(text);

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
  return new RegExp(`^${pattern}$`, 's');
}

const literal = (char: string): string => char.replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&');
