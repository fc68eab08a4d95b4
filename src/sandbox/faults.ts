/** How a request is answered instead of properly. */
export type Failure =
  | "502"
  | "504"
  | "html"
  | "truncated"
  | "empty"
  | "hang"
  | "secondary"
  | "primary"
  | "redirect"
  | "die"
  | "invalid";

/** What goes wrong in one request. */
export interface Faults {
  failure: Failure | null;
  /** Milliseconds before the answer. */
  delay: number;
  /** Fields that the token may not read. */
  forbidden: ReadonlySet<string>;
  /** Fields that the token may not even know of: NOT_FOUND, or 404, instead of a refusal. */
  missing: ReadonlySet<string>;
  /** The largest page answered whole; of larger ones the rest is null, with errors. */
  pageLimit: number;
  /** Every page after the first has the cursor it was asked by as its end, and claims a next one. */
  repeatsCursor: boolean;
  /** `repository` is null without an error. */
  nullRepository: boolean;
  /** How far the server's Date is off, in milliseconds. */
  skew: number;
  /** An enum value that is sent as one that nobody knows. */
  renamedValue: string | null;
  /** Every database id is beyond 2^53. */
  bigIds: boolean;
  /** The port on this machine that redirects lead to, instead of another host. */
  elsewhere: number | null;
}

/** Tells what goes wrong in the n-th request, counted from 1. */
export type FaultPlan = (request: number) => Faults;

/** The faults that `parseFaults` knows, one line each, for a command's help. */
export const FAULT_HELP = `Faults, separated by commas. A failure takes :COUNT (how many requests, default 1), @START
(from which request on, default 1) or /EVERY (each EVERY-th request instead).
  502 504 html truncated empty invalid   the answer is a 502 or 504 page, a page with status 200, half an answer,
                                     nothing, no JSON
  hang                               no answer at all
  secondary primary                  a secondary limit (403, retry-after: 1), the primary limit (200, RATE_LIMITED)
  redirect                           a redirect to another host, with elsewhere:PORT to that port of this machine
  die:N                              every connection is cut after N requests
  forbidden:FIELD                    checks, protection, rulesets, deployments, reviews, files, issues, activity, ruleSuites,
                                     rulesetVersions, environments, runs, access, auditLog, releases or alerts may not be read
  missing:FIELD                      the same, told as "not found"
  partial:N                          of pages larger than N the rest is missing, with errors
  cursor                             the cursor does not advance
  null                               the repository is null, without an error
  enum:VALUE                         VALUE_OF_TOMORROW is sent instead of VALUE
  bigids                             every database id is beyond 2^53
  slow:MS  skew:HOURS                every answer waits; the server's date is off`;

const FAILURES = new Set([
  "502",
  "504",
  "html",
  "truncated",
  "empty",
  "invalid",
  "hang",
  "secondary",
  "primary",
  "redirect",
]);
const FIELDS = new Set([
  "checks",
  "protection",
  "rulesets",
  "deployments",
  "reviews",
  "files",
  "issues",
  "activity",
  "ruleSuites",
  "rulesetVersions",
  "environments",
  "runs",
  "access",
  "auditLog",
  "releases",
  "alerts",
]);

/** Reads a specification such as `502:3,slow:20,forbidden:checks`; throws a TypeError that names what it cannot read. */
export function parseFaults(specification: string | undefined): FaultPlan {
  const always: Faults = {
    failure: null,
    delay: 0,
    forbidden: new Set(),
    missing: new Set(),
    pageLimit: Number.POSITIVE_INFINITY,
    repeatsCursor: false,
    nullRepository: false,
    skew: 0,
    renamedValue: null,
    bigIds: false,
    elsewhere: null,
  };
  const failures: { failure: Failure; hits: (request: number) => boolean }[] = [];
  const [forbidden, missing] = [new Set<string>(), new Set<string>()];
  for (const part of (specification ?? "").split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const match = /^(\w+)(?::([\w.-]+))?(?:@(\d+))?(?:\/(\d+))?$/.exec(part);
    const [name, value] = [match?.[1] ?? "", match?.[2]];
    const [start, every] = [Number(match?.[3] ?? 1), Number(match?.[4] ?? 0)];
    if (FAILURES.has(name)) {
      const count = value === undefined ? 1 : number(part, value);
      const within = (request: number) => request >= start && request < start + count;
      failures.push({
        failure: name as Failure,
        hits: every > 0 ? (request) => request % every === 0 : within,
      });
    } else if (name === "die") {
      const after = number(part, value);
      failures.push({ failure: "die", hits: (request) => request > after });
    } else if (name === "forbidden" && value !== undefined && FIELDS.has(value)) forbidden.add(value);
    else if (name === "missing" && value !== undefined && FIELDS.has(value)) missing.add(value);
    else if (name === "partial") always.pageLimit = number(part, value);
    else if (name === "slow") always.delay = number(part, value);
    else if (name === "skew") always.skew = number(part, value) * 3_600_000;
    else if (name === "cursor") always.repeatsCursor = true;
    else if (name === "null") always.nullRepository = true;
    else if (name === "enum" && value !== undefined) always.renamedValue = value;
    else if (name === "bigids") always.bigIds = true;
    else if (name === "elsewhere") always.elsewhere = number(part, value);
    else throw new TypeError(`unknown fault "${part}"\n${FAULT_HELP}`);
  }
  Object.assign(always, { forbidden, missing });
  return (request) => ({ ...always, failure: failures.find((each) => each.hits(request))?.failure ?? null });
}

// 18 digits: beyond 2^53, within the 64 bits that a database id has; such ids differ by less than a double shows.
const bigId = "900719";
const idDigits = 12;

/** An answer's text as it is sent: with what the faults make of its enum values and ids. */
export function spoilt(text: string, { renamedValue, bigIds }: Faults): string {
  const renamed = renamedValue === null ? text : text.replaceAll(`"${renamedValue}"`, `"${renamedValue}_OF_TOMORROW"`);
  if (!bigIds) return renamed;
  return renamed.replaceAll(
    /"(databaseId|fullDatabaseId|integrationId|id|app_id)":("?)(\d+)\b/g,
    (_, name: string, quote: string, id: string) => `"${name}":${quote}${bigId}${id.padStart(idDigits, "0")}`,
  );
}

/** A path as the sandbox knows it, where it was asked by an id that {@link spoilt} made. */
export function unspoilt(path: string, { bigIds }: Faults): string {
  return bigIds
    ? path.replaceAll(new RegExp(`\\b${bigId}(\\d{${idDigits}})\\b`, "g"), (_, id: string) => String(Number(id)))
    : path;
}

function number(part: string, value: string | undefined): number {
  const parsed = Number(value);
  if (value === undefined || !Number.isFinite(parsed)) throw new TypeError(`fault "${part}" needs a number`);
  return parsed;
}
