/** Sets of numbers as short text: `1-3,5`. A thousand executors in use are one range most of the time. */

export function parseRanges(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

export function formatRanges(numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  const parts: { first: number; last: number }[] = [];
  for (const number of sorted) {
    const open = parts.at(-1);
    if (open !== undefined && open.last + 1 === number) open.last = number;
    else parts.push({ first: number, last: number });
  }
  return parts.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
