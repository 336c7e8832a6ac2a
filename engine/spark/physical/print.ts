/** Stages as text: for explain and for golden tests. */
import { typeName } from '../plan/types.ts';
import type { FileSplit, FragmentInput, PhysicalPlan, Stage } from './stage.ts';
import { taskCount } from './stage.ts';

/** A few lines per stage: what it does, what it reads, its SQL, where its rows go. */
export function printStages(plan: PhysicalPlan): string {
  return plan.stages.map(printStage).join('\n');
}

function printStage(stage: Stage): string {
  const tasks = taskCount(stage);
  const columns = stage.schema.map((field, i) => `c${i} ${field.name} ${typeName(field.type)}`).join(', ');
  const fragments = stage.fragments.flatMap((fragment) => fragment.kind === 'map' || fragment.kind === 'reduce' ? [`  ${fragment.kind}`] : [
    ...fragment.inputs.map((input) => `  ${input.name}: ${printInput(input)}`),
    `  ${stage.fragments.length > 1 ? `[${fragment.tasks}] ` : ''}${fragment.sql}`,
  ]);
  return [`stage ${stage.id} (${tasks} ${tasks === 1 ? 'task' : 'tasks'}): ${stage.description}`, ...fragments, `  → ${printOutput(stage)}: ${columns}`].join('\n');
}

function printInput(input: FragmentInput): string {
  switch (input.kind) {
    case 'files': return `${input.scan} of ${input.splits.map((task) => task.map(printSplit).join('+')).join(' | ')}`;
    case 'shuffle': return `shuffle of stage ${input.stage}`;
    case 'broadcast': return `broadcast of stage ${input.stage}`;
    case 'local': return `${input.data.byteLength} bytes of rows`;
  }
}

const printSplit = (split: FileSplit): string =>
  `${split.path.split('/').at(-1) ?? ''}${split.rows === undefined ? '' : `[${split.rows.from}..${split.rows.to})`}`;

function printOutput({ output }: Stage): string {
  switch (output.kind) {
    case 'shuffle': return output.keys.length === 0 ? `${output.partitions} partition(s)` : `${output.partitions} partition(s) by ${output.keys.join(', ')}`;
    case 'broadcast': return 'broadcast';
    case 'result': return 'result';
    case 'files': return `${output.format} files in ${output.path} (${output.mode}${output.partitionBy.length === 0 ? '' : `, partitioned by ${output.partitionBy.join(', ')}`})`;
  }
}
