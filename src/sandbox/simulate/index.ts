import { random } from "../random.ts";
import type { Planted, Simulation, Truth } from "../truth.ts";
import { emptyRepository, type Repository, type Ruleset, type World } from "../world.ts";
import { type Month, monthsBefore } from "./calendar.ts";
import { buildChange, buildUnmerged } from "./change.ts";
import { deployAfter, deployBaseline, deployOffBranch } from "./deploy.ts";
import { type Ids, idSequences } from "./ids.ts";
import { type Cast, castOf, loginOf, OTHERS, REPOSITORIES, type RepositorySpec } from "./organisation.ts";
import { FEWEST, plan, shares } from "./plan.ts";
import { recordPlatform } from "./platform.ts";
import { buildPush } from "./promotion.ts";
import { advance, commit, type Site } from "./site.ts";

/** How large a simulated organisation is and where its time lies. */
export interface SimulationOptions {
  /** The same seed gives the same world, default 1. */
  seed?: number;
  /** Merged changes in all, 50 to 100,000, default 60. */
  changes?: number;
  /** The end of the simulated time, exclusive, default 2026-11-01T00:00:00Z. */
  until?: string;
  /** Whole months before that, 2 to 24, default 6. */
  months?: number;
  /** The organisation's name, default Riverbank; its login is the name in lower case. */
  organisation?: string;
}

const DAY = 86_400_000;

/**
 * Makes an organisation of five systems with a planted set of violations, and the complete truth about them. Throws a
 * RangeError on options outside their bounds.
 */
export function simulate(options: SimulationOptions = {}): Simulation {
  const { seed = 1, changes = 60, months: count = 6, organisation = "Riverbank" } = options;
  const until = Date.parse(options.until ?? "2026-11-01T00:00:00Z");
  if (!Number.isFinite(until)) throw new RangeError(`until must be an instant, not ${options.until}`);
  if (!(changes >= FEWEST && changes <= 100_000))
    throw new RangeError(`changes must be ${FEWEST} to 100000, not ${changes}`);
  if (!(count >= 2 && count <= 24)) throw new RangeError(`months must be 2 to 24, not ${count}`);
  const login = loginOf(organisation);
  const months = monthsBefore(until, count);
  const since = (months[0] as Month).start;
  const world: World = {
    organisation: { kind: "Organization", id: 3_300_001, login, name: organisation },
    accounts: new Map(),
    apps: new Map(),
    emails: new Map(),
    viewer: 0,
    repositories: [],
    revision: 0,
  };
  const [cast, ids, planted]: [Cast, Ids, Planted[]] = [castOf(world), idSequences(), []];
  const sets = changes < 400 ? 1 : Math.round(changes / 350);
  const parts = shares(REPOSITORIES, changes);
  REPOSITORIES.forEach((spec, at) => {
    const site = begin(world, cast, ids, spec, login, since, planted, seed);
    fill(site, parts[at] as number, months, sets);
    recordPlatform(site);
  });
  for (const other of OTHERS) addOther(world, cast, other, since, seed);
  planted.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const truth = {
    organisation: login,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    planted,
    settings: settingsOf(world, login),
  };
  return { world, truth };
}

function begin(
  world: World,
  cast: Cast,
  ids: Ids,
  spec: RepositorySpec,
  organisation: string,
  since: number,
  planted: Planted[],
  seed: number,
): Site {
  const created = since - 380 * DAY;
  const repository = emptyRepository(
    world.repositories.length,
    710_000_001 + world.repositories.length * 131,
    spec.name,
    created,
  );
  world.repositories.push(repository);
  repository.description = spec.description;
  repository.updatedAt = since - 60 * DAY;
  repository.merge = {
    commit: spec.merge === "merge" || spec.promotion !== null,
    squash: spec.merge === "squash",
    rebase: spec.merge === "rebase",
  };
  const rnd = random(seed, spec.name);
  const none = { current: null, earlier: null, wasClean: true };
  const site: Site = {
    rnd,
    ids,
    cast,
    spec,
    repository,
    organisation,
    mainline: [],
    promoted: { from: "", to: "" },
    pending: [],
    undeployed: 0,
    production: none,
    rolledBack: false,
    planted,
  };
  const first = commit(site, [], "Begin the repository", cast.git(spec.people[0] as string), created);
  advance(site, first, created);
  site.promoted = { from: first.oid, to: first.oid };
  if (spec.promotion) repository.branches.set(spec.promotion, first.oid);
  deployBaseline(site, first.oid, since - 18 * DAY);
  rules(site, since);
  return site;
}

