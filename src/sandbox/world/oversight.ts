/** An entry of the organisation's audit log about the repository. */
export interface AuditEntry {
  id: string;
  action: string;
  actor: number | null;
  at: number;
  /** Of an override: the branch, where it led before and after, and which demands were not met. */
  override?: { branch: string; before: string | null; after: string | null; codes: readonly string[] };
}

/** A security alert. */
export interface Alert {
  number: number;
  tool: "dependabot" | "code-scanning" | "secret-scanning";
  title: string;
  severity: "low" | "medium" | "high" | "critical";
  openedAt: number;
  fixedAt: number | null;
  dismissedAt: number | null;
  dismissedBy: number | null;
  dismissedReason: string | null;
}
