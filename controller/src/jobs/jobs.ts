import { AppError, type Clock, type Logger, type Part } from '@loa/kernel';
import { type ScheduledTask, schedule } from 'node-cron';
import { watchClockSteps } from './clock-steps.ts';
import type { JobsErrorCode } from './errors.ts';

/** A piece of housekeeping: retention, roll-ups, backups, digests. Never a broadcast: those have plans. */
export interface Job {
  readonly name: string;
  /** Five or six fields (with seconds), as node-cron reads them. */
  readonly cron: string;
  /** IANA zone in which `cron` is meant; the machine's own when absent. */
  readonly timeZone?: string;
  /**
   * Does the work; stops early when `signal` aborts. A run may repeat an hour it has seen or miss one, because the
   * wall clock may be set: the work is to be worth doing twice.
   */
  readonly run: (context: { readonly signal: AbortSignal }) => Promise<void>;
}

/** What is known of a job since the controller started. */
interface JobStatus {
  readonly name: string;
  readonly isRunning: boolean;
  readonly lastStart: Temporal.Instant | undefined;
  readonly lastEnd: Temporal.Instant | undefined;
  /** The sentence of the latest run's failure; undefined again after one that succeeded. */
  readonly lastError: string | undefined;
  /** Undefined while stopped. */
  readonly nextRun: Temporal.Instant | undefined;
}

/** The housekeeping of a controller. */
export interface Jobs extends Part {
  /**
   * Runs a job now and resolves to its status afterwards; a failure of the job is in `lastError`.
   * @throws {AppError} jobs/unknown-job; jobs/already-running (retryable).
   */
  runNow(name: string): Promise<JobStatus>;
  status(): readonly JobStatus[];
}

interface Entry {
  readonly job: Job;
  readonly log: Logger;
  task?: ScheduledTask | undefined;
  running?: Promise<void> | undefined;
  lastStart?: Temporal.Instant;
  lastEnd?: Temporal.Instant | undefined;
  lastError?: string | undefined;
}

/**
 * Creates the housekeeping. `start` throws jobs/bad-schedule, naming the job; `stop` aborts what runs and waits for it.
 * A job never runs twice at once: a turn that comes while it runs is skipped and logged.
 */
export function createJobs({
  clock,
  log,
  jobs,
}: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly jobs: readonly Job[];
}): Jobs {
  const entries: readonly Entry[] = jobs.map((job) => ({ job, log: log.child({ job: job.name }) }));
  let stopping: AbortController | undefined;

  const run = (entry: Entry, signal: AbortSignal): Promise<void> => {
    entry.lastStart = clock.now();
    entry.lastEnd = undefined;
    const running = Promise.resolve()
      .then(() => entry.job.run({ signal }))
      .then(
        () => {
          entry.lastError = undefined;
        },
        (error: unknown) => {
          entry.lastError = error instanceof Error ? error.message : String(error);
          entry.log.error({ err: error }, 'a housekeeping job failed; its next turn comes as planned');
        },
      )
      .finally(() => {
        entry.lastEnd = clock.now();
        entry.running = undefined;
      });
    entry.running = running;
    return running;
  };

  const arm = (entry: Entry, signal: AbortSignal): void => {
    disarm(entry);
    entry.task = createCronTask(entry, () => {
      if (entry.running)
        return entry.log.warn({}, 'a housekeeping job still runs at its next turn, which is skipped');
      void run(entry, signal);
    });
  };

  const disarm = (entry: Entry): void => {
    void entry.task?.destroy(); // synchronous for a function task
    entry.task = undefined;
  };

  const statusOf = ({ job, task, running, lastStart, lastEnd, lastError }: Entry): JobStatus => {
    const next = task?.getNextRun();
    return {
      name: job.name,
      isRunning: running !== undefined,
      lastStart,
      lastEnd,
      lastError,
      nextRun: next ? Temporal.Instant.fromEpochMilliseconds(next.getTime()) : undefined,
    };
  };

  return {
    name: 'jobs',
    start() {
      if (stopping) return;
      stopping = new AbortController();
      const { signal } = stopping;
      try {
        for (const entry of entries) arm(entry, signal);
      } catch (error) {
        entries.forEach(disarm);
        stopping = undefined;
        throw error;
      }
      void watchClockSteps({
        clock,
        signal,
        onStep(stepMs) {
          log.warn({ stepMs }, 'the clock was set; the housekeeping is scheduled anew');
          for (const entry of entries) arm(entry, signal);
        },
      });
    },
    async stop(signal) {
      stopping?.abort(new AppError<JobsErrorCode>('the housekeeping is stopping', { code: 'jobs/stopping' }));
      stopping = undefined;
      entries.forEach(disarm);
      const gaveUp = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (signal.aborted) resolve();
      });
      await Promise.race([Promise.all(entries.map(({ running }) => running)), gaveUp]);
    },
    async runNow(name) {
      const entry = entries.find(({ job }) => job.name === name);
      if (!entry)
        throw new AppError<JobsErrorCode>(
          `there is no housekeeping job named ${JSON.stringify(name)}; there are: ${jobs.map((job) => job.name).join(', ')}`,
          { code: 'jobs/unknown-job' },
        );
      if (entry.running)
        throw new AppError<JobsErrorCode>(`the job ${name} is running already; wait for its end`, {
          code: 'jobs/already-running',
          retryable: true,
        });
      await run(entry, (stopping ?? new AbortController()).signal);
      return statusOf(entry);
    },
    status: () => entries.map(statusOf),
  };
}

/** @throws {AppError} jobs/bad-schedule */
function createCronTask({ job, log }: Entry, turn: () => void): ScheduledTask {
  const message = (what: string | Error) => (what instanceof Error ? what.message : what);
  const toDebug = (what: string | Error) => log.debug({ message: message(what) }, 'node-cron');
  try {
    return schedule(job.cron, turn, {
      ...(job.timeZone === undefined ? {} : { timezone: job.timeZone }),
      name: job.name,
      // After a step forward it would print one line for each turn that was jumped over.
      suppressMissedWarning: true,
      logger: { info: toDebug, debug: toDebug, warn: toDebug, error: toDebug },
    });
  } catch (cause) {
    throw new AppError<JobsErrorCode>(
      `the schedule ${JSON.stringify(job.cron)} of the job ${job.name}${job.timeZone ? ` in ${job.timeZone}` : ''} cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      { code: 'jobs/bad-schedule', cause },
    );
  }
}