function fill(site: Site, count: number, months: readonly Month[], sets: number): void {
  for (const slot of plan(site.rnd, site.spec, count, months, sets)) {
    if (slot.kind === "open" || slot.kind === "abandoned") buildUnmerged(site, slot);
    else if (slot.kind === "off-branch-deployment") deployOffBranch(site, slot);
    else if (slot.kind === "direct-push" || slot.kind === "direct-push-as-merge") {
      deployAfter(site, slot, buildPush(site, slot).oid, true);
    } else {
      const promoting = site.promoted.to;
      const merged = buildChange(site, slot);
      if (merged) deployAfter(site, slot, merged.oid, !site.spec.promotion || site.promoted.to !== promoting);
    }
  }
  const { repository } = site;
  repository.changes.sort((a, b) => a.number - b.number);
  repository.issues.sort((a, b) => a.number - b.number);
  repository.updatedAt = Math.max(repository.updatedAt, repository.pushedAt);
}

function rules({ repository, spec, cast, ids }: Site, since: number): void {
  const checks = ["test", "lint"].map((context) => ({ context, integration_id: cast.actions.id }));
  const ruleset: Ruleset = {
    kind: "RepositoryRuleset",
    repo: repository.index,
    id: ids.next("rule"),
    name: "Released branches",
    enforcement: "ACTIVE",
    include: ["~DEFAULT_BRANCH", ...(spec.promotion ? [`refs/heads/${spec.promotion}`] : [])],
    exclude: [],
    rules: [
      { id: ids.next("rule"), type: "deletion", parameters: null },
      { id: ids.next("rule"), type: "non_fast_forward", parameters: null },
      {
        id: ids.next("rule"),
        type: "pull_request",
        parameters: {
          allowed_merge_methods: spec.promotion ? ["squash", "merge"] : [spec.merge],
          dismiss_stale_reviews_on_push: spec.dismissStale,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_approving_review_count: spec.approvals,
          required_review_thread_resolution: false,
        },
      },
      {
        id: ids.next("rule"),
        type: "required_status_checks",
        parameters: {
          do_not_enforce_on_create: false,
          required_status_checks: checks,
          strict_required_status_checks_policy: false,
        },
      },
    ],
    bypass: [{ id: ids.next("rule"), actor: "OrganizationAdmin", app: null, mode: "ALWAYS" }],
    createdAt: since - 200 * DAY,
    updatedAt: since - 45 * DAY,
  };
  repository.rulesets.push(ruleset);
  if (spec.name !== "platform-infra") return;
  repository.protections.push({
    kind: "BranchProtectionRule",
    repo: repository.index,
    id: ids.next("rule"),
    pattern: "release/*",
    creator: cast.account("viktor-a"),
    isAdminEnforced: false,
    requiredApprovingReviewCount: 1,
    dismissesStaleReviews: true,
    requiresCodeOwnerReviews: false,
    requireLastPushApproval: false,
    requiresStrictStatusChecks: false,
    requiredChecks: [{ context: "test", app: cast.actions.id }],
    allowsForcePushes: false,
    allowsDeletions: false,
  });
}

function addOther(world: World, cast: Cast, other: (typeof OTHERS)[number], since: number, seed: number): void {
  const at = since - 300 * DAY;
  const repository: Repository = emptyRepository(
    world.repositories.length,
    710_000_001 + world.repositories.length * 131,
    other.name,
    at,
  );
  Object.assign(repository, { description: other.description, isArchived: other.isArchived });
  world.repositories.push(repository);
  const rnd = random(seed, other.name);
  const [oid, tree, author] = [rnd.oid(), rnd.oid(), cast.git("maren-k")];
  const message = "Begin the repository";
  const made = { kind: "Commit", repo: repository.index, oid, tree, parents: [], message, changes: [] } as const;
  repository.commits.set(oid, { ...made, author, authoredAt: at, committer: author, committedAt: at });
  repository.branches.set("main", oid);
}

/** Settings that let automation do what a person should. */
function settingsOf(world: World, login: string): Truth["settings"] {
  return world.repositories
    .filter(({ workflowsMayApprove }) => workflowsMayApprove)
    .map(({ name }) => ({
      repository: `${login}/${name}`,
      attribute: "approvals-by-people-only",
      why: "workflows may approve changes",
    }));
}
