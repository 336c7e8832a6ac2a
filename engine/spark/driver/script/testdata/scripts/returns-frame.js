import { DataFrame } from 'headrace';

export default async function main(_spark, args) {
  console.log(`arguments ${args.join(' ')}`);
  console.error('to the error stream');
  return new DataFrame();
}
