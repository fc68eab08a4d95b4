/** An environment that is deployed to. */
export interface Environment {
  id: number;
  name: string;
  reviewers: readonly ({ user: number } | { team: string })[];
  preventSelfReview: boolean;
  adminsBypass: boolean;
  waitMinutes: number;
  branches: "all" | "protected" | "selected";
  /** The patterns of those selected. */
  branchNames?: readonly string[];
  createdAt: number;
  updatedAt: number;
}

export type DeploymentStatusState = "QUEUED" | "IN_PROGRESS" | "SUCCESS" | "FAILURE" | "INACTIVE" | "PENDING" | "ERROR";

/** One status of a deployment. */
export interface DeploymentStatus {
  id: number;
  state: DeploymentStatusState;
  at: number;
  creator: number;
  /** The workflow run that reported it. */
  run: number | null;
  /** The environment it was in by then, where that is not what it is in today. */
  environment?: string;
}

/** One deployment with its statuses, oldest first. */
export interface Deployment {
  kind: "Deployment";
  repo: number;
  id: number;
  oid: string;
  ref: string | null;
  /** As its last status named it. */
  environment: string;
  /** What it was made for, where a status has named another since. */
  originalEnvironment?: string;
  task: string;
  description: string | null;
  creator: number;
  createdAt: number;
  updatedAt: number;
  statuses: DeploymentStatus[];
}

/** A tag, where it points now, and a release of it. */
export interface Tag {
  name: string;
  oid: string;
}
export interface Release {
  id: number;
  name: string;
  tag: string;
  author: number | null;
  createdAt: number;
  publishedAt: number | null;
}
