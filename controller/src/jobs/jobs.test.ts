import { fakeClock, memoryLogger } from '@loa/kernel/testing';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createJobs, type Job } from './jobs.ts';

const MINUTE = 60_000;

// node-cron reads the global Date and timers; our own code reads the Clock. Both are moved together.
function createTime() {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: 0 });
  const clock = fakeClock('2026-01-05T00:00:30Z');
  vi.setSystemTime(clock.now().epochMilliseconds);
  return {
    clock,
    async advance(ms: number) {
      for (let left = ms; left > 0; left -= 1_000) {
        await clock.advance(Math.min(left, 1_000));
        await vi.advanceTimersByTimeAsync(Math.min(left, 1_000));
      }
    },
    /** Sets the wall clock, as NTP or a person would; durations go on. */
    step(ms: number) {
      clock.step(ms);
      vi.setSystemTime(clock.now().epochMilliseconds);
    },
  };
}

function startJobs(time: ReturnType<typeof createTime>, ...jobs: Job[]) {
  const log = memoryLogger();
  const housekeeping = createJobs({ clock: time.clock, log, jobs });
  onTestFinished(() => housekeeping.stop(AbortSignal.abort()));
  housekeeping.start();
  return { housekeeping, log };
}

/** A job that writes down when it ran, by the wall clock. */
function diary(time: ReturnType<typeof createTime>, cron: string) {
  const turns: string[] = [];
  const job: Job = {
    name: 'diary',
    cron,
    timeZone: 'UTC',
    async run() {
      turns.push(time.clock.now().toString().slice(11, 16));
    },
  };
  return { turns, job };
}

let time: ReturnType<typeof createTime>;
beforeEach(() => {
  time = createTime();
  return () => void vi.useRealTimers();
});

describe('the clock', () => {
  it('a job runs at its minutes', async () => {
    const { turns, job } = diary(time, '*/10 * * * *');
    startJobs(time, job);
    await time.advance(31 * MINUTE);
    expect(turns).toEqual(['00:10', '00:20', '00:30']);
  });

  it('jobs go on when the clock is set back by half an hour', async () => {
    const { turns, job } = diary(time, '*/10 * * * *');
    const { log } = startJobs(time, job);
    await time.advance(31 * MINUTE); // 00:31:30
    time.step(-30 * MINUTE); // 00:01:30
    await time.advance(20 * MINUTE);
    expect(turns).toEqual(['00:10', '00:20', '00:30', '00:10', '00:20']);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { stepMs: -30 * MINUTE } }),
    );
  });

  it('jobs go on, and do not catch up, when the clock is set forward by half an hour', async () => {
    const { turns, job } = diary(time, '*/10 * * * *');
    startJobs(time, job);
    await time.advance(11 * MINUTE); // 00:11:30
    time.step(30 * MINUTE); // 00:41:30
    await time.advance(20 * MINUTE);
    expect(turns).toEqual(['00:10', '00:50', '01:00']);
  });

  it('a clock that is slewed by up to 5 s is left alone', async () => {
    const { job } = diary(time, '*/10 * * * *');
    const { log } = startJobs(time, job);
    time.step(5_000);
    await time.advance(MINUTE);
    time.step(-10_000);
    await time.advance(MINUTE);
    expect(log.lines).toEqual([]);
  });

  it('a time of day is meant in the job’s own zone', async () => {
    const { turns, job } = diary(time, '30 7 * * *');
    startJobs(time, { ...job, timeZone: 'Asia/Ho_Chi_Minh' });
    await time.advance(60 * MINUTE);
    expect(turns).toEqual(['00:30']);
  });
});

