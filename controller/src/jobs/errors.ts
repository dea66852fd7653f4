/** Faults of the housekeeping. */
export type JobsErrorCode =
  | 'jobs/bad-schedule'
  | 'jobs/unknown-job'
  | 'jobs/already-running'
  | 'jobs/stopping';
