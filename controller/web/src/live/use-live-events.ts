import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** Events arrive in bursts when a village plays at once; one refresh covers those within this time. */
const GATHER_MS = 200;

/**
 * Follows the controller's event stream and refreshes what is shown. The browser reconnects by itself and the stream resumes
 * after the last event it saw. Returns whether the stream is open.
 */
export function useLiveEvents(enabled: boolean): boolean {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!enabled) return;
    const source = new EventSource('/api/v1/events');
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      gathering ??= setTimeout(() => {
        gathering = undefined;
        void queries.invalidateQueries();
      }, GATHER_MS);
    };
    source.onopen = () => {
      setOpen(true);
      refresh();
    };
    source.onerror = () => setOpen(false);
    source.onmessage = refresh;
    return () => {
      clearTimeout(gathering);
      source.close();
      setOpen(false);
    };
  }, [enabled, queries]);
  return isOpen;
}