describe('a run', () => {
  it('that still goes on at its next turn is not joined by a second', async () => {
    let started = 0;
    let end = () => {};
    const { log } = startJobs(time, {
      name: 'slow',
      cron: '* * * * *',
      run: () => {
        started += 1;
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      },
    });
    await time.advance(3 * MINUTE);
    expect(started).toBe(1);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { job: 'slow' } }));
    end();
    await time.advance(MINUTE);
    expect(started).toBe(2);
  });

  it('that is going on when the clock is set back is not joined by a second', async () => {
    let started = 0;
    startJobs(time, {
      name: 'slow',
      cron: '*/10 * * * *',
      run: () => {
        started += 1;
        return new Promise<void>(() => {});
      },
    });
    await time.advance(10 * MINUTE);
    time.step(-30 * MINUTE);
    await time.advance(20 * MINUTE);
    expect(started).toBe(1);
  });

  it('that fails is logged and remembered, and the next turn comes', async () => {
    let turns = 0;
    const { housekeeping, log } = startJobs(time, {
      name: 'backup',
      cron: '* * * * *',
      async run() {
        turns += 1;
        if (turns === 1) throw new Error('the disk is full');
      },
    });
    await time.advance(MINUTE);
    expect(housekeeping.status()[0]).toMatchObject({ name: 'backup', lastError: 'the disk is full' });
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ job: 'backup' }) }),
    );
    await time.advance(MINUTE);
    expect(turns).toBe(2);
    expect(housekeeping.status()[0]).toMatchObject({ lastError: undefined });
  });

  it('that throws before its first await is a failure like any other', async () => {
    const { housekeeping } = startJobs(time, {
      name: 'backup',
      cron: '0 0 1 1 *',
      run() {
        throw new Error('at once');
      },
    });
    expect(await housekeeping.runNow('backup')).toMatchObject({ lastError: 'at once', isRunning: false });
  });

  it('asked for by a person happens now, once, and tells how it went', async () => {
    let turns = 0;
    const { housekeeping } = startJobs(time, {
      name: 'backup',
      cron: '0 2 * * *',
      timeZone: 'UTC',
      async run() {
        turns += 1;
        await time.clock.sleep(1_000);
      },
    });
    const first = housekeeping.runNow('backup');
    await expect(housekeeping.runNow('backup')).rejects.toMatchObject({ code: 'jobs/already-running' });
    await time.advance(1_000);
    const status = await first;
    expect(status.lastStart?.toString()).toBe('2026-01-05T00:00:30Z');
    expect(status.lastEnd?.toString()).toBe('2026-01-05T00:00:31Z');
    expect(status.nextRun?.toString()).toBe('2026-01-05T02:00:00Z');
    expect(turns).toBe(1);
    await expect(housekeeping.runNow('bakcup')).rejects.toMatchObject({
      code: 'jobs/unknown-job',
      message: expect.stringContaining('backup'),
    });
  });
});

describe('start and stop', () => {
  it('a schedule that cannot be used is named, and nothing is left armed', () => {
    const { job } = diary(time, '* * * * *');
    const start = (bad: Job) =>
      createJobs({ clock: time.clock, log: memoryLogger(), jobs: [job, bad] }).start();
    expect(() => start({ ...job, name: 'bad', cron: '61 * * * *' })).toThrow(
      /"61 \* \* \* \*" of the job bad/,
    );
    expect(() => start({ ...job, name: 'bad', timeZone: 'Asia/Vinh_Quang' })).toThrow(/Vinh_Quang/);
    expect(vi.getTimerCount()).toBe(0);
    expect(time.clock.sleepers()).toBe(0);
  });

  it('stop tells a running job and waits for it, leaves no timer, and may be called twice', async () => {
    let told: unknown;
    const { job, turns } = diary(time, '* * * * *');
    const { housekeeping } = startJobs(time, job, {
      name: 'long',
      cron: '* * * * *',
      run: ({ signal }) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            told = signal.reason;
            setImmediate(() => setImmediate(resolve)); // tidies up first
          });
        }),
    });
    housekeeping.start();
    await time.advance(MINUTE);
    await housekeeping.stop(new AbortController().signal);
    await housekeeping.stop(new AbortController().signal);
    expect(told).toBeInstanceOf(Error);
    expect(housekeeping.status().map(({ isRunning, nextRun }) => ({ isRunning, nextRun }))).toEqual([
      { isRunning: false, nextRun: undefined },
      { isRunning: false, nextRun: undefined },
    ]);
    await time.advance(3 * MINUTE);
    expect(turns).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(time.clock.sleepers()).toBe(0);
  });

  it('stop leaves a job behind that does not listen, when the deadline passes', async () => {
    const { housekeeping } = startJobs(time, {
      name: 'deaf',
      cron: '* * * * *',
      run: () => new Promise<void>(() => {}),
    });
    await time.advance(MINUTE);
    await housekeeping.stop(AbortSignal.abort());
  });

  it('starts anew after a stop', async () => {
    const { job, turns } = diary(time, '* * * * *');
    const { housekeeping } = startJobs(time, job);
    await housekeeping.stop(new AbortController().signal);
    housekeeping.start();
    await time.advance(MINUTE);
    expect(turns).toEqual(['00:01']);
  });
});
