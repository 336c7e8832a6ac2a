import { SparkError } from '../../plan/spark-error.ts';

/**
 * Parts of a dotted name: `a.b`, `` `a.b`.c ``; two backticks inside quotes stand for one. As Spark's
 * UnresolvedAttribute.parseAttributeName reads column names.
 */
export function identifierParts(text: string): readonly string[] {
  const pattern = /(?:`((?:[^`]|``)+)`|([^`.]+))(\.|$)/gy;
  const parts: string[] = [];
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw malformed(text);
    parts.push(match[1]?.replaceAll('``', '`') ?? match[2] ?? '');
    if (match[3] === '.' && pattern.lastIndex === text.length) throw malformed(text);
  }
  if (parts.length === 0) throw malformed(text);
  return parts;
}

function malformed(text: string): SparkError {
  return new SparkError({
    errorClass: 'INVALID_ATTRIBUTE_NAME_SYNTAX', sqlState: '42601',
    message: `Syntax error in the attribute name: ${text}. Check that backticks appear in pairs and the name does not start or end with a dot.`,
    parameters: { name: text },
  });
}
