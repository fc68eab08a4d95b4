import type { World } from "./world.ts";

/** An item of the simulated organisation that cannot pass every attribute, and which ones it cannot. */
export interface Planted {
  /** What was planted: `self-merge`, `stale-approval` ... */
  kind: string;
  /** `owner/name`. */
  repository: string;
  subject:
    | { kind: "change"; number: number }
    | { kind: "commit"; oid: string }
    | { kind: "deployment"; id: number; oid: string };
  /** When it reached the branch or was deployed, ISO 8601. */
  at: string;
  /** Every attribute id that must not pass, and how; what is not listed passes or does not apply. */
  attributes: Record<string, "fail" | "notVerifiable">;
  why: string;
}

/** What the simulator knows to be wrong with its organisation: the complete set. */
export interface Truth {
  organisation: string;
  /** Where the simulated time starts and ends, ISO 8601; the end is exclusive. */
  since: string;
  until: string;
  planted: Planted[];
  /** What is wrong with a repository's settings, which belong to no single item, beside what was planted. */
  settings: { repository: string; attribute: string; why: string }[];
}

/** A simulated organisation and the truth about it. */
export interface Simulation {
  world: World;
  truth: Truth;
}
