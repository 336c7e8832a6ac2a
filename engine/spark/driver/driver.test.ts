import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { driverStatusSchema, exitCode, type ApplicationFile } from '../../contract.ts';
import { AssertionError } from '../../core/assert.ts';
import { ManualClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { fakeServices } from '../connect/testdata/fake-services.ts';
import type { JobOptions } from '../physical/job.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { JobScheduler } from '../schedule/job-scheduler-options.ts';
import { exitCodeOf, failureOutcome, terminationOf } from './application-outcome.ts';
import { ConfigurationError } from './driver-config.ts';
import { durationMs, schedulerLimits } from './driver-limits.ts';
import { Driver, type ConnectEndpoint, type DriverParts } from './driver.ts';
import { Session } from './session.ts';

const counts = { total: 0, completed: 0, running: 0, failed: 0 };

function application(form: ApplicationFile['application']): ApplicationFile {
  return { applicationId: 'uid-1', name: 'job', namespace: 'default', attempt: 1, application: form, arguments: [], sparkConf: {}, executorInstances: 1 };
}

/** Only its status is asked for here. */
const scheduler = {
  status: () => ({ executors: [], progress: { stages: counts, tasks: counts }, firstTaskAtMs: null, demand: { runningTasks: 0, pendingTasks: 0 } }),
} as unknown as JobScheduler;

class FakeConnect implements ConnectEndpoint {
  readonly port = 1;
  closed = 0;
  sessions(): readonly Session[] {
    return [];
  }
  async close(): Promise<void> {
    this.closed += 1;
  }
}

function driverOf(form: ApplicationFile['application'], overrides: Partial<DriverParts> = {}, beforeRun?: (options: JobOptions) => Promise<void>): { readonly driver: Driver; readonly connect: FakeConnect; readonly opened: () => number } {
  const connect = new FakeConnect();
  let opened = 0;
  const services = fakeServices(beforeRun);
  const driver = new Driver({
    application: application(form), scheduler, newSession: () => new Session(services, new Map()), clock: new ManualClock(), logger: silentLogger,
    openConnect: async () => {
      opened += 1;
      return connect;
    },
    runScript: async () => ({ rows: 1 }), runMapReduce: async () => ({ rows: 2 }), ...overrides,
  });
  return { driver, connect, opened: () => opened };
}

const never = (): AbortSignal => new AbortController().signal;

test('SQL that is over soon never loads Spark Connect', async () => {
  const { driver, opened } = driverOf({ kind: 'sql', text: 'SELECT * FROM range(2)' });
  assert.deepEqual(await driver.run(never()), { kind: 'Succeeded', result: { rows: 2, columns: ['id'], firstRows: [['0'], ['1']] } });
  assert.equal(opened(), 0);
});

test('SQL that takes longer opens Spark Connect beside it, and closes it at the end', async () => {
  const clock = new ManualClock();
  const open = Promise.withResolvers<void>();
  const running = Promise.withResolvers<void>();
  const { driver, connect, opened } = driverOf({ kind: 'sql', text: 'SELECT * FROM range(2)' }, { clock }, async () => {
    running.resolve();
    await open.promise;
  });
  const run = driver.run(never());
  await running.promise;
  assert.equal(opened(), 0);
  clock.advance(1500);
  open.resolve();
  assert.equal((await run).kind, 'Succeeded');
  assert.deepEqual([opened(), connect.closed], [1, 1]);
});

test('a script has Spark Connect from the start', async () => {
  const { driver, connect, opened } = driverOf({ kind: 'script', location: 'main.ts' });
  assert.deepEqual(await driver.run(never()), { kind: 'Succeeded', result: { rows: 1 } });
  assert.deepEqual([opened(), connect.closed], [1, 1]);
});

test('a script fails when the port of Spark Connect cannot be had', async () => {
  const { driver } = driverOf({ kind: 'script', location: 'main.ts' }, { openConnect: () => Promise.reject(new Error('EADDRINUSE')) });
  assert.deepEqual(await driver.run(never()), {
    kind: 'Failed', exitCode: exitCode.engineFailed, error: { errorClass: 'INTERNAL_ERROR', message: 'The engine failed (unexpected error): EADDRINUSE' },
  });
});

test('an application that is cancelled ends as such, whatever its job says', async () => {
  const controller = new AbortController();
  const { driver } = driverOf({ kind: 'sql', text: 'SELECT * FROM range(2)' }, {}, async () => {
    controller.abort(new Error('stop'));
    throw new Error('the job was in pieces');
  });
  assert.deepEqual(await driver.run(controller.signal), { kind: 'Cancelled' });
});

test('the status says what the application is at', async () => {
  const seen: (string | undefined)[] = [];
  const { driver } = driverOf({ kind: 'sql', text: 'SELECT * FROM range(2); SELECT * FROM range(3)' }, {}, async () => {
    seen.push(driverStatusSchema.parse(driver.status()).activity);
  });
  assert.equal(driver.status().phase, 'Starting');
  await driver.run(never());
  assert.deepEqual(seen, ['statement 1 of 2', 'statement 2 of 2']);
  assert.equal(driver.status().phase, 'Finishing');
});

for (const [name, error, code, errorClass] of [
  ['an error of the application', new SparkError({ errorClass: 'DIVIDE_BY_ZERO', sqlState: '22012', message: 'Division by zero.' }), exitCode.applicationFailed, 'DIVIDE_BY_ZERO'],
  ['a bad configuration', new ConfigurationError('cores'), exitCode.badConfiguration, 'BAD_CONFIGURATION'],
  ['a broken invariant', new AssertionError('no'), exitCode.engineFailed, 'INTERNAL_ERROR'],
  ['an internal error of the engine', new SparkError({ errorClass: 'INTERNAL_ERROR', sqlState: 'XX000', message: 'no' }), exitCode.engineFailed, 'INTERNAL_ERROR'],
] as const) {
  test(`${name} has its own exit code`, () => {
    const outcome = failureOutcome(error);
    assert.equal(exitCodeOf(outcome), code);
    assert.equal(terminationOf(outcome, {}).error?.errorClass, errorClass);
  });
}

test('durations are read as Spark reads them', () => {
  for (const [text, ms] of [['5', 5000], ['250ms', 250], ['2 min', 120_000], ['1h', 3_600_000]] as const) assert.equal(durationMs('key', text), ms);
  assert.throws(() => durationMs('key', 'soon'), ConfigurationError);
  assert.equal(schedulerLimits({}).executorTimeoutMs, 300_000);
  assert.throws(() => schedulerLimits({ 'spark.task.maxFailures': '0' }), ConfigurationError);
});
