import { readFile, statfs } from 'node:fs/promises';

/** What the machine says of itself; `null` where it cannot. */
export interface MachineHealth {
  readonly cpuTemperatureC: number | null;
  readonly freeStoragePercent: number | null;
}

/** Reads the machine's state now; never throws. */
export async function readMachineHealth(dataDir: string): Promise<MachineHealth> {
  const [temperature, disk] = await Promise.all([
    readFile('/sys/class/thermal/thermal_zone0/temp', 'utf8').catch(() => undefined), // not every machine has one
    statfs(dataDir).catch(() => undefined),
  ]);
  return {
    cpuTemperatureC: temperature === undefined ? null : Math.round(Number(temperature) / 1000),
    freeStoragePercent: disk && disk.blocks > 0 ? Math.round((100 * disk.bavail) / disk.blocks) : null,
  };
}
