import { z } from '../http/zod.ts';

/** National code of a procedure, such as 3.000722. */
const procedureCode = z.string().regex(/^\d\.\d{6}$/, 'wanted a national code such as 3.000722');

/**
 * One statement of a record. `sourced`: read in the source that stands beside it. `unverified`: heard of, and never to be
 * presented as official. `confirmed`: compared with the portal by a person of the commune.
 */
export const statement = z
  .object({
    text: z.string().trim().min(1).max(1000),
    standing: z.enum(['sourced', 'unverified', 'confirmed']),
    source: z.string().max(500).nullable(),
  })
  .openapi('ProcedureStatement');
export type Statement = z.output<typeof statement>;

const statements = z.array(statement).max(40).readonly();
const localDate = z.iso.date();

/**
 * What is known of a procedure: the parts that Decree 63/2010/NĐ-CP article 8 requires, and what an explainer needs besides.
 * An empty list says that nothing is known, not that there is nothing.
 */
export const procedureRecord = z
  .object({
    /** Số quyết định công bố. */
    decisionNumber: statement.nullable(),
    /** Người dân phải làm trong hạn nào. */
    duties: statements,
    /** Trình tự thực hiện. */
    steps: statements,
    /** Cách thức thực hiện. */
    howToFile: statements,
    /** Thành phần, số lượng hồ sơ. */
    papers: statements,
    /** Thời hạn giải quyết. */
    timeLimits: statements,
    /** Đối tượng thực hiện. */
    applicants: statements,
    /** Cơ quan giải quyết. */
    offices: statements,
    /** Mẫu đơn, tờ khai. */
    forms: statements,
    /** Yêu cầu, điều kiện. */
    conditions: statements,
    /** Phí, lệ phí. Never told without the exemptions. */
    fees: statements,
    /** Miễn, giảm phí và lệ phí. */
    exemptions: statements,
    /** Kết quả. */
    results: statements,
    /** Căn cứ pháp lý. */
    legalBasis: statements,
    validFrom: localDate.nullable(),
    /** The last day, inclusive, on which it may be explained as it stands. */
    validUntil: localDate.nullable(),
    /** Told to every reader of the record. */
    note: z.string().max(1000),
  })
  .openapi('ProcedureRecord');
export type ProcedureRecord = z.output<typeof procedureRecord>;

/** A record as it is shipped with Loa. */
export const procedureSeed = z.strictObject({
  code: procedureCode,
  title: z.string().min(1).max(300),
  status: z.enum(['draft', 'repealed']),
  replacedBy: procedureCode.nullable(),
  record: procedureRecord,
});
