import type { PullRequest } from "../world.ts";
import { dismiss, event, forcePush, mergeInto, type PushOptions, push, review } from "./acts.ts";
import { type MergeOptions, merge } from "./merge.ts";
import { runTest, type TestOptions } from "./pipeline.ts";
import { headOf, register, type Stage, wait } from "./stage.ts";

/** How a change is opened. */
export interface OpenOptions extends PushOptions {
  title?: string;
  /** Who writes its first commit, where that is not who opens it. */
  writer?: string;
  labels?: readonly string[];
  files?: readonly string[];
  base?: string;
  /** What its description ends with. */
  body?: string;
}

/** One change, act by act; each takes five minutes and gives the story back. */
export interface Story {
  change: PullRequest;
  push(by: string, options?: PushOptions): Story;
  /** Merges the base branch into it by the platform's button, or another branch under the same headline. */
  update(by: string, from?: string): Story;
  /** Replaces the head by another commit; reviews of the lost one no longer say what they were of. */
  forcePush(by: string): Story;
  /** By an account that is deleted by now, where `by` is null; of the head unless told otherwise. */
  approve(by: string | null, on?: string | null): Story;
  requestChanges(by: string): Story;
  comment(by: string): Story;
  /** Dismisses the standing reviews of an account. */
  dismiss(reviewer: string, by?: string): Story;
  /** Runs a check on the head, or on the commit named. */
  check(options: TestOptions): Story;
  label(by: string, label: string): Story;
  /** Changes the branch that it is to be merged to. */
  retarget(by: string, base: string): Story;
  merge(by: string, options?: MergeOptions): Story;
  wait(minutes: number): Story;
}

const TITLES = ["Retry the upload once", "Round totals half up", "Log the caller's region", "Close idle connections"];

/** Opens a change with one commit, tested by its pipeline. */
export function open(stage: Stage, author: string | null, options: OpenOptions = {}): Story {
  const { repository, cast } = stage;
  const base = options.base ?? repository.defaultBranch;
  if (!repository.branches.has(base)) repository.branches.set(base, headOf(stage));
  const number = repository.changes.length + repository.issues.length + 2;
  const title = options.title ?? (TITLES[number % TITLES.length] as string);
  request(stage, number - 1, title);
  const writer = options.writer ?? author;
  const branch = `${stage.name}-${number}`;
  const change: PullRequest = {
    kind: "PullRequest",
    repo: repository.index,
    id: stage.nextId(),
    nodeId: null,
    number,
    title,
    body: `Why: it goes wrong under load, as the request says.\n\nTested by a new test.\n\nCloses #${number - 1}${options.body === undefined ? "" : `\n\n${options.body}`}`,
    url: null,
    state: "OPEN",
    isDraft: false,
    author: author === null ? null : cast.account(author),
    mergedBy: null,
    createdAt: 0,
    updatedAt: 0,
    mergedAt: null,
    closedAt: null,
    baseRefName: base,
    headRefName: branch,
    baseRefOid: headOf(stage, base),
    headRefOid: headOf(stage, base),
    headRepository: `${stage.world.organisation.login}/${repository.name}`,
    mergeCommit: null,
    labels: options.labels ?? [],
    commits: [],
    files: (options.files ?? ["src/service.ts"]).map((path) => ({
      path,
      additions: 7,
      deletions: 2,
      change: "MODIFIED",
    })),
    reviews: [],
    dismissals: [],
    events: [],
    issues: [number - 1],
    autoMerge: null,
  };
  repository.changes.push(change);
  register(stage, { kind: "change", number });
  const story = storyOf(stage, change);
  push(stage, change, writer, { message: title, ...options });
  change.createdAt = wait(stage, 1);
  for (const label of change.labels) event(stage, change, "LabeledEvent", change.author, { label });
  return story;
}

function storyOf(stage: Stage, change: PullRequest): Story {
  const { cast } = stage;
  const act =
    <A extends unknown[]>(does: (...given: A) => void) =>
    (...given: A): Story => {
      wait(stage);
      does(...given);
      change.updatedAt = stage.now;
      return story;
    };
  const story: Story = {
    change,
    push: act((by, options = {}) => push(stage, change, by, options)),
    update: act((by, from) => mergeInto(stage, change, by, from)),
    forcePush: act((by) => forcePush(stage, change, by)),
    approve: act((by, on) => review(stage, change, by === null ? null : cast.account(by), "APPROVED", on)),
    requestChanges: act((by) => review(stage, change, cast.account(by), "CHANGES_REQUESTED")),
    comment: act((by) => review(stage, change, cast.account(by), "COMMENTED")),
    dismiss: act((reviewer, by = "viktor-a") => dismiss(stage, change, cast.account(reviewer), cast.account(by))),
    check: act((options) => runTest(stage, { oid: change.headRefOid, branch: change.headRefName, ...options })),
    label: act((by, label) => {
      change.labels = [...change.labels, label];
      event(stage, change, "LabeledEvent", cast.account(by), { label });
    }),
    retarget: act((by, base) => {
      event(stage, change, "BaseRefChangedEvent", cast.account(by), { from: change.baseRefName, to: base });
      change.baseRefName = base;
      change.baseRefOid = headOf(stage, base);
    }),
    merge: act((by, options = {}) => merge(stage, change, by, options)),
    wait: (minutes) => {
      wait(stage, minutes);
      return story;
    },
  };
  return story;
}

function request({ repository, now, cast, nextId }: Stage, number: number, title: string): void {
  repository.issues.push({
    kind: "Issue",
    repo: repository.index,
    id: nextId(),
    number,
    title: `Wanted: ${title.toLowerCase()}`,
    body: "Support sees it twice a week.",
    state: "CLOSED",
    author: cast.account("maren-k"),
    labels: [],
    createdAt: now - 86_400_000,
    closedAt: now + 7_200_000,
    updatedAt: now + 7_200_000,
  });
}
