import type { Config } from "../config/config.ts";
import type { AssessmentResult, Part, PartPack } from "../model/assessment.ts";
import type { Coverage, StreamKind } from "../model/stream.ts";
import type { Clock } from "../util/clock.ts";
import type { Period } from "../util/period.ts";
import type { FormerPart } from "./former-parts.ts";

/** What every step of the pipeline is given; nothing else is read from the process. */
export interface PipelineContext {
  readonly config: Config;
  readonly clock: Clock;
  /** Aborted on SIGINT and SIGTERM: the running transaction is finished or rolled back, the run marked interrupted, the signal's reason thrown. */
  readonly signal: AbortSignal;
  /** One line for a person: what is being done now. */
  readonly progress: (text: string) => void;
  /** Waits between requests; absent: real time. Tests make it immediate. */
  readonly wait?: (milliseconds: number, why: string) => Promise<void>;
  readonly env: NodeJS.ProcessEnv;
  /** The kernel's number of the file system that a folder lies on; absent: asked of the kernel. Tests say what they like. */
  readonly fileSystemOf?: (folder: string) => number;
}

/** What one execution of collecting did. */
export interface CollectSummary {
  /** The run's id. */
  readonly run: string;
  readonly requests: number;
  /** Cost in the source's own points, where it says. */
  readonly points: number;
  /** Records that were not in the store before. */
  readonly newRecords: number;
  /** How many streams of the sources ended how, as `status` counts them. */
  readonly streams: { readonly complete: number; readonly partial: number; readonly unobserved: number };
  /** What this run saw of each stream. */
  readonly coverage: readonly Coverage[];
  /** Sources that gave nothing at all, each with the reason: exit code 6. */
  readonly nothing: readonly { readonly source: string; readonly reason: string }[];
  /** What is allowed but probably not meant: a repository pattern that matches nothing, a token that can write; and what required evidence was not observed. */
  readonly warnings: readonly string[];
  readonly checkpoint: { readonly size: number; readonly root: string; readonly at: string };
}

/** What a pack is asked for. */
export interface ReportRequest {
  readonly period: Period;
  /** Evidence fetched after this instant is left out; absent: everything stored counts. */
  readonly asOf?: string;
  /** Entities are made from the records, not taken as they are stored. */
  readonly anew?: boolean;
  /** Only this part of the organisation; absent: all of it. */
  readonly part?: Part;
  /** The packs written from the same run, which the result names as they are given. */
  readonly parts?: readonly PartPack[];
  /** Also a pack for each team and each system, beside the organisation's. */
  readonly withParts?: boolean;
  /** A draft to set the configuration right by: marked as no evidence, with what explains its failures. */
  readonly calibration?: boolean;
  /** Where the pack's folder goes; absent: `<config.reports>/<organisation slug>-<period id>`, or where that was issued, its next revision (`-r2`); of a calibration, beside it. */
  readonly out?: string;
}

/** What was rendered. */
export interface ReportSummary {
  /** Absolute path of the pack's folder. */
  readonly directory: string;
  /** File names within it, sorted. */
  readonly files: readonly string[];
  /** Pages of the PDF. */
  readonly pages: number;
  /** The draft that was under that name before: which tool made it, under which checkpoint; absent: none was. */
  readonly replaced?: {
    readonly tool: string;
    readonly checkpoint: { readonly size: number; readonly root: string; readonly at: string };
  };
  readonly result: AssessmentResult;
  /** The packs of its teams and systems, where they were asked for. */
  readonly parts?: readonly WrittenPart[];
  /** Draft parts of an earlier run, of teams and systems that are no more; their folders were removed. */
  readonly removed?: readonly FormerPart[];
  /** What the reader may not expect of the period: not over, not observed to its end, begun before collecting. */
  readonly warnings: readonly string[];
}

/** A part's pack as it was written, beside the organisation's. */
export interface WrittenPart extends Part {
  readonly directory: string;
  readonly pages: number;
}

/** One stream as it stands, and how long its source still keeps what is not collected. */
export interface StreamStatus {
  readonly stream: string;
  readonly kind: StreamKind;
  readonly source: string;
  /** The repository's or organisation's name, else its id. */
  readonly scope: string;
  /** Of the latest run that looked at it. */
  readonly status: Coverage["status"];
  /** The end of what was observed; null where nothing ever was. */
  readonly until: string | null;
  /** The latest run that looked at it. */
  readonly lastRun: string | null;
  /** Not complete, or observed too long ago. */
  readonly late: boolean;
  /** When the source begins to forget what came after `until`; absent where it keeps everything. */
  readonly keepsUntil?: string;
  /** Why it is not complete. */
  readonly reason?: string;
}

export interface StatusSummary {
  readonly streams: readonly StreamStatus[];
  readonly lastRun: {
    readonly id: string;
    readonly command: string;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly outcome: string;
  } | null;
  /** The latest; `signed` says by whose name, unverified; null before the first run ended. */
  readonly checkpoint: {
    readonly size: number;
    readonly root: string;
    readonly at: string;
    readonly signed: string | null;
    readonly timestamped: boolean;
  } | null;
  /** Any stream is late, or nothing was ever collected: exit code 1. */
  readonly late: boolean;
}

/** One thing `doctor` looked at. */
export interface DoctorFinding {
  /** `node`, `store`, `source github: deployments`. */
  readonly subject: string;
  readonly ok: "ok" | "warn" | "fail";
  readonly message: string;
  /** What to do, where it is not ok. */
  readonly todo?: string;
}

export interface RebuildSummary {
  readonly records: number;
  readonly entities: number;
}

/** A system as the last days of a repository suggest it. */
export interface ProposedSystem {
  readonly id: string;
  readonly repository: string;
  readonly branch: string;
  /** The branches that changes go through, the default branch first; absent where it is merged to no other, or to several. */
  readonly promotion?: readonly string[];
  readonly environments: readonly string[];
  readonly checks: readonly { readonly name: string; readonly app: string | null }[];
  /** Changes merged in the days looked at. */
  readonly merged: number;
}

/** What `init --discover` writes into the configuration. */
export interface Discovery {
  readonly owner: string;
  readonly systems: readonly ProposedSystem[];
  /** Logins of bots seen at work. */
  readonly automations: readonly string[];
  /** Logins of persons' accounts that deployed and opened no change: they may be automation. */
  readonly onlyDeploy: readonly string[];
  /** Repositories that are archived or had no change: not proposed. */
  readonly quiet: readonly string[];
}
