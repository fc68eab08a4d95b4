import type { Entity } from "../model/entity.ts";
import type { Batch, Cursor, EvidenceRecord, Stream, StreamKind } from "../model/stream.ts";
import type { Clock } from "../util/clock.ts";

/** A configured connection, without the organisation's scoping. */
export interface SourceConfig {
  readonly id: string;
  readonly provider: string;
  readonly baseUrl: string;
  /** Resolves the credential anew each time it is called, so that a long run survives a rotation. */
  readonly credential: Credential;
  /** A file with additional certificate authorities, PEM. */
  readonly ca?: string;
}

export type Credential =
  | { readonly type: "token"; readonly read: () => string }
  | { readonly type: "app"; readonly appId: string; readonly installation: string; readonly readKey: () => string };

/** What a provider is given besides its streams. */
export interface ProviderContext {
  readonly source: SourceConfig;
  readonly clock: Clock;
  /** Waits; injected so that tests of rate limits take no time. Rejects when the run is interrupted. */
  readonly wait: (milliseconds: number, why: string) => Promise<void>;
  readonly signal: AbortSignal;
  /** One line of progress for a person: what is being read. */
  readonly progress: (text: string) => void;
}

/** A right the credential has or lacks, for one kind of stream. */
export interface Capability {
  readonly kind: StreamKind | "identity";
  readonly ok: boolean;
  /** What was found, and what to do where it is not ok. */
  readonly message: string;
}

/** What discovery found in a source: repositories with what the last days show of them. */
export interface Discovered {
  readonly repositoryId: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
  readonly environments: readonly string[];
  readonly checks: readonly { name: string; app: string | null }[];
  readonly automations: readonly string[];
  /** Logins of persons' accounts that deployed, and of those that opened merged changes. */
  readonly deployers: readonly string[];
  readonly authors: readonly string[];
  /** Branches and tags that were deployed. */
  readonly deployedFrom: readonly string[];
  /** Which of its own branches were merged to which by changes, each pair once. */
  readonly merges: readonly { readonly from: string; readonly to: string }[];
  readonly merged: number;
}

/** Code that speaks one vendor's API. It never judges, and drops nothing it was given. */
export interface Provider {
  readonly id: string;
  /** What it can observe; the rest is unobserved, by name. */
  readonly streams: readonly StreamKind[];
  /** How many days the source still gives what was not collected; kinds without an entry are kept for good, 0: only the present state is read. */
  readonly keptDays: Readonly<Partial<Record<StreamKind, number>>>;
  /** Who the credential is, and its rights per stream. */
  probe(
    context: ProviderContext,
  ): Promise<{ identity: string; scopes: readonly string[]; serverTime: string; capabilities: readonly Capability[] }>;
  /** Resolves the configured patterns (`owner/*`, `!owner/x`) against the source; every repository the owner lists is in the answer. */
  repositories(owners: readonly string[], context: ProviderContext): AsyncIterable<Batch>;
  /** Collects the streams; batches arrive in an order in which each may be stored alone. A failing stream ends in coverage, not in a throw. */
  collect(
    streams: readonly Stream[],
    cursors: ReadonlyMap<string, Cursor>,
    context: ProviderContext,
  ): AsyncIterable<Batch>;
  /** What `init --discover` proposes from. */
  discover(owner: string, since: string, context: ProviderContext): Promise<readonly Discovered[]>;
  /** Pure and strict: an unknown shape throws SourceError("unexpectedShape"), it is never dropped. */
  normalize(record: EvidenceRecord): readonly Entity[];
}
