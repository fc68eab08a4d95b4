import type { Random } from "../random.ts";
import type { Planted } from "../truth.ts";
import type { ReviewState } from "../world.ts";
import { ADMINISTRATOR, type RepositorySpec } from "./organisation.ts";
import type { ChangeKind } from "./plan.ts";

/** A step of a change's life; `at` is its place between opening (0) and merge (1). */
export type Step =
  | { does: "push"; at: number; by: string; message: string }
  | { does: "review"; at: number; by: string; state: ReviewState; commitLost?: true }
  | { does: "dismiss"; at: number; by: string };

/** Who does what in one change, and what that breaks. */
export interface Scenario {
  author: string;
  merger: string;
  coAuthor: string | null;
  authorDeleted: boolean;
  emergency: boolean;
  noDescription: boolean;
  test: "SUCCESS" | "FAILURE" | "SKIPPED" | "missing" | "otherApp" | "after";
  steps: readonly Step[];
  /** Approvals after the merge. */
  late: readonly { by: string; hours: number }[];
  attributes: Planted["attributes"];
  /** `#N` stands for the change. */
  why: string;
}

const FAIL = "fail";
const UNSEEN = "notVerifiable";
const APPROVAL = { "approved-by-someone-independent": FAIL, "approved-on-final-revision": FAIL } as const;
const CHECKS = { "required-checks-passed": FAIL } as const;
const BYPASS = { "merged-without-bypass": FAIL } as const;

