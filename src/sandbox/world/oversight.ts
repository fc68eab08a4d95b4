/** An entry of the organisation's audit log about the repository. */
export interface AuditEntry {
  id: string;
  action: string;
  actor: number | null;
  at: number;
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
