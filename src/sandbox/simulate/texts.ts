import type { Random } from "../random.ts";

/** What a change is about, in words that a team would use. */
export interface Topic {
  title: string;
  reason: string;
  branch: string;
  /** The title of the work item behind it. */
  request: string;
}

const SUBJECTS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  payments: [
    ["card captures", "the acquirer times out"],
    ["refund webhooks", "a merchant answers twice"],
    ["3-D Secure fallbacks", "the issuer is down"],
    ["settlement batches", "a day has no bookings"],
    ["currency rounding", "the amount has three decimals"],
    ["idempotency keys", "a client retries after a minute"],
    ["payout schedules", "a bank holiday falls in between"],
    ["chargeback notices", "evidence arrives late"],
  ],
  "ledger-api": [
    ["journal entries", "a booking is reversed"],
    ["balance snapshots", "the day is closed"],
    ["statement exports", "an account has no postings"],
    ["posting queues", "a consumer restarts"],
    ["trial balances", "two currencies meet"],
    ["account locks", "a transfer is pending"],
    ["audit columns", "a row is corrected"],
    ["interest accruals", "the month has 31 days"],
  ],
  storefront: [
    ["basket totals", "a voucher is removed"],
    ["product galleries", "an image is missing"],
    ["search suggestions", "a term has accents"],
    ["checkout steps", "the address is abroad"],
    ["delivery estimates", "an item is on backorder"],
    ["wish lists", "a visitor signs in"],
    ["price badges", "a sale ends at midnight"],
    ["cookie banners", "consent was withdrawn"],
  ],
  "mobile-gateway": [
    ["session tokens", "the app returns from the background"],
    ["push receipts", "a device is offline"],
    ["response caches", "the catalogue changes"],
    ["version checks", "an old client connects"],
    ["image variants", "the network is slow"],
    ["request limits", "a store opens"],
  ],
  "platform-infra": [
    ["node pools", "a zone is drained"],
    ["backup jobs", "a snapshot is slow"],
    ["ingress certificates", "a domain is added"],
    ["log retention", "a team moves"],
    ["database replicas", "a failover is rehearsed"],
    ["build runners", "the queue is long"],
    ["network policies", "a service is renamed"],
    ["alert routes", "the rota changes"],
  ],
};

const VERBS = [
  "Handle",
  "Fix",
  "Simplify",
  "Speed up",
  "Log",
  "Test",
  "Retry",
  "Validate",
  "Tidy up",
  "Guard",
] as const;
const PACKAGES = ["http-kit", "json-schema-lite", "pg-client", "tracing-sdk", "date-tools", "yaml-reader"] as const;
const OTHER: readonly (readonly [string, string])[] = [["pages", "a link breaks"]];

/** A topic of one repository's own field. */
export function topicOf(rnd: Random, repository: string): Topic {
  const [subject, circumstance] = rnd.pick(SUBJECTS[repository] ?? OTHER);
  const verb = rnd.pick(VERBS);
  const slug = `${verb} ${subject}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return {
    title: `${verb} ${subject} when ${circumstance}`,
    reason: `${capital(subject)} go wrong when ${circumstance}; support sees it about ${rnd.int(2, 9)} times a week.`,
    branch: `${slug}-${rnd.int(100, 999)}`,
    request: `${capital(subject)}: wrong when ${circumstance}`,
  };
}

/** A topic as a bot that updates dependencies words it. */
export function updateOf(rnd: Random): Topic {
  const name = rnd.pick(PACKAGES);
  const [major, minor] = [rnd.int(1, 6), rnd.int(0, 20)];
  return {
    title: `Bump ${name} from ${major}.${minor}.0 to ${major}.${minor + 1}.0`,
    reason: `Bumps ${name} from ${major}.${minor}.0 to ${major}.${minor + 1}.0.`,
    branch: `dependabot/npm_and_yarn/${name}-${major}.${minor + 1}.0`,
    request: `Keep ${name} up to date`,
  };
}

/** The description of a change as its author would write it. */
export function bodyOf(rnd: Random, topic: Topic, issue: number | null): string {
  const tested = rnd.pick([
    "Covered by a new unit test; tried on staging with recorded traffic.",
    "Existing tests extended; checked by hand against last week's case.",
    "Reproduced with a failing test first, which passes now.",
  ]);
  const risk = rnd.pick([
    "Low: behind the existing switch.",
    "Low: no change of data.",
    "Medium: watch the error rate for an hour.",
  ]);
  const link = issue === null ? "" : `\n\nCloses #${issue}`;
  return `## Why\n${topic.reason}\n\n## How it was tested\n${tested}\n\n## Risk and way back\n${risk} Revert this change to go back.${link}`;
}

const COMMENTS = {
  APPROVED: ["", "", "Looks good.", "Nice and small, thank you.", "Checked against the acceptance notes: fine."],
  COMMENTED: ["Could this name say what it holds?", "A question about the second case, not blocking.", "Works here."],
  CHANGES_REQUESTED: [
    "The empty case is not covered: please add a test.",
    "This needs a limit, see the incident of last spring.",
  ],
} as const;

/** What a reviewer writes with a verdict. */
export function commentOf(rnd: Random, state: keyof typeof COMMENTS): string {
  return rnd.pick(COMMENTS[state]);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
