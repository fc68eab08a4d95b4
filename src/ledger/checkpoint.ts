/** A state of the ledger: how many leaves it held, their RFC 6962 root in hexadecimal, and when the local clock says it was taken, which proves no time. */
export interface Checkpoint {
  readonly size: number;
  readonly root: string;
  readonly at: string;
  /** The C2SP signed note over size and root; absent where no key was configured when it was taken. */
  readonly note?: string;
}
