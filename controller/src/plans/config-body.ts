import type { ConfigBody } from '@loa/contract';
import type { ClusterRow } from '../clusters/cluster.store.ts';

/** Returns what a box of this cluster is and how it should behave. Link profile, NTP servers and pinned warnings are later issues. */
export function configBody(
  cluster: ClusterRow,
  {
    areaName,
    timeZone,
    languages,
  }: { readonly areaName: string; readonly timeZone: string; readonly languages: string[] },
): ConfigBody {
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    areaName,
    timeZone,
    languages,
    gainDb: cluster.gain_db,
    calibrationMs: cluster.calibration_ms,
    amplifier: { warmUpMs: cluster.warm_up_ms },
    keepaliveS: 45, // the data line forgets an idle connection after a minute
    healthEveryS: 60,
    link: { kbitPerS: null, prefetchHours: [], monthlyBytes: null },
    mediaBudgetBytes: 2_000_000_000,
    ntpServers: [],
    signedTimeAlarmHours: 48,
    emergencyPerHour: 12,
    emergencyReservedForPinned: 6,
    pinned: [],
    localPin: null,
  };
}
