/**
 * Label selectors as in URLs of the Kubernetes API:
 * `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, joined by commas.
 */

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const parsed = new Map<string, readonly Requirement[]>();
const parsedMax = 100;

/** Whether `selector` selects an object with these labels. Throws `TypeError` on a selector that cannot be read. */
export function matchesSelector(selector: string, labels: Readonly<Record<string, string>>): boolean {
  let requirements = parsed.get(selector);
  if (requirements === undefined) {
    requirements = splitTerms(selector).map(parseTerm);
    if (parsed.size >= parsedMax) parsed.clear();
    parsed.set(selector, requirements);
  }
  return requirements.every((holds) => holds(labels));
}

/** Commas separate terms, but not inside parentheses. */
function splitTerms(selector: string): readonly string[] {
  return selector.split(/,(?![^(]*\))/).map((term) => term.trim()).filter((term) => term !== '');
}

function parseTerm(term: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    return operator === 'in'
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key]);
  }
  const equality = /^([^\s!=]+)\s*(==?|!=)\s*([^\s!=]*)$/.exec(term);
  if (equality !== null) {
    const [, key = '', operator, value] = equality;
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const presence = /^(!?)\s*([^\s!=()]+)$/.exec(term);
  if (presence === null) throw new TypeError(`Label selector: cannot read '${term}'.`);
  const [, not, key = ''] = presence;
  return not === '!' ? (labels) => labels[key] === undefined : (labels) => labels[key] !== undefined;
}
