/**
 * Preloaded (`node --import`) into every process of an embedded pod: when standard input closes, the process that
 * runs the pods is gone, and so goes this process with its whole group. Without it, a killed `headrace run` would leave
 * drivers and executors behind.
 */

/** `environment.parentWatch` of engine/contract.ts, which is not imported here: this module delays every start. */
const variable = 'HEADRACE_PARENT_WATCH';
const graceMs = 2000;

if (process.env[variable] === 'stdin') {
  // Children of this process share its group, not its standard input.
  delete process.env[variable];
  process.stdin.on('error', endGroup);
  process.stdin.on('end', endGroup);
  process.stdin.on('close', endGroup);
  process.stdin.resume();
  // Waiting for the parent must not keep a process alive that has done its work.
  (process.stdin as typeof process.stdin & { unref?: () => void }).unref?.();
}

function endGroup(): void {
  setTimeout(() => signalGroup('SIGKILL'), graceMs).unref();
  signalGroup('SIGTERM');
}

function signalGroup(signal: NodeJS.Signals): void {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // Not the leader of a group: only this process is ours to end.
    process.kill(process.pid, signal);
  }
}
