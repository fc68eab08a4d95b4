import type { Exception } from "../model/assessment.ts";
import type {
  ChangeDossier,
  CommitDossier,
  ConfigurationDossier,
  DeploymentDossier,
  Dossier,
  RulesAt,
} from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { BranchActivity, DeploymentStatus } from "../model/entity.ts";
import { short } from "../model/keys.ts";
import { reviewWords } from "../model/review-words.ts";

type Event = Exception["story"][number];

const event = (at: string | null, text: string, record: number | null): Event => ({ at, text, record });

/** What happened to an item, in the order of the source's times; git's own dates are told, they order nothing. */
export function storyOf(dossier: Dossier, deployment: DeploymentDossier | undefined): Event[] {
  if (dossier.subject === "change") return ofChange(dossier, deployment);
  if (dossier.subject === "commit") return ofCommit(dossier, deployment);
  if (dossier.subject === "deployment") return ofDeployment(dossier);
  return ofConfiguration(dossier);
}

function ofChange(dossier: ChangeDossier, deployment: DeploymentDossier | undefined): Event[] {
  const { change, commits, reviews, dismissals, checks, workItems } = dossier;
  const later = [
    ...workItems.map((one) =>
      event(
        one.createdAt,
        `${actorName(one.author)} opened ${one.workItem}, to which the change is linked.`,
        one.record,
      ),
    ),
    event(change.createdAt, `${actorName(change.author)} opened #${change.number}.`, change.record),
    ...reviews.map((one) =>
      event(
        one.submittedAt,
        `${actorName(one.author)} ${reviewWords[one.state]} ${one.oid ? short(one.oid) : "a commit no longer on record"}.`,
        one.record,
      ),
    ),
    ...dismissals.map((one) => dismissed(one, reviews)),
    ...pushesTold(dossier),
    ...checks.map((one) =>
      event(
        one.completedAt,
        `Check ${one.name}${one.app ? ` by ${one.app}` : ""} ended on ${short(one.oid)} as ${one.conclusion}.`,
        one.record,
      ),
    ),
    event(
      change.mergedAt,
      `${actorName(change.merger)} merged ${short(change.headOid)}${change.mergeOid ? ` as ${short(change.mergeOid)}` : ""}.`,
      change.record,
    ),
    ...deployed(deployment),
  ];
  const ordered = byTime(later);
  // Where no server time tells when a commit was pushed, it is told right after the opening, in the change's own order.
  const opening = ordered.findIndex(({ at }) => at === change.createdAt) + 1;
  return [...ordered.slice(0, opening), ...pushed(commits), ...ordered.slice(opening)];
}

/** Whose review was dismissed by whom, as it stood before. */
function dismissed(dismissal: ChangeDossier["dismissals"][number], reviews: ChangeDossier["reviews"]): Event {
  const review = reviews.find(({ key, id }) => key === dismissal.review || id === dismissal.review);
  const by = actorName(dismissal.by);
  if (!review) return event(dismissal.at, `${by} dismissed a review that is not on record.`, dismissal.record);
  const given = review.submittedAt ? ` at ${review.submittedAt}` : "";
  const before = { ...reviewWords, dismissed: "reviewed" }[dismissal.previousState];
  const commit = review.oid ? short(review.oid) : "a commit no longer on record";
  const text = `${by} dismissed the review by ${actorName(review.author)}, who had ${before} ${commit}${given}.`;
  return event(dismissal.at, text, dismissal.record);
}

const mostCommits = 8;

function pushed(commits: ChangeDossier["commits"]): Event[] {
  const told = commits.slice(-mostCommits).map((commit) => {
    const by = commit.author.account
      ? actorName(commit.author.account)
      : `${commit.author.name} <${commit.author.email}>`;
    return event(
      null,
      `Commit ${short(commit.oid)} by ${by}, dated ${commit.committedAt} by git: ${commit.headline}`,
      commit.record,
    );
  });
  const untold = commits.length - told.length;
  return untold > 0 ? [event(null, `${untold} earlier commits.`, null), ...told] : told;
}

function pushesTold({ change, pushes }: ChangeDossier): Event[] {
  const inOrder = pushes.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.record - b.record));
  const told = inOrder
    .slice(-mostCommits)
    .map((one) =>
      event(one.at, `${actorName(one.by)} pushed ${short(one.after ?? change.headOid)} to ${one.branch}.`, one.record),
    );
  const untold = pushes.length - told.length;
  return untold > 0 ? [event(told[0]?.at ?? null, `${untold} earlier pushes.`, null), ...told] : told;
}

const moveWords: Readonly<Record<BranchActivity["activity"], string>> = {
  push: "pushed by",
  forcePush: "force-pushed by",
  merge: "merged by",
  mergeQueue: "merged by the queue for",
  created: "in the branch as created by",
  deleted: "in the branch as deleted by",
  unknown: "moved there by",
};