/** The life of a change of the given kind with people of the repository's team. */
export function scenarioOf(kind: ChangeKind, rnd: Random, spec: RepositorySpec): Scenario {
  const start = rnd.int(0, spec.people.length - 1);
  const person = (offset: number) => spec.people[(start + offset) % spec.people.length] as string;
  const [author, reviewer, other] = [person(0), person(1), person(2)];
  const plain: Scenario = {
    author,
    // Where the merger becomes an author or committer in git, it is the author, so that no approver is a contributor.
    merger: spec.merge === "squash" && rnd.chance(0.3) ? reviewer : author,
    coAuthor: null,
    authorDeleted: false,
    emergency: false,
    noDescription: false,
    test: "SUCCESS",
    steps: [approve(0.7, reviewer)],
    late: [],
    attributes: {},
    why: "",
  };
  switch (kind) {
    case "clean":
    case "promotion":
      return { ...plain, ...variety(rnd, spec, author, reviewer, other) };
    case "update":
      return { ...plain, author: "dependabot", merger: spec.merge === "squash" ? reviewer : other };
    case "emergency":
      return { ...plain, emergency: true, steps: [], late: [{ by: reviewer, hours: 3 }] };
    case "emergency-late":
      return {
        ...plain,
        emergency: true,
        steps: [],
        late: [{ by: reviewer, hours: 51 }],
        attributes: { ...APPROVAL, "emergency-reviewed-in-time": FAIL },
        why: "#N was merged as an emergency and reviewed only 51 hours later.",
      };
    case "self-merge":
      return {
        ...plain,
        merger: author,
        steps: [],
        attributes: { ...APPROVAL, ...BYPASS },
        why: "The author merged #N without any review.",
      };
    case "admin-bypass":
      return {
        ...plain,
        merger: ADMINISTRATOR,
        steps: [{ does: "review", at: 0.5, by: reviewer, state: "COMMENTED" }],
        attributes: { ...APPROVAL, ...BYPASS },
        why: "An administrator merged #N, which nobody had approved, past the rules.",
      };
    case "stale-approval":
      return {
        ...plain,
        steps: [approve(0.4, reviewer), push(0.6, author, "Change the limit as well")],
        attributes: { "approved-on-final-revision": FAIL },
        why: "#N was approved, then its author pushed another commit, which nobody approved.",
      };
    case "co-author-approval":
      return {
        ...plain,
        merger: author,
        coAuthor: reviewer,
        attributes: APPROVAL,
        why: "Only a co-author of #N approved it.",
      };
    case "bot-approval":
      return {
        ...plain,
        merger: author,
        steps: [approve(0.7, "github-actions")],
        attributes: APPROVAL,
        why: "Only a bot approved #N.",
      };
    case "second-account":
      return {
        ...plain,
        author: "ada-dev",
        merger: "ada-dev",
        steps: [approve(0.7, "ada-admin")],
        attributes: APPROVAL,
        why: "The author of #N approved it from a second account.",
      };
    case "last-pusher":
      return {
        ...plain,
        steps: [push(0.4, reviewer, "Finish the last case"), approve(0.7, reviewer)],
        attributes: APPROVAL,
        why: "Who pushed the last commit of #N approved it.",
      };
    case "check-failed":
      return {
        ...plain,
        test: "FAILURE",
        attributes: { ...CHECKS, ...BYPASS },
        why: "The required check test failed on the head of #N.",
      };
    case "check-skipped":
      return {
        ...plain,
        test: "SKIPPED",
        attributes: CHECKS,
        why: "The required check test was skipped on the head of #N.",
      };
    case "check-missing":
      return {
        ...plain,
        test: "missing",
        attributes: { ...CHECKS, ...BYPASS },
        why: "The required check test never ran on the head of #N.",
      };
    case "check-other-app":
      return {
        ...plain,
        test: "otherApp",
        attributes: { ...CHECKS, ...BYPASS },
        why: "Another app than GitHub Actions reported test on the head of #N.",
      };
    case "check-after-merge":
      return {
        ...plain,
        test: "after",
        attributes: { ...CHECKS, ...BYPASS },
        why: "The required check test finished only after #N had been merged.",
      };
    case "missing-work-item":
      return { ...plain, attributes: { "request-linked": FAIL }, why: "#N names no work item." };
    case "empty-description":
      return { ...plain, noDescription: true, attributes: { "change-described": FAIL }, why: "#N has no description." };
    case "approval-dismissed":
      return {
        ...plain,
        steps: [approve(0.5, reviewer), { does: "dismiss", at: 0.8, by: ADMINISTRATOR }],
        attributes: { ...APPROVAL, ...BYPASS },
        why: "The only approval of #N was dismissed before the merge.",
      };
    case "changes-requested-after":
      return {
        ...plain,
        merger: author,
        steps: [approve(0.4, reviewer), { does: "review", at: 0.8, by: reviewer, state: "CHANGES_REQUESTED" }],
        attributes: { ...APPROVAL, ...BYPASS },
        why: "The reviewer of #N withdrew the approval by asking for changes; it was merged all the same.",
      };
    case "review-without-commit":
      return {
        ...plain,
        steps: [{ does: "review", at: 0.6, by: reviewer, state: "APPROVED", commitLost: true }],
        attributes: { "approved-on-final-revision": UNSEEN },
        why: "The branch of #N was force-pushed; which commit was approved is no longer recorded.",
      };
    case "deleted-author":
      return {
        ...plain,
        authorDeleted: true,
        merger: other,
        attributes: { "approved-by-someone-independent": UNSEEN, "approved-on-final-revision": UNSEEN },
        why: "The account of the author of #N has been deleted, so nobody can be shown to be independent of it.",
      };
  }
}

function variety(
  rnd: Random,
  spec: RepositorySpec,
  author: string,
  reviewer: string,
  other: string,
): Partial<Scenario> {
  const roll = rnd.next();
  const again = push(0.5, author, "Answer the review");
  if (roll < 0.12) {
    return {
      steps: [{ does: "review", at: 0.3, by: reviewer, state: "CHANGES_REQUESTED" }, again, approve(0.8, reviewer)],
    };
  }
  if (roll < 0.2) {
    const dismissed: Step[] = spec.dismissStale ? [{ does: "dismiss", at: 0.5, by: author }] : [];
    return { steps: [approve(0.3, reviewer), again, ...dismissed, approve(0.85, reviewer)] };
  }
  if (roll < 0.3)
    return { steps: [{ does: "review", at: 0.4, by: other, state: "COMMENTED" }, approve(0.7, reviewer)] };
  if (roll < 0.36) return { coAuthor: other };
  if (roll < 0.46) return { steps: [approve(0.6, reviewer), approve(0.75, other)] };
  return {};
}

function approve(at: number, by: string): Step {
  return { does: "review", at, by, state: "APPROVED" };
}

function push(at: number, by: string, message: string): Step {
  return { does: "push", at, by, message };
}
