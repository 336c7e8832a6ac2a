import { DataFrame } from 'headrace';

export default async function main(_spark: unknown, args: readonly string[]): Promise<DataFrame> {
  console.log(`arguments ${args.join(' ')}`);
  console.error('to the error stream');
  return new DataFrame();
}
