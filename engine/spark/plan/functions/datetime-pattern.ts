/** Spark's datetime patterns (Java's DateTimeFormatter letters), as far as the kernel can follow them exactly. */
import { Mismatch } from './row.ts';

/** letters → [kernel format, what parsing accepts]. Without the second it is for formatting only. */
const letters: Readonly<Record<string, readonly [string, string?]>> = {
  yyyy: ['%Y', '[0-9]{4}'], yy: ['%y'], MM: ['%m', '[0-9]{2}'], M: ['%-m', '[0-9]{1,2}'], MMM: ['%b'], MMMM: ['%B'],
  dd: ['%d', '[0-9]{2}'], d: ['%-d', '[0-9]{1,2}'], DDD: ['%j'], E: ['%a'], EE: ['%a'], EEE: ['%a'], EEEE: ['%A'],
  HH: ['%H', '[0-9]{2}'], H: ['%-H', '[0-9]{1,2}'], hh: ['%I'], h: ['%-I'], a: ['%p'],
  mm: ['%M', '[0-9]{2}'], m: ['%-M', '[0-9]{1,2}'], ss: ['%S', '[0-9]{2}'], s: ['%-S', '[0-9]{1,2}'], SSS: ['%g', '[0-9]{3}'], SSSSSS: ['%f', '[0-9]{6}'],
};

export interface DatetimePattern {
  /** For the kernel's strftime and strptime. */
  readonly format: string;
  /** What text of this pattern looks like (a full match); undefined when the pattern cannot parse. */
  readonly expression: string | undefined;
}

/** Throws `Mismatch` for letters that have no exact counterpart. */
export function datetimePattern(pattern: string): DatetimePattern {
  let format = '';
  let expression: string | undefined = '';
  const tokens = pattern.match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']/g) ?? [];
  if (tokens.join('') !== pattern) throw new Mismatch('INVALID_PATTERN', `the datetime pattern '${pattern}' has a quote that does not end.`);
  for (const token of tokens) {
    if (/^[A-Za-z]/.test(token)) {
      const known = letters[token];
      if (known === undefined) throw new Mismatch('UNSUPPORTED_PATTERN', `'${token}' in the datetime pattern '${pattern}' is not supported. Supported: ${Object.keys(letters).join(' ')}.`);
      format += known[0];
      expression = expression === undefined || known[1] === undefined ? undefined : expression + known[1];
    } else {
      const text = token.startsWith("'") ? token.slice(1, -1) || "'" : token;
      format += text.replaceAll('%', '%%');
      expression = expression === undefined ? undefined : expression + text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    }
  }
  return { format, expression };
}
