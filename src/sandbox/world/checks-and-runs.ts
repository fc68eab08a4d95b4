export type CheckConclusion =
  | "SUCCESS"
  | "FAILURE"
  | "SKIPPED"
  | "NEUTRAL"
  | "CANCELLED"
  | "TIMED_OUT"
  | "ACTION_REQUIRED";

/** One check run; `conclusion` is null until `completedAt`. */
export interface Check {
  kind: "CheckRun";
  repo: number;
  id: number;
  suite: number;
  oid: string;
  name: string;
  app: number;
  conclusion: CheckConclusion | null;
  startedAt: number;
  completedAt: number | null;
  /** The workflow run it is a job of; null for a check that another app reported. */
  run: number | null;
}

/** One commit status, which anyone with write access can set. */
export interface Status {
  kind: "StatusContext";
  repo: number;
  id: number;
  oid: string;
  context: string;
  state: "SUCCESS" | "FAILURE" | "PENDING" | "ERROR";
  creator: number | null;
  createdAt: number;
}

/** One workflow run with its attempts, oldest first, each with its jobs; job ids are check run ids. */
export interface WorkflowRun {
  id: number;
  name: string;
  path: string;
  event: string;
  branch: string | null;
  oid: string;
  suite: number;
  actor: number | null;
  createdAt: number;
  updatedAt: number;
  attempts: readonly {
    triggeredBy: number | null;
    conclusion: CheckConclusion | null;
    startedAt: number;
    completedAt: number | null;
    jobs: readonly {
      id: number;
      name: string;
      conclusion: CheckConclusion | null;
      startedAt: number;
      completedAt: number | null;
    }[];
  }[];
  approvals: readonly {
    user: number;
    state: "approved" | "rejected";
    comment: string;
    environments: readonly string[];
  }[];
}
