/** Variables that programs of a task find, as Hadoop Streaming sets them: names of settings with `_` for `.`. */
import type { TaskStart } from './task-message.ts';

/** `inherited` without the engine's own, then the task's, then the job's. */
export function taskEnvironment(start: TaskStart, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { job, task, attempt, work, output } = start;
  const letter = work.kind === 'map' ? 'm' : 'r';
  const taskId = `${job.id.replace(/^job/, 'task')}_${letter}_${String(task).padStart(6, '0')}`;
  const input = work.kind === 'map' ? work.input : undefined;
  return {
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => !name.startsWith('HEADRACE_') && name !== 'NODE_CHANNEL_FD' && name !== 'NODE_CHANNEL_SERIALIZATION_MODE')),
    mapreduce_job_id: job.id, mapreduce_job_name: job.name, mapreduce_job_maps: String(job.maps), mapreduce_job_reduces: String(job.reducers),
    mapreduce_task_id: taskId, mapreduce_task_attempt_id: `${taskId.replace(/^task/, 'attempt')}_${attempt}`, mapreduce_task_partition: String(task),
    mapreduce_task_ismap: String(work.kind === 'map'),
    ...(output.kind === 'file' ? { mapreduce_task_output_file: output.path } : {}),
    stream_num_map_output_key_fields: String(job.keyFields), stream_map_output_field_separator: job.fieldSeparator,
    ...(input === undefined ? {} : {
      mapreduce_map_input_file: input.path, mapreduce_map_input_start: String(input.from), mapreduce_map_input_length: String(input.to - input.from),
      map_input_file: input.path,
    }),
    ...job.environment,
  };
}
