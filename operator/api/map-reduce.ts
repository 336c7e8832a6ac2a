/** `application.mapReduce`: Hadoop Streaming's contract as fields. */
import { z } from 'zod';
import { withRule } from './rule.ts';

export const numReduceTasksMax = 10_000;

/** `script`: how a module is given, as for a script application. */
export function mapReduceSchemaOf<Script extends z.ZodType>(script: Script) {
  const program = (what: string) => withRule(
    z.object({
      command: z.string().min(1).max(32_768).optional().describe('A line for /bin/sh -c: reads and writes records as lines.'),
      argv: z.array(z.string().max(32_768)).min(1).max(64).optional().describe('The same without a shell.'),
      script: script.optional().describe(`A module that exports ${what}.`),
    }),
    {
      rule: '[has(self.command), has(self.argv), has(self.script)].filter(set, set).size() == 1',
      message: 'a mapper, combiner or reducer needs exactly one of command, argv and script',
    },
    (given) => [given.command, given.argv, given.script].filter((form) => form !== undefined).length === 1,
  );
  const path = z.string().min(1).max(4096);
  const partitionFields = withRule(
    z.object({
      from: z.number().int().min(1).max(100).describe('First field, from 1.'),
      to: z.number().int().min(1).max(100).describe('Last field.'),
    }),
    { rule: 'self.from <= self.to', message: 'from must not be more than to' },
    (fields) => fields.from <= fields.to,
  );
  const fields = z.object({
    input: z.array(path).min(1).max(256).describe('Files, directories (the files directly in them) and globs: hdfs:// URIs, or paths that the pods see.'),
    output: path.describe('A directory that must not hold anything yet. It gets part-00000 and so on, and _SUCCESS, when all is done.'),
    mapper: program('map(offset, line, emit, context)').describe('Makes records of input lines: exactly one form.'),
    combiner: program('combine(key, values, emit, context), or reduce').optional().describe('Makes fewer records of those that a map task has for a key. It must keep keys as they are.'),
    reducer: program('reduce(key, values, emit, context)').optional().describe('Makes the output of all records of a key. Default: they are written as they are, sorted.'),
    numReduceTasks: z.number().int().min(0).max(numReduceTasksMax).default(1).describe("Reducers, and files of the output. 0: the mappers' output is the job's, unsorted."),
    fieldSeparator: z.string().min(1).max(16).default('\t').describe('Between the fields of a record.'),
    keyFields: z.number().int().min(1).max(100).default(1).describe('How many fields of a record are its key.'),
    partitionFields: partitionFields.optional().describe('Fields of the key that choose the reducer. Default: the whole key.'),
    sort: z.object({
      by: z.enum(['Bytes', 'Number']).default('Bytes').describe('Number: by the number that the key begins with.'),
      order: z.enum(['Ascending', 'Descending']).default('Ascending'),
    }).default({ by: 'Bytes', order: 'Ascending' }).describe('The order in which keys come to a reducer.'),
    environment: z.record(z.string().max(256), z.string().max(8192)).optional().describe('Variables for mapper, combiner and reducer.'),
    splitBytes: z.number().int().min(1).optional().describe('Largest part of a file that one map task reads. Default: the block size of HDFS, 128 MiB elsewhere.'),
  });
  return withRule(
    fields,
    { rule: 'self.numReduceTasks > 0 || (!has(self.reducer) && !has(self.combiner))', message: 'a job without reduce tasks has no reducer and no combiner' },
    (job) => job.numReduceTasks > 0 || (job.reducer === undefined && job.combiner === undefined),
  );
}
