import { z } from 'zod';

/** The longest power lease a device may be given, in milliseconds: promise P8 allows 5 s from loss to silence. */
export const MAX_LEASE_MS = 5_000;

/** The wires to the horns, as the amplifier measures them. */
const lineStateSchema = z
  .strictObject({
    /** `unknown` when the device does not measure its line, or cannot while it is off. */
    kind: z.enum(['ok', 'open', 'short', 'earth', 'unknown']),
    impedanceOhm: z.number().nonnegative().optional(),
    /** RMS current into the line. Above its idle value it is evidence that sound leaves the amplifier. */
    currentA: z.number().nonnegative().optional(),
  })
  .readonly();

/**
 * What an amplifier says of itself, read from the device and never from memory.
 * A key that is absent was not measured: a driver invents nothing.
 */
export const amplifierStateSchema = z
  .strictObject({
    power: z.enum(['on', 'off']),
    /** Milliseconds until the device's own timer cuts the power; only while it is on, where the device tells. */
    leaseLeftMs: z.number().min(0).max(MAX_LEASE_MS).optional(),
    gainDb: z.number(),
    line: lineStateSchema,
    temperatureC: z.number().optional(),
    fan: z.enum(['ok', 'stopped']).optional(),
    /** Faults the device itself reports; `other` where this list has no word for it. Empty when it reports none. */
    faults: z
      .array(z.enum(['overheat', 'overload', 'protection', 'fan', 'supply-low', 'restarted', 'other']))
      .readonly(),
    supply: z
      .strictObject({
        source: z.enum(['mains', 'battery', 'solar', 'unknown']),
        voltageV: z.number().optional(),
      })
      .readonly(),
    door: z.enum(['open', 'closed']).optional(),
  })
  .readonly();

/** A reading of one amplifier; see `amplifierStateSchema` for units and for what an absent key means. */
export type AmplifierState = z.infer<typeof amplifierStateSchema>;
