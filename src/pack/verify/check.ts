/** One thing that was looked at: `unchecked` says what could not be, and with what it can. */
export interface Check {
  /** What it is about: a file, a record `r12`, `signature`, `checkpoint`. */
  readonly subject: string;
  readonly outcome: "holds" | "broken" | "unchecked";
  /** One sentence for an auditor. */
  readonly text: string;
}
