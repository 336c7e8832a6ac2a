/** Options of readers and writers, as text. */
export type OptionValue = string | number | boolean;

/** Options with one more; names are case-insensitive, the last value counts. */
export function withOption(options: Readonly<Record<string, string>>, name: string, value: OptionValue): Readonly<Record<string, string>> {
  return { ...options, [name.toLowerCase()]: String(value) };
}