function ofCommit(
  { oid, graph, commit, change, reached, associated, rewritten, activity }: CommitDossier,
  deployment: DeploymentDossier | undefined,
): Event[] {
  const name = commit
    ? `${commit.author.account ? actorName(commit.author.account) : `${commit.author.name} <${commit.author.email}>`}`
    : "an author not on record";
  const when = reached.exact ? `at ${reached.to}` : `between ${reached.from} and ${reached.to}`;
  // Of what was pushed away, the move on record is the one that took it.
  const pusher =
    activity && !rewritten
      ? `, ${moveWords[activity.activity]} ${actorName(activity.by)}`
      : change
        ? ""
        : "; who pushed it is not on record";
  return byTime([
    ...(commit
      ? [
          event(
            null,
            `Git names ${name} as its author and dates it ${commit.committedAt}: ${commit.headline}`,
            commit.record,
          ),
        ]
      : []),
    ...associated.map((one) =>
      event(one.mergedAt, `#${one.number}, which the source associates with it, was merged.`, one.record),
    ),
    {
      ...event(
        reached.to,
        `${short(oid)} reached the branch ${when}${pusher}.`,
        (rewritten ? undefined : activity?.record) ?? graph.record,
      ),
      ...(reached.exact ? {} : { notBefore: reached.from }),
    },
    ...(rewritten
      ? [
          event(
            activity?.at ?? rewritten.seenAt,
            activity
              ? `Seen on the branch at ${rewritten.seenAt}, and pushed away by ${actorName(activity.by)}: it leads to ${short(rewritten.now)}.`
              : `Seen on the branch, and pushed away after that: it leads to ${short(rewritten.now)}.`,
            activity?.record ?? graph.record,
          ),
        ]
      : []),
    ...deployed(deployment),
  ]);
}

const deployed = (dossier: DeploymentDossier | undefined): Event[] =>
  dossier
    ? [
        event(
          dossier.succeededAt,
          `Deployment ${dossier.deployment.id} brought it to ${dossier.deployment.environment}.`,
          dossier.deployment.record,
        ),
      ]
    : [];

/** Who started the pipeline run that made it; the source dates its first attempt only. */
function started(run: NonNullable<DeploymentDossier["run"]>): Event {
  const from = run.branch === null ? "" : `, on ${run.branch}`;
  const again =
    run.attempt > 1 || run.startedBy?.id !== run.by?.id
      ? ` ${actorName(run.startedBy)} started its latest attempt, number ${run.attempt}.`
      : "";
  const text = `${actorName(run.by)} started pipeline run ${run.id}, which made it (${run.trigger}${from}).${again}`;
  return event(run.createdAt, text, run.record);
}

/** Who brought a commit off the branch to the source, where that is on record. */
const broughtIn = ({ pushes = [] }: DeploymentDossier): Event[] =>
  pushes.map(({ at, by, after, branch, activity, record }) => {
    const oid = after ? short(after) : "a commit no longer on record";
    const text = activity === "created" ? `created ${branch} at ${oid}` : `${pushWords[activity]} ${oid} to ${branch}`;
    return event(at, `${actorName(by)} ${text}.`, record);
  });

const pushWords: Readonly<Record<Exclude<BranchActivity["activity"], "created">, string>> = {
  push: "pushed",
  forcePush: "force-pushed",
  merge: "merged",
  mergeQueue: "merged by the queue",
  deleted: "deleted",
  unknown: "moved",
};

function ofDeployment(dossier: DeploymentDossier): Event[] {
  const { deployment, statuses, previous, brought, run } = dossier;
  const changes = new Map(
    (brought ?? []).flatMap(({ change }) => (change ? [[change.key, change.change] as const] : [])),
  );
  const bare = (brought ?? []).filter(({ change }) => !change);
  return byTime([
    ...(previous
      ? [
          event(
            previous.createdAt,
            `Deployment ${previous.id} of ${short(previous.oid)} came before it.`,
            previous.record,
          ),
        ]
      : []),
    ...[...changes.values()].map((one) =>
      event(one.mergedAt, `#${one.number} was merged, which it brought.`, one.record),
    ),
    ...bare.map((one) =>
      event(
        null,
        `Commit ${short(one.oid)}, which no change explains and which it brought: ${one.headline}`,
        one.record,
      ),
    ),
    ...(dossier.onBranch === false || dossier.offLine ? broughtIn(dossier) : []),
    ...(run ? [started(run)] : []),
    event(
      deployment.createdAt,
      `${actorName(deployment.creator)} deployed ${short(deployment.oid)} to ${deployment.environment}.`,
      deployment.record,
    ),
    ...statesOf(statuses).map((one) =>
      event(one.createdAt, `The deployment became ${stateWords[one.state]}.`, one.record),
    ),
  ]);
}

const stateWords: Readonly<Record<DeploymentStatus["state"], string>> = {
  success: "successful",
  failure: "failed",
  running: "queued or in progress",
  inactive: "inactive",
  unknown: "a state that is not known",
};

/** Each state once, as it was first reported: the source tells several of its own by one of ours. */
function statesOf(statuses: DeploymentDossier["statuses"]): DeploymentDossier["statuses"] {
  const ordered = statuses.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  return ordered.filter((one, index) => one.state !== ordered[index - 1]?.state);
}

const ofConfiguration = ({ intervals }: ConfigurationDossier): Event[] =>
  intervals.map(({ from, to, rules }) =>
    event(from, `Until ${to}: ${rulesText(rules)}.`, rules.known ? rules.record : null),
  );

function rulesText(rules: RulesAt): string {
  if (!rules.known) return `not observed (${rules.reason})`;
  const active = rules.rules.filter((rule) => rule.enforcement === "active" && rule.appliesToReleasedBranch);
  return active.length === 0 ? "no active rule" : active.map(({ name }) => name).join(", ");
}

// Events without a time come first, those of an interval where it begins; of one instant, as they were listed.
const beginning = ({ at, notBefore }: Event): string => notBefore ?? at ?? "";
const byTime = (events: readonly Event[]): Event[] =>
  events.toSorted((a, b) => (beginning(a) < beginning(b) ? -1 : beginning(a) > beginning(b) ? 1 : 0));
