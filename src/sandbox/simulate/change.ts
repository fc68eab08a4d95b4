import type { Commit, PullRequest } from "../world.ts";
import { between } from "./calendar.ts";
import { draft } from "./draft.ts";
import { finish, merge, signature } from "./merge.ts";
import type { ChangeKind, Slot } from "./plan.ts";
import { promotion } from "./promotion.ts";
import { dismiss, review } from "./review.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { check, commit, mainAt, plant, type Site } from "./site.ts";
import { type Topic, topicOf, updateOf } from "./texts.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Builds one merged change with everything that belongs to it, and returns the commit that reached the branch. */
export function buildChange(site: Site, slot: Slot): Commit | null {
  const { rnd, spec } = site;
  let kind = slot.kind as ChangeKind;
  if (kind === "promotion") {
    const head = mainAt(site, slot.createdAt - 5 * MINUTE);
    if (head !== site.promoted.from) return promotion(site, slot, head);
    kind = "clean";
  }
  const scenario = scenarioOf(kind, rnd, spec);
  const topic = kind === "update" ? updateOf(rnd) : topicOf(rnd, spec.name);
  const change = draft(site, slot, scenario, topic);
  const base = mainAt(site, slot.createdAt - 2 * MINUTE);
  const commits = branch(site, slot, scenario, topic, change, base);
  const instant = (part: number) => between(slot.createdAt, slot.at, part);
  for (const step of scenario.steps) {
    if (step.does === "push") continue;
    if (step.does === "dismiss") dismiss(site, change, instant(step.at), step.by);
    else {
      const known = commits.filter((each) => each.part <= step.at).at(-1) ?? commits[0];
      const oid = step.commitLost ? null : (known?.commit.oid ?? null);
      review(site, change, step.by, step.state, oid, instant(step.at));
    }
  }
  for (const late of scenario.late)
    review(site, change, late.by, "APPROVED", change.headRefOid, slot.at + late.hours * HOUR);
  const merged = merge(
    site,
    slot,
    scenario,
    topic,
    change,
    commits.map((each) => each.commit),
  );
  finish(site, slot, change, merged);
  if (Object.keys(scenario.attributes).length > 0) {
    const number = change.number;
    plant(
      site,
      kind,
      { kind: "change", number },
      slot.at,
      scenario.attributes,
      scenario.why.replaceAll("#N", `#${number}`),
    );
    const outcomes = [
      scenario.attributes["approved-by-someone-independent"],
      scenario.attributes["approved-on-final-revision"],
    ];
    const outcome = outcomes.includes("fail") ? "fail" : outcomes.includes("notVerifiable") ? "notVerifiable" : null;
    if (outcome) site.pending.push({ outcome, why: `#${number} (${kind})` });
  }
  return merged;
}

/** A pull request that never reached the branch: still open, or closed. */
export function buildUnmerged(site: Site, slot: Slot): void {
  const scenario = scenarioOf("clean", site.rnd, site.spec);
  const topic = topicOf(site.rnd, site.spec.name);
  const change = draft(site, slot, scenario, topic);
  branch(site, slot, scenario, topic, change, mainAt(site, slot.createdAt - 2 * MINUTE));
  change.state = slot.kind === "open" ? "OPEN" : "CLOSED";
  change.isDraft = slot.kind === "open";
  change.closedAt = slot.kind === "open" ? null : slot.at;
  change.updatedAt = slot.at;
}

interface Pushed {
  commit: Commit;
  part: number;
}

function branch(site: Site, slot: Slot, scenario: Scenario, topic: Topic, change: PullRequest, base: string): Pushed[] {
  const { rnd, cast } = site;
  const numbers = [slot.number];
  const made: Pushed[] = [];
  const instant = (part: number) => between(slot.createdAt, slot.at, part);
  let parent = base;
  const add = (login: string, at: number, part: number, message: string) => {
    const identity = scenario.authorDeleted
      ? { name: "Robin Castell", email: "robin@former.example", account: null }
      : cast.git(login);
    const committer = login === "dependabot" ? cast.web : identity;
    const next = commit(site, [parent], message, identity, at, { committer, changes: numbers });
    made.push({ commit: next, part });
    parent = next.oid;
  };
  const trailer = scenario.coAuthor ? `\n\nCo-authored-by: ${signature(site, scenario.coAuthor)}` : "";
  const first = rnd.chance(0.35) ? 2 : 1;
  for (let at = 0; at < first; at++) {
    const text = at === 0 ? topic.title : "Cover it with a test";
    add(scenario.author, slot.createdAt - (first - at) * MINUTE, 0, `${text}${at === 0 ? trailer : ""}`);
  }
  for (const step of scenario.steps) {
    if (step.does !== "push") continue;
    runChecks(site, parent, instant(made.at(-1)?.part ?? 0));
    add(step.by, instant(step.at), step.at, step.message);
  }
  const head = made.at(-1) as Pushed;
  headChecks(site, slot, scenario, head.commit.oid, instant(head.part));
  change.commits = made.map((each) => each.commit.oid);
  change.headRefOid = head.commit.oid;
  change.baseRefOid = base;
  return made;
}

function runChecks(site: Site, oid: string, at: number): void {
  check(site, oid, "test", { startedAt: at + 20_000, completedAt: at + site.rnd.int(150, 420) * 1000 });
  check(site, oid, "lint", { startedAt: at + 20_000, completedAt: at + site.rnd.int(60, 110) * 1000 });
}

function headChecks(site: Site, slot: Slot, scenario: Scenario, oid: string, at: number): void {
  const startedAt = at + 20_000;
  const completedAt = at + site.rnd.int(150, 420) * 1000;
  if (scenario.test === "after") {
    check(site, oid, "test", { startedAt: slot.at - 90_000, completedAt: slot.at + 11 * MINUTE });
  } else if (scenario.test === "otherApp") {
    check(site, oid, "test", { startedAt, completedAt }, { app: site.cast.otherChecks.id });
  } else if (scenario.test !== "missing") {
    check(site, oid, "test", { startedAt, completedAt }, { conclusion: scenario.test });
  }
  check(site, oid, "lint", { startedAt, completedAt: at + site.rnd.int(60, 110) * 1000 });
  if (site.spec.deployer !== "release-bot") return;
  const { repository, ids, cast } = site;
  const creator = cast.account("release-bot");
  const status = { kind: "StatusContext", repo: repository.index, id: ids.next("context"), oid, creator } as const;
  repository.statuses.set(oid, [{ ...status, context: "preview", state: "SUCCESS", createdAt: at + 90_000 }]);
}
