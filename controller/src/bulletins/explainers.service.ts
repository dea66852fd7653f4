import type { Clock } from '@loa/kernel';
import type { Actor } from '../http/access.ts';
import type { Procedures } from '../procedures/procedures.service.ts';
import type { Bulletin } from './bulletin-view.ts';
import type { Bulletins } from './bulletins.service.ts';
import { explainerScript } from './explainer-script.ts';

/** Drafts made from procedure records. */
export interface Explainers {
  /**
   * Writes a bulletin of a chime and a short text, which its author may change before it is rendered.
   * @throws {AppError} procedure/unknown, procedure/not-current, procedure/unverified-facts, area/unknown, people/forbidden.
   */
  write(
    actor: Actor,
    wanted: { readonly procedureId: string; readonly areaId: string },
    origin: string,
  ): Promise<Bulletin>;
}

/** The chime rings out before the first word. */
const AFTER_CHIME_MS = 300;

/** Creates the writer of explainers. */
export function createExplainers({
  clock,
  procedures,
  bulletins,
  timeZone,
}: {
  readonly clock: Clock;
  readonly procedures: Pick<Procedures, 'get'>;
  readonly bulletins: Pick<Bulletins, 'create'>;
  readonly timeZone: string;
}): Explainers {
  return {
    async write(actor, { procedureId, areaId }, origin) {
      const procedure = await procedures.get(procedureId);
      const today = clock.now().toZonedDateTimeISO(timeZone).toPlainDate().toString();
      const { title, text, unverified } = explainerScript(procedure, today);
      const segments = [
        { kind: 'chime' as const },
        { kind: 'pause' as const, ms: AFTER_CHIME_MS },
        { kind: 'speech' as const, text, spoken: null },
      ];
      return bulletins.create(
        actor,
        { areaId, title, class: 'routine', variants: [{ language: 'vi', segments }] },
        origin,
        { procedureId, procedureVersion: procedure.version, unverified },
      );
    },
  };
}
