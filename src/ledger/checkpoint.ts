/** A state of the ledger: how many leaves it held, their RFC 6962 root in hexadecimal, and when the local clock says it was taken, which proves no time. */
export interface Checkpoint {
  readonly size: number;
  readonly root: string;
  readonly at: string;
}
