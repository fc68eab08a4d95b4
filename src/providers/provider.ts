import type { Entity } from "../model/entity.ts";
import type { Batch, Cursor, EvidenceRecord, SourceRecord, Stream, StreamKind } from "../model/stream.ts";
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

/** What systems expect of a repository: branches, and environments that are deployed to. */
export interface WantedPlaces {
  /** Its name, `owner/name`. */
  readonly repository: string;
  readonly branches: readonly string[];
  readonly environments: readonly string[];
}

/** A branch that is not there, or an environment to which nothing was ever deployed. */
export interface MissingPlace {
  readonly kind: "branch" | "environment";
  readonly name: string;
  readonly repository: string;
  /** Names that are there, of branches the default one first; up to a hundred. */
  readonly known: readonly string[];
}

/** A record as it was kept, beside when it was fetched. */
export interface KeptRecord extends SourceRecord {
  readonly fetchedAt: string;
}

/** A change as the source gives it today. */
export type ChangeAgain =
  | {
      readonly state: "given";
      readonly records: readonly SourceRecord[];
      /** Kinds of records that could not be read, each with the reason. */
      readonly unread: ReadonlyMap<string, string>;
    }
  | { readonly state: "gone" | "unread"; readonly reason: string };

/** How something recorded of a change differs from what the source gives now; `legitimate` where the source lets that move after the merge. */
export interface Move {
  readonly text: string;
  readonly legitimate: boolean;
}

/** Asks for single merged changes again, and says what of them may have moved since they were recorded. */
export interface Again {
  /** Yields what the source gives of each change, in the order of their records (of kind `change`); throws only when the run is interrupted. */
  ask(
    repository: { readonly id: string; readonly name: string },
    changes: readonly SourceRecord[],
    context: ProviderContext,
  ): AsyncGenerator<ChangeAgain>;
  /** What differs between one object's two records, of which either may be missing; `all` is everything given of the change now, `kept` everything recorded, `at` when it was asked. Pure. */
  moves(
    pair: { readonly kept?: KeptRecord; readonly now?: SourceRecord },
    beside: { readonly kept: readonly KeptRecord[]; readonly now: readonly SourceRecord[]; readonly at: string },
  ): readonly Move[];
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
  /** Re-performing; absent where the source cannot be asked for single changes. */
  readonly again?: Again;
  /** What `init --discover` proposes from. */
  discover(owner: string, since: string, context: ProviderContext): Promise<readonly Discovered[]>;
  /** Which of the branches and environments that systems name are missing, for `doctor`; absent where the source cannot be asked. Throws SourceError. */
  missingPlaces?(wanted: readonly WantedPlaces[], context: ProviderContext): Promise<readonly MissingPlace[]>;
  /** Pure and strict: an unknown shape throws SourceError("unexpectedShape"), it is never dropped. */
  normalize(record: EvidenceRecord): readonly Entity[];
}
