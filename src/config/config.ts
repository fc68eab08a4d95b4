import type { Target, TargetName } from "../model/assessment/delivery.ts";
import type { AttestationKind } from "../model/attestation.ts";
import type { OwnControl } from "../model/control.ts";
import type { Identity } from "../model/identity.ts";
import type { Policy, Waiver } from "../model/policy.ts";
import type { RepositoryPattern } from "./repository-patterns.ts";

/** How a credential is got; it is read anew each time, so that a long run survives a rotation. Reading throws ConfigError. */
export type ConfiguredCredential =
  | { readonly type: "token"; readonly read: () => string }
  | { readonly type: "app"; readonly appId: string; readonly installation: string; readonly readKey: () => string };

/** One source as configured: what a provider's `SourceConfig` needs, and which repositories it covers. */
export interface ConfiguredSource {
  readonly id: string;
  readonly provider: string;
  readonly baseUrl: string;
  readonly credential: ConfiguredCredential;
  /** Absolute path of a PEM file with additional certificate authorities. */
  readonly ca?: string;
  readonly repositories: readonly RepositoryPattern[];
}

/** Where a system's deployments are read from: what the source records of them, runs of a workflow, or a list. */
export type DeploymentsFrom =
  | { readonly from: "github" }
  | {
      readonly from: "workflow";
      /** The workflow's file name. */
      readonly file: string;
      /** The name of the job that deploys. */
      readonly job: string;
    }
  | {
      readonly from: "import";
      /** Absolute path of the CSV file. */
      readonly file: string;
    };

/** What is deployed, who owns it and where it runs. */
export interface System {
  readonly id: string;
  readonly team: string;
  /** The source that covers its repositories. */
  readonly source: string;
  /** Names as the source knows them, `owner/name`. */
  readonly repositories: readonly string[];
  /** Which part of the repositories it is, as globs; absent: all of them. */
  readonly paths?: readonly string[];
  /** The released branch, one of `promotion` where there is one; absent: its last, else the repository's default branch. */
  readonly branch?: string;
  /** The branches a change goes through, the released one last. */
  readonly promotion?: readonly string[];
  readonly environments: readonly string[];
  readonly deployments: DeploymentsFrom;
  readonly profile: "continuous" | "gated";
}

/** How checkpoints and packs are signed; keys are read anew each time and never kept. Reading throws ConfigError. */
export interface Signing {
  /** The name of the ledger and of its key, in every signed checkpoint. */
  readonly origin: string;
  /** The Ed25519 private key, PEM. */
  readonly readKey: () => string;
  /** What the PDF is signed with: the certificate first, then those that issued it, PEM. */
  readonly certificate?: { readonly readChain: () => string; readonly readKey: () => string };
  /** The RFC 3161 authority, and the absolute path of a PEM file with the roots it is trusted by. */
  readonly timestamp?: { readonly url: string; readonly trust: string };
}

/** What delivery metrics are read from and held against: context, never a control's result. */
export interface Metrics {
  /** Absolute path of the CSV file of incidents. */
  readonly incidents?: string;
  /** Times in seconds, rates as shares. */
  readonly targets: Readonly<Partial<Record<TargetName, Target>>>;
}

/** Management's narrative as packs carry it. */
export interface Narrative {
  /** It is left out. */
  readonly off: boolean;
  /** The board that is simulated: how often it meets, and how many days before a meeting nothing more is taken. */
  readonly board: { readonly everyDays: number; readonly cutOffDays: number };
  /** The organisation's own paragraphs; absent for none. */
  readonly text?: readonly string[];
  /** Why those it names cannot be had: no pack can be made until they can. */
  readonly unreadable?: string;
}

/** What management attests with a file: its word, tested by nothing here. */
export interface DeclaredAttestation {
  readonly id: string;
  readonly kind: AttestationKind;
  readonly title: string;
  /** Absolute path of the document. */
  readonly file: string;
  readonly documentVersion?: string;
  readonly approver?: string;
  readonly by: string;
  readonly role: string;
  /** Days in the organisation's time zone, the last one included. */
  readonly effective: string;
  readonly expires?: string;
  /** As written, `soc2-2017:CC8.1:4`; absent: those of its kind. */
  readonly criteria?: readonly string[];
  readonly note?: string;
}

/** A validated configuration; every reference in it resolves, every path is absolute, no secret is in it. */
export interface Config {
  /** Absolute path of the file it was read from. */
  readonly file: string;
  readonly organisation: { readonly name: string; readonly slug: string };
  /** IANA name. */
  readonly timezone: string;
  readonly frameworks: readonly string[];
  /** Absolute path of the store. */
  readonly store: string;
  /** Absolute path of the folder that packs are written into. */
  readonly reports: string;
  /** How far back the first collecting reaches: the first instant of the configured day, UTC. */
  readonly since: string;
  /** A stream whose coverage ended longer ago than this is late; milliseconds. */
  readonly lateAfter: number;
  /** Absolute path of the browser to print with; absent: one is found. */
  readonly browser?: string;
  /** Absent: checkpoints are not signed, and packs stay drafts. */
  readonly signing?: Signing;
  readonly metrics: Metrics;
  readonly narrative: Narrative;
  readonly sources: readonly ConfiguredSource[];
  readonly systems: readonly System[];
  readonly identities: readonly Identity[];
  /** Never empty: without any, the defaults are in force from `since` on. */
  readonly policies: readonly Policy[];
  readonly waivers: readonly Waiver[];
  /** Where management's answers to exceptions lie: globs and folders, relative to the file's folder. */
  readonly responses: readonly string[];
  readonly attestations: readonly DeclaredAttestation[];
  readonly controls: readonly OwnControl[];
  /** What is allowed but probably not meant, `file:line:column: text`. */
  readonly warnings: readonly string[];
  /** Where what `init` could not know is still to be put in, `file:line:column: text`; nothing may be collected or judged by it. */
  readonly unfinished: readonly string[];
  /** SHA-256 of `effectiveConfig(config)`: equal when nothing that collects, judges or is said in packs was changed. */
  readonly digest: string;
}
