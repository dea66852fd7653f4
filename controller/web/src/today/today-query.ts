import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';

/** Today per cluster, refreshed by live events and, should they be lost, every half minute. */
export function useToday() {
  return useQuery({
    queryKey: ['today'],
    queryFn: () => read(api.today.$get({ query: {} })),
    refetchInterval: 30_000,
  });
}

export type Today = NonNullable<ReturnType<typeof useToday>['data']>;
export type ClusterDay = Today['clusters'][number];
export type OccurrenceLine = ClusterDay['occurrences'][number];
