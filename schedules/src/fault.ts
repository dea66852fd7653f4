/** One wrong field: what was wanted, what came (P12). */
export interface Fault {
  readonly field: string;
  readonly wanted: string;
  readonly came: string;
}
