import type { ApplicationFile, ApplicationResult, DriverStatus, MapReduceApplication } from '../../contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { JobScheduler } from '../schedule/job-scheduler-options.ts';
import { failureOutcome, type ApplicationOutcome } from './application-outcome.ts';
import type { Session } from './session.ts';
import { runSqlApplication, type ApplicationContext } from './sql-application.ts';

/** The part of the Spark Connect server that the driver uses. */
export interface ConnectEndpoint {
  readonly port: number;
  sessions(): readonly Session[];
  close(): Promise<void>;
}

export interface DriverParts {
  readonly application: ApplicationFile;
  readonly scheduler: JobScheduler;
  readonly newSession: () => Session;
  /** Loads and opens Spark Connect; takes a few hundred milliseconds. */
  readonly openConnect: () => Promise<ConnectEndpoint>;
  /** Runs a script against the endpoint. */
  readonly runScript: (location: string, endpoint: ConnectEndpoint, context: ApplicationContext) => Promise<ApplicationResult>;
  readonly runMapReduce: (application: MapReduceApplication, context: ApplicationContext) => Promise<ApplicationResult>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An SQL application needs no Spark Connect itself, so its loading waits until the first tasks are under way. */
const connectDelayMs = 1500;

/** One application from its start to its outcome. */
export class Driver {
  readonly #parts: DriverParts;
  #phase: DriverStatus['phase'] = 'Starting';
  #activity: string | undefined;

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  status(): DriverStatus {
    const { executors, progress, firstTaskAtMs, demand } = this.#parts.scheduler.status();
    return {
      applicationId: this.#parts.application.applicationId, phase: this.#phase, executors, progress, firstTaskAtMs, demand,
      ...(this.#activity === undefined ? {} : { activity: this.#activity }),
    };
  }

  /** Never throws: failures are outcomes. Aborting the signal cancels the application. */
  async run(signal: AbortSignal): Promise<ApplicationOutcome> {
    const done = new AbortController();
    const context: ApplicationContext = {
      signal, logger: this.#parts.logger,
      onActivity: (activity) => {
        this.#activity = activity;
      },
    };
    this.#phase = 'Running';
    const endpoint = this.#openConnect(AbortSignal.any([signal, done.signal]));
    try {
      const result = await this.#runApplication(endpoint, context);
      return signal.aborted ? { kind: 'Cancelled' } : { kind: 'Succeeded', result };
    } catch (error) {
      if (signal.aborted) return { kind: 'Cancelled' };
      this.#parts.logger.error({ err: error }, 'the application failed');
      return failureOutcome(error);
    } finally {
      this.#phase = 'Finishing';
      done.abort();
      await endpoint.then((open) => open?.close(), () => {});
    }
  }

  async #runApplication(endpoint: Promise<ConnectEndpoint | undefined>, context: ApplicationContext): Promise<ApplicationResult> {
    const { application } = this.#parts.application;
    switch (application.kind) {
      case 'sql':
        return runSqlApplication(application.text, this.#parts.newSession(), context);
      case 'script': {
        const open = await endpoint;
        context.signal.throwIfAborted();
        if (open === undefined) throw new Error('Spark Connect was not opened');
        return this.#parts.runScript(application.location, open, context);
      }
      case 'mapReduce':
        return this.#parts.runMapReduce(application, context);
      default:
        return application satisfies never;
    }
  }

  /** Undefined when the application ended before it was opened. A port that cannot be had fails scripts, not SQL. */
  async #openConnect(ended: AbortSignal): Promise<ConnectEndpoint | undefined> {
    const { application, clock, openConnect, logger } = this.#parts;
    if (application.application.kind === 'script') return openConnect();
    await clock.sleep(connectDelayMs, ended).catch(() => {});
    if (ended.aborted) return undefined;
    try {
      return await openConnect();
    } catch (error) {
      logger.warn({ err: error }, 'Spark Connect is not available');
      return undefined;
    }
  }
}
