import { useQuery } from '@tanstack/react-query';
import { ApiError, api, read } from '../api/client.ts';

/** Who is signed in; `null` when nobody is. */
export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: () =>
      read(api.me.$get()).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }),
  });
}
