import { AppError, type Clock } from '@loa/kernel';
import { requireOnSite } from '../areas/area-access.service.ts';
import { recordAudit } from '../audit/audit.service.ts';
import type { Db } from '../db/database.ts';
import type { ControllerErrorCode } from '../errors.ts';
import type { Actor } from '../http/access.ts';
import { type ProcedureRecord, procedureRecord, type Statement } from './procedure.schema.ts';
import { createProcedureStore, type ProcedureRow } from './procedure.store.ts';

/** An administrative procedure as the commune knows it. */
export interface Procedure {
  readonly id: string;
  readonly code: string;
  /** Rises with each change; an explainer remembers which one it was made from. */
  readonly version: number;
  readonly title: string;
  /** Only `verified` ones that are still valid may be presented as official. */
  readonly status: 'draft' | 'verified' | 'repealed';
  readonly replacedBy: string | null;
  readonly record: ProcedureRecord;
  readonly reviewedMs: number | null;
  readonly reviewedBy: string | null;
  readonly updatedMs: number;
}

/** The procedures that explainers are made from. */
export interface Procedures {
  list(): Promise<readonly Procedure[]>;
  /** @throws {AppError} procedure/unknown. */
  get(id: string): Promise<Procedure>;
  /**
   * Replaces the record; a verified one becomes a draft again.
   * @throws {AppError} people/forbidden, procedure/unknown; request/stale-version when somebody else changed it meanwhile.
   */
  edit(
    actor: Actor,
    id: string,
    wanted: { readonly version: number; readonly title: string; readonly record: ProcedureRecord },
    origin: string,
  ): Promise<Procedure>;
  /**
   * A person says that this version agrees with the portal.
   * @throws {AppError} people/forbidden, procedure/unknown, request/stale-version; procedure/not-current for a repealed one;
   * procedure/unverified-facts, naming them, while some statement is not confirmed or sourced.
   */
  verify(actor: Actor, id: string, version: number, origin: string): Promise<Procedure>;
}

/** Creates the procedures on the main database. */
export function createProcedures({ db, clock }: { readonly db: Db; readonly clock: Clock }): Procedures {
  const find = async (tx: Db, id: string): Promise<ProcedureRow> => {
    const row = await createProcedureStore(tx).find(id);
    if (!row)
      throw new AppError<ControllerErrorCode>(
        `there is no procedure ${id}: GET /api/v1/procedures lists them`,
        {
          code: 'procedure/unknown',
        },
      );
    return row;
  };
  const change = (
    actor: Actor,
    id: string,
    {
      action,
      version,
      origin,
    }: { readonly action: string; readonly version: number; readonly origin: string },
    next: (row: ProcedureRow, nowMs: number) => Partial<ProcedureRow>,
  ): Promise<Procedure> =>
    db.transaction().execute(async (tx) => {
      await requireOnSite(tx, actor, 'site:write');
      const row = await find(tx, id);
      if (row.version !== version)
        throw new AppError<ControllerErrorCode>(
          `${row.code} is at version ${row.version} now, you looked at ${version}: read it again`,
          { code: 'request/stale-version' },
        );
      const nowMs = clock.now().epochMilliseconds;
      const changed = { ...row, ...next(row, nowMs), updated_ms: nowMs };
      await createProcedureStore(tx).change(id, changed);
      const facts = { actor: actor.userId, subject: `procedure:${id}`, origin, action };
      await recordAudit(tx, clock, { ...facts, before: toProcedure(row), after: toProcedure(changed) });
      return toProcedure(changed);
    });
  return {
    list: async () => (await createProcedureStore(db).all()).map(toProcedure),
    get: async (id) => toProcedure(await find(db, id)),
    edit: (actor, id, { version, title, record }, origin) =>
      change(actor, id, { action: 'procedure.edited', version, origin }, (row) => ({
        title,
        record: JSON.stringify(record),
        version: row.version + 1,
        status: row.status === 'repealed' ? 'repealed' : 'draft',
        reviewed_ms: null,
        reviewed_by: null,
      })),
    verify: (actor, id, version, origin) =>
      change(actor, id, { action: 'procedure.verified', version, origin }, (row, nowMs) => {
        if (row.status === 'repealed')
          throw new AppError<ControllerErrorCode>(
            `${row.code} is repealed${row.replaced_by ? ` and replaced by ${row.replaced_by}` : ''}`,
            { code: 'procedure/not-current' },
          );
        const fields = unverified(toProcedure(row).record);
        if (fields.length > 0)
          throw new AppError<ControllerErrorCode>(
            `${fields.length} statement(s) of ${row.code} are not verified: compare each with the portal, then confirm or remove it`,
            { code: 'procedure/unverified-facts', details: { fields } },
          );
        return { status: 'verified', reviewed_ms: nowMs, reviewed_by: actor.userId };
      }),
  };
}

/** Returns where a record says something that nobody has verified. */
export function unverified(record: ProcedureRecord): ReadonlyArray<{ path: string; message: string }> {
  const isStatement = (value: unknown): value is Statement =>
    typeof value === 'object' && value !== null && 'standing' in value;
  return Object.entries(record).flatMap(([key, value]) => {
    const list = Array.isArray(value) ? value : [value];
    return list.flatMap((item: unknown, index) =>
      isStatement(item) && item.standing === 'unverified'
        ? [{ path: Array.isArray(value) ? `record.${key}.${index}` : `record.${key}`, message: item.text }]
        : [],
    );
  });
}

/** Reads a procedure from its row. */
export function toProcedure(row: ProcedureRow): Procedure {
  return {
    id: row.id,
    code: row.code,
    version: row.version,
    title: row.title,
    status: row.status,
    replacedBy: row.replaced_by,
    record: procedureRecord.parse(JSON.parse(row.record)),
    reviewedMs: row.reviewed_ms,
    reviewedBy: row.reviewed_by,
    updatedMs: row.updated_ms,
  };
}
