import type { ChangedFile, PullRequest } from "../world.ts";
import type { Slot } from "./plan.ts";
import type { Scenario } from "./scenario.ts";
import type { Site } from "./site.ts";
import { bodyOf, type Topic } from "./texts.ts";

const NONE: readonly never[] = [];

/** An opened, labelled pull request without commits, and the request it closes; both already in the repository. */
export function draft(site: Site, slot: Slot, scenario: Scenario, topic: Topic): PullRequest {
  const { rnd, cast, spec, repository } = site;
  const issues = slot.request === null ? NONE : [slot.request];
  if (slot.request !== null) {
    repository.issues.push({
      kind: "Issue",
      repo: repository.index,
      id: site.ids.next("issue"),
      number: slot.request,
      title: topic.request,
      body: topic.reason,
      state: slot.kind === "open" || slot.kind === "abandoned" ? "OPEN" : "CLOSED",
      author: cast.account(rnd.pick(spec.people)),
      labels: ["request"],
      createdAt: slot.requestedAt,
      closedAt: slot.kind === "open" || slot.kind === "abandoned" ? null : slot.at + 1000,
      updatedAt: slot.at + 1000,
    });
  }
  const change: PullRequest = {
    kind: "PullRequest",
    repo: repository.index,
    id: site.ids.next("change"),
    nodeId: null,
    number: slot.number,
    title: scenario.emergency ? `Emergency: ${topic.title}` : topic.title,
    body: scenario.noDescription ? "" : bodyOf(rnd, topic, slot.request),
    url: null,
    state: "MERGED",
    isDraft: false,
    author: scenario.authorDeleted ? null : cast.account(scenario.author),
    mergedBy: null,
    createdAt: slot.createdAt,
    updatedAt: slot.at,
    mergedAt: null,
    closedAt: null,
    baseRefName: repository.defaultBranch,
    headRefName: topic.branch,
    baseRefOid: "",
    headRefOid: "",
    headRepository: `${site.organisation}/${spec.name}`,
    mergeCommit: null,
    labels: scenario.emergency ? ["emergency"] : scenario.author === "dependabot" ? ["dependencies"] : labels(site),
    commits: NONE,
    files: files(site, scenario.author === "dependabot"),
    reviews: [],
    dismissals: [],
    events: [],
    issues,
    autoMerge: null,
  };
  repository.changes.push(change);
  return label(site, change, change.labels);
}

/** Gives an opened pull request its labels, by its author and when it was opened. */
export function label(site: Site, change: PullRequest, names: readonly string[]): PullRequest {
  change.labels = names;
  change.events = names.map((name) => ({
    kind: "LabeledEvent",
    repo: change.repo,
    change: change.number,
    id: site.ids.next("event"),
    actor: change.author,
    at: change.createdAt,
    label: name,
    from: null,
    to: null,
  }));
  return change;
}

function labels({ rnd }: Site): readonly string[] {
  const roll = rnd.next();
  return roll < 0.1 ? ["architecture"] : roll < 0.4 ? ["bug"] : roll < 0.7 ? ["feature"] : NONE;
}

const AREAS = ["api", "core", "store", "jobs", "client", "config"] as const;

function files({ rnd, spec }: Site, isUpdate: boolean): ChangedFile[] {
  if (isUpdate) {
    return ["package-lock.json", "package.json"].map((path) => ({
      path,
      additions: 4,
      deletions: 4,
      change: "MODIFIED",
    }));
  }
  const area = rnd.pick(AREAS);
  const name = `${rnd.pick(AREAS)}-${rnd.int(1, 40)}`;
  const ending = spec.name === "platform-infra" ? "tf" : "ts";
  const one = (path: string): ChangedFile => ({
    path,
    additions: rnd.int(2, 60),
    deletions: rnd.int(0, 30),
    change: "MODIFIED",
  });
  return [
    one(`src/${area}/${name}.${ending}`),
    ...(rnd.chance(0.7) ? [one(`test/${area}/${name}.test.${ending}`)] : []),
  ];
}
