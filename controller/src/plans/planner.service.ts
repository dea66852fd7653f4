/** Keeps what every box should hold in step with what people decided. */
export interface Planner {
  /** Compiles these clusters anew and sends what differs. Coalesced and asynchronous; its own failures are logged and tried again. */
  replan(clusterIds: readonly string[] | 'all'): void;
  /** Resolves when nothing that was asked for is still being compiled. */
  settle(): Promise<void>;
}
