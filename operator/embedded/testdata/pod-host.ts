/** Runs one embedded pod that waits, says its process id, and is then killed by the test. */
import { PodProcess } from '../pod-process.ts';

const [home = '', script = '', preload = ''] = process.argv.slice(2);
const pod = new PodProcess({
  command: { file: process.execPath, args: ['--import', preload, script, 'wait'] },
  workingDirectory: home,
  environment: { PATH: process.env['PATH'] ?? '', HEADRACE_PARENT_WATCH: 'stdin' },
  logFile: `${home}/log`,
  logBytesMax: 1000,
  terminationFile: `${home}/termination`,
  fallbackToLog: false,
});
console.log(pod.pid);
