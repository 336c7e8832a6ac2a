/** What the kubelet's tests run as containers: does one thing, told by its first argument. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';

const [what, ...rest] = process.argv.slice(2);
const forever = (): void => void setInterval(() => undefined, 1 << 30);

switch (what) {
  case 'succeed':
    console.log('all is well');
    break;
  case 'fail':
    writeFileSync(process.env['HEADRACE_TERMINATION_FILE'] ?? '', `it went wrong${'.'.repeat(5000)}`);
    console.error('the reason why');
    process.exitCode = 3;
    break;
  case 'environment':
    writeFileSync(process.env['HEADRACE_TERMINATION_FILE'] ?? '', JSON.stringify(Object.fromEntries(rest.map((name) => [name, process.env[name]]))));
    break;
  case 'read':
    writeFileSync(process.env['HEADRACE_TERMINATION_FILE'] ?? '', rest.map((name) => readFileSync(process.env[name] ?? '', 'utf8')).join('|'));
    break;
  case 'serve': {
    let ready = false;
    createServer((_request, response) => {
      response.statusCode = ready ? 200 : 503;
      ready = true;
      response.end();
    }).listen(4040, process.env['HEADRACE_LISTEN_HOST']);
    break;
  }
  case 'wait':
    forever();
    break;
  case 'crash-twice': {
    const file = `${rest[0] ?? ''}/times`;
    const times = existsSync(file) ? readFileSync(file, 'utf8').length : 0;
    writeFileSync(file, 'x'.repeat(times + 1));
    console.log(`time ${times + 1}`);
    if (times < 2) {
      writeFileSync(process.env['HEADRACE_TERMINATION_FILE'] ?? '', `crash ${times + 1}`);
      process.exitCode = 4;
    } else forever();
    break;
  }
  case 'rack': {
    const file = process.env['HEADRACE_RACK_FILE'] ?? '';
    const timer = setInterval(() => {
      const rack = readFileSync(file, 'utf8');
      if (rack === '') return;
      clearInterval(timer);
      writeFileSync(process.env['HEADRACE_TERMINATION_FILE'] ?? '', rack);
    }, 5);
    break;
  }
  case 'stubborn':
    process.on('SIGTERM', () => console.log('no'));
    console.log('ready');
    forever();
    break;
  case 'family': {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1 << 30)'], { stdio: 'ignore' });
    console.log(`child ${child.pid}`);
    forever();
    break;
  }
  case 'talk':
    for (let line = 0; line < 2000; line += 1) console.log(`line ${line}`);
    break;
  default:
    throw new Error(`unknown: ${what}`);
}
