import { body, type Person } from './person.ts';
import { waitFor } from './wait-for.ts';

const TIME_ZONE = 'Asia/Ho_Chi_Minh';

/** Returns what the today page shows of one cluster's planned start; `undefined` while it shows nothing. */
export async function occurrenceAt({ api }: Person, clusterId: string, startsAtMs: number) {
  const date = Temporal.Instant.fromEpochMilliseconds(startsAtMs)
    .toZonedDateTimeISO(TIME_ZONE)
    .toPlainDate()
    .toString();
  const { clusters } = await body(api.today.$get({ query: { date } }));
  return clusters
    .find(({ id }) => id === clusterId)
    ?.occurrences.find((occurrence) => occurrence.startsAtMs === startsAtMs);
}

/** Waits until a planned start has its outcome, and returns it. */
export async function outcomeAt(person: Person, clusterId: string, startsAtMs: number) {
  return waitFor(`the outcome of ${clusterId}`, async () => {
    const occurrence = await occurrenceAt(person, clusterId, startsAtMs);
    return occurrence?.outcome ?? undefined;
  });
}

/** Waits until a cluster's box holds the plan and the sounds of a planned start. */
export async function readyAt(person: Person, clusterId: string, startsAtMs: number): Promise<void> {
  await waitFor(
    `the box of ${clusterId} to be ready`,
    async () => (await occurrenceAt(person, clusterId, startsAtMs))?.ready || undefined,
  );
}
