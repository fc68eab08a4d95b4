import { random } from "../random.ts";
import type { Cast } from "../simulate/organisation.ts";
import { type BranchProtection, emptyRepository, type Repository, type Ruleset, type World } from "../world.ts";
import { deploy } from "./pipeline.ts";
import type { OwnSettings } from "./scenario.ts";
import { addCommit, type Stage } from "./stage.ts";
import { open } from "./story.ts";

const DAY = 86_400_000;

/** The repository that scenarios share. */
export const SHARED = "scenarios";

/** What making a place needs of the whole. */
export interface Ground {
  world: World;
  cast: Cast;
  nextId: () => number;
  /** Where the period begins, epoch milliseconds. */
  from: number;
}

/** Adds a repository with its first commit, deployed before the period, and the rules it is given. */
export function addPlace(ground: Ground, name: string, own: OwnSettings = {}): Repository {
  const { world, cast, from, nextId } = ground;
  const index = world.repositories.length;
  const repository = emptyRepository(index, 720_000_001 + index * 131, name, from - 200 * DAY);
  world.repositories.push(repository);
  const first = stageOn(ground, repository, `${name} begins`, from - 100 * DAY);
  const begun = addCommit(first, { message: "Begin the repository", author: cast.git("noor-h"), parents: [] });
  repository.branches.set("main", begun.oid);
  if (own.promotion) repository.branches.set(own.promotion, begun.oid);
  first.now = from - 40 * DAY;
  deploy(first);
  const kind = own.rules ?? "ruleset";
  if (kind === "classic") repository.protections.push(classic(repository, nextId(), cast));
  if (kind === "ruleset" || kind === "evaluate") addRuleset(ground, repository, own);
  repository.environments.push({
    id: nextId(),
    name: "production",
    reviewers: (own.gated?.reviewers ?? []).map((login) => ({ user: cast.account(login) })),
    preventSelfReview: own.gated !== undefined && !own.gated.selfApproval,
    adminsBypass: false,
    waitMinutes: 0,
    branches: "protected",
    createdAt: from - 150 * DAY,
    updatedAt: from - 150 * DAY,
  });
  for (const { id, kind: of, login } of world.accounts.values()) {
    if (of !== "User" || OUTSIDE.has(login)) continue;
    repository.collaborators.push({
      account: id,
      role: login === "viktor-a" ? "admin" : READERS.has(login) ? "read" : "write",
    });
  }
  first.now = from - 20 * DAY;
  open(first, "noor-h").approve("hanna-b").merge("noor-h");
  deploy(first);
  return repository;
}

/** Accounts that may not write: the platform's own, and one who never could. */
const OUTSIDE = new Set(["web-flow", "amara-o"]);
const READERS = new Set(["flowproof-reader"]);

/** Where a scenario begins to play. */
export function stageOn({ world, cast, nextId }: Ground, repository: Repository, name: string, now: number): Stage {
  return {
    world,
    cast,
    nextId,
    rnd: random(1, name),
    name,
    repository,
    now,
    subjects: new Map(),
    noted: new Map(),
    later: [],
    deploysAtEnd: true,
  };
}

function addRuleset({ cast, from, nextId }: Ground, repository: Repository, own: OwnSettings): void {
  const checks = [{ context: "test", ...(own.pinned === false ? {} : { integration_id: cast.actions.id }) }];
  const ruleset: Ruleset = {
    kind: "RepositoryRuleset",
    repo: repository.index,
    id: nextId(),
    name: "Released branches",
    enforcement: own.rules === "evaluate" ? "EVALUATE" : "ACTIVE",
    include: ["~DEFAULT_BRANCH", ...(own.promotion && !own.promotionUnguarded ? [`refs/heads/${own.promotion}`] : [])],
    exclude: [],
    rules: [
      { id: nextId(), type: "deletion", parameters: null },
      { id: nextId(), type: "non_fast_forward", parameters: null },
      {
        id: nextId(),
        type: "pull_request",
        parameters: {
          allowed_merge_methods: ["merge", "squash", "rebase"],
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: own.codeOwners ?? false,
          require_last_push_approval: false,
          required_approving_review_count: own.approvals ?? 1,
          required_review_thread_resolution: false,
        },
      },
      {
        id: nextId(),
        type: "required_status_checks",
        parameters: {
          do_not_enforce_on_create: false,
          required_status_checks: checks,
          strict_required_status_checks_policy: false,
        },
      },
    ],
    bypass: own.bypassable ? [{ id: nextId(), actor: "OrganizationAdmin", app: null, mode: "ALWAYS" }] : [],
    createdAt: from - 150 * DAY,
    updatedAt: from - 120 * DAY,
  };
  repository.rulesets.push(ruleset);
  noteVersion(repository, ruleset, cast.account("viktor-a"), ruleset.updatedAt, nextId());
}

/** Keeps a version of a ruleset as it stands, as the platform's history of it does. */
export function noteVersion(
  repository: Repository,
  ruleset: Ruleset,
  actor: number,
  at: number,
  version: number,
): void {
  const { name, enforcement, include, exclude, rules, bypass } = ruleset;
  const state = { name, enforcement, include, exclude, rules, bypass };
  repository.rulesetVersions.push({ ruleset: ruleset.id, version, actor, at, state });
}

function classic(repository: Repository, id: number, cast: Cast): BranchProtection {
  return {
    kind: "BranchProtectionRule",
    repo: repository.index,
    id,
    pattern: "main",
    creator: cast.account("viktor-a"),
    isAdminEnforced: false,
    requiredApprovingReviewCount: 1,
    dismissesStaleReviews: false,
    requiresCodeOwnerReviews: false,
    requireLastPushApproval: false,
    requiresStrictStatusChecks: false,
    requiredChecks: [{ context: "test", app: cast.actions.id }],
    allowsForcePushes: false,
    allowsDeletions: false,
  };
}
