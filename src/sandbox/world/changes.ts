import type { GitIdentity } from "./accounts.ts";

/** One commit; times are epoch milliseconds, `changes` are the numbers of the pull requests that brought it. */
export interface Commit {
  kind: "Commit";
  repo: number;
  oid: string;
  tree: string;
  parents: readonly string[];
  message: string;
  author: GitIdentity;
  authoredAt: number;
  committer: GitIdentity;
  committedAt: number;
  changes: readonly number[];
  /** The platform made and signed it, though it is no change's merge: such as a merge of the base into a change. */
  signed?: true;
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

/** One review; `commit` is null where the reviewed commit is gone, `author` where the account is. */
export interface Review {
  kind: "PullRequestReview";
  repo: number;
  change: number;
  id: number;
  nodeId: string | null;
  author: number | null;
  state: ReviewState;
  body: string;
  commit: string | null;
  submittedAt: number;
  updatedAt: number;
}

/** The dismissal of a review, as the timeline of its pull request has it. */
export interface Dismissal {
  kind: "ReviewDismissedEvent";
  repo: number;
  change: number;
  id: number;
  actor: number | null;
  at: number;
  review: number;
  previous: ReviewState;
  message: string | null;
}

/** Something else that the timeline of a pull request tells. */
export interface TimelineEvent {
  kind:
    | "LabeledEvent"
    | "UnlabeledEvent"
    | "BaseRefChangedEvent"
    | "AutomaticBaseChangeSucceededEvent"
    | "HeadRefForcePushedEvent"
    | "AutoMergeEnabledEvent"
    | "AddedToMergeQueueEvent"
    | "ConnectedEvent";
  repo: number;
  change: number;
  id: number;
  actor: number | null;
  at: number;
  /** The label, of the first two. */
  label: string | null;
  /** The base branch, or the head's commit, before and after; `to` is the number of the issue that was linked. */
  from: string | null;
  to: string | null;
}

/** One file that a pull request touches. */
export interface ChangedFile {
  path: string;
  additions: number;
  deletions: number;
  change: "ADDED" | "MODIFIED" | "DELETED" | "RENAMED";
}

/** One pull request; account fields are database ids, null where the account is deleted or there is none. */
export interface PullRequest {
  kind: "PullRequest";
  repo: number;
  id: number;
  nodeId: string | null;
  number: number;
  title: string;
  body: string;
  url: string | null;
  state: "OPEN" | "CLOSED" | "MERGED";
  isDraft: boolean;
  author: number | null;
  mergedBy: number | null;
  createdAt: number;
  updatedAt: number;
  /** When its text was last edited; absent: never. */
  lastEditedAt?: number;
  mergedAt: number | null;
  closedAt: number | null;
  baseRefName: string;
  headRefName: string;
  baseRefOid: string;
  headRefOid: string;
  headRepository: string | null;
  mergeCommit: string | null;
  labels: readonly string[];
  commits: readonly string[];
  files: readonly ChangedFile[];
  reviews: Review[];
  dismissals: Dismissal[];
  events: TimelineEvent[];
  issues: readonly number[];
  autoMerge: { by: number; at: number; method: "MERGE" | "REBASE" | "SQUASH" } | null;
}

/** One issue: the work item that a pull request closes. */
export interface Issue {
  kind: "Issue";
  repo: number;
  id: number;
  number: number;
  title: string;
  body: string;
  state: "OPEN" | "CLOSED";
  author: number | null;
  labels: readonly string[];
  createdAt: number;
  closedAt: number | null;
  updatedAt: number;
}
