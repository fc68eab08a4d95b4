import { z } from "zod";

/** What every repository in scope is asked for: what the controls rest on. */
export const coreKinds = [
  "repository", // one repository and its settings
  "protection", // the rules that guard the released branch
  "commits", // the released branch's commits, with their parents and changes
  "changes", // merged changes, with their own commits and events
  "reviews", // reviews and dismissals
  "checks", // checks on a change's head
  "workItems", // work items a change closes
  "files", // paths a change touches
  "deployments", // deployments with their statuses
] as const;

/** What a source may hold beyond that, each by a right of its own: where it is not readable, that is said, and what rests on it is not credited. */
export const furtherKinds = [
  "branchActivity", // pushes, merges and force pushes of every branch, with who did them
  "ruleSuites", // the source's own evaluations of its rules, bypasses among them
  "ruleVersions", // what each rule set demanded, version by version
  "environments", // environments with their rules and reviewers
  "pipelineRuns", // pipeline runs, earlier attempts of their checks, approvals of their deployments
  "access", // who may merge, bypass and deploy
  "auditLog", // the organisation's audit log
  "releases", // releases and tags
  "alerts", // security alerts
] as const;

/** Those of them that a source keeps for all repositories of an owner together: one stream an owner. */
export const organisationKinds = ["auditLog"] as const satisfies readonly (typeof furtherKinds)[number][];

/** The kinds of evidence a source may hold, each with its own cursor and coverage. */
export const streamKinds = [
  "repositories", // the organisation's list of repositories
  ...coreKinds,
  ...furtherKinds,
  "incidents", // a list of incidents that the organisation keeps
  "configuration", // flowproof's own effective configuration
] as const;

export type StreamKind = (typeof streamKinds)[number];
export const streamKindSchema = z.enum(streamKinds);

/** What collecting is asked for: one kind of evidence from one scope. */
export interface Stream {
  /**
   * `<source id>/<repository id>/<kind>`; the organisation's own streams carry its id in place of a repository's. A second
   * stream of one kind carries a suffix: `…/commits/prod` is the commits of a branch that changes are promoted through,
   * `<source id>/-/auditLog/<owner>` what is kept for an owner's repositories together,
   * `…/deployments/workflow/deploy.yml/prod` and `…/deployments/import/<system>` are deployments from a job and from a list.
   */
  readonly id: string;
  readonly source: string;
  readonly kind: StreamKind;
  /** The source's immutable id of the repository or organisation. */
  readonly scopeId: string;
  /** The name the source knows it by today, `owner/name`. */
  readonly scopeName: string;
  /** The released branch; absent where the repository's default branch is meant. */
  readonly branch?: string;
  /** The branches that changes are promoted through after that; absent for none. */
  readonly promoted?: readonly string[];
  /** The deployments' environments that count as production; empty for all. */
  readonly environments?: readonly string[];
  /** The workflow whose runs are deployments where this job of it ran; absent where the source's own deployments are meant. */
  readonly workflow?: { readonly file: string; readonly job: string };
  /** Somebody's approval of deployments is a control of a system that it serves: they are asked for, demanded or not. */
  readonly approvals?: boolean;
  /** How far back the first collecting reaches, an ISO instant. */
  readonly since: string;
}

/** Where a stream's next collecting starts; only its provider can read it. */
export type Cursor = string;

/** What is known of one stream over one half-open interval [from, to). */
export interface Coverage {
  readonly stream: string;
  readonly status: "complete" | "partial" | "unobserved";
  readonly from: string;
  readonly to: string;
  /** Why it is not complete, for an auditor; where it is, what was not asked as nothing can be there, absent for nothing. */
  readonly reason?: string;
}

/** One request and its response: what an auditor needs to repeat it. No token, no header that carries one. */
export interface Exchange {
  readonly endpoint: string;
  /** The query's name, e.g. `Changes`; its text is kept once per digest. */
  readonly operation: string;
  readonly query: string;
  readonly variables: string;
  readonly status: number;
  readonly startedAt: string;
  /** The source's own time of the answer (its Date header). */
  readonly serverTime: string;
  readonly requestId?: string;
  readonly cost?: number;
}

/** One immutable object as the source gave it, before it is stored. */
export interface SourceRecord {
  readonly kind: string;
  /** The source's id of the object, unique within stream and kind. */
  readonly externalId: string;
  /** Plain JSON as the source gave it; ids over 2^53 are strings. */
  readonly body: unknown;
}

/** What one exchange gave to one stream. */
export interface Part {
  readonly stream: Stream;
  readonly records: readonly SourceRecord[];
  /** Where to go on; committed together with the records. Absent: unchanged. */
  readonly cursor?: Cursor;
  /** How many objects the source itself counts in this stream's scope, where it says. */
  readonly total?: number;
  /** Said when the stream's turn in this run is over, or when something of it stays unread. */
  readonly coverage?: Omit<Coverage, "stream">;
}

/** One exchange with all it gave: stored in one transaction or not at all. */
export interface Batch {
  readonly exchange: Exchange;
  readonly parts: readonly Part[];
}

/** A record as stored; `id` is what packs refer to as `r<id>`. */
export interface EvidenceRecord extends SourceRecord {
  readonly id: number;
  readonly stream: string;
  readonly source: string;
  /** The scope's immutable id, the repository's where the stream is one's. */
  readonly scopeId: string;
  readonly streamKind: StreamKind;
  /** The source's time at which it was fetched. */
  readonly fetchedAt: string;
  readonly run: string;
}
