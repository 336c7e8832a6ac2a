/** Parse errors: what stood there, what was expected, and the line with a caret under the place. */
import type { Origin } from '../plan/expression.ts';
import { SparkError } from '../plan/spark-error.ts';

const excerptWidth = 120;

/** The line of the place with carets below it; a window of it when the line is long. */
export function excerpt(text: string, origin: Origin): string {
  const lineStart = text.lastIndexOf('\n', origin.start - 1) + 1;
  const newline = text.indexOf('\n', origin.start);
  const line = text.slice(lineStart, newline === -1 ? text.length : newline).trimEnd();
  const at = origin.start - lineStart;
  const from = line.length <= excerptWidth ? 0 : Math.max(0, at - excerptWidth / 2);
  const shown = line.slice(from, from + excerptWidth);
  const width = Math.max(1, Math.min(origin.stop - origin.start, shown.length - (at - from)));
  return `${shown.replaceAll('\t', ' ')}\n${' '.repeat(at - from)}${'^'.repeat(width)}`;
}

/** `found` is the offending token's text, empty at the end of the input. */
export function syntaxError(text: string, origin: Origin, found: string, detail: string): SparkError {
  const shown = found.length > 60 ? `${found.slice(0, 57)}...` : found;
  const near = found === '' ? 'end of input' : `'${shown}'`;
  return new SparkError({
    errorClass: 'PARSE_SYNTAX_ERROR',
    sqlState: '42601',
    message: `Syntax error at or near ${near}${detail === '' ? '' : `: ${detail}`}.`,
    parameters: { error: near, hint: detail },
    origin,
    excerpt: excerpt(text, origin),
  });
}

/** Part of Spark's grammar that the engine does not have. `feature` is the subclass, upper case. */
export function unsupportedFeature(text: string, origin: Origin, feature: string, what: string): SparkError {
  return new SparkError({
    errorClass: `UNSUPPORTED_FEATURE.${feature}`,
    sqlState: '0A000',
    message: `The feature is not supported: ${what}.`,
    origin,
    excerpt: excerpt(text, origin),
  });
}
