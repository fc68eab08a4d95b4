import type { Item } from "../model/assessment.ts";
import { actorName } from "../model/dossier.ts";
import type { Entity, EntityType, Seen } from "../model/entity.ts";
import { short } from "../model/keys.ts";
import { reviewWords } from "../model/review-words.ts";
import type { TimelineEvent } from "../model/sample.ts";

type Entities = readonly Seen<Entity>[];

/** What is on record of a population's items, so that each item's part is found at once. */
export type EventsOf = (item: Item, beside: Beside) => readonly TimelineEvent[];

/** The items of the assessment that belong to one: what it deployed, or was deployed by. */
export interface Beside {
  readonly deployment: Item | undefined;
  readonly change: Item | undefined;
  /** Of a deployment: the changes it first brought to production. */
  readonly brought: readonly Item[];
}

/** Tells of each item what happened from its first commit to production, in the order of the times; commits at git's own. */
export function timelines(entities: Entities): EventsOf {
  const latest = new Map<string, Seen<Entity>>();
  for (const entity of entities) {
    const name = `${entity.type} ${entity.key}`;
    if ((latest.get(name)?.record ?? 0) <= entity.record) latest.set(name, entity);
  }
  const found = [...latest.values()];
  const byChange = Map.groupBy(found, (entity) =>
    "change" in entity ? entity.change : entity.type === "change" ? entity.key : "",
  );
  const byCommit = Map.groupBy(found, (entity) =>
    "oid" in entity && entity.oid ? `${entity.repository}@${entity.oid}` : "",
  );
  const of = { byChange, byCommit, byName: latest };
  return (item, beside) => {
    const events =
      item.subject === "change"
        ? ofChange(item, beside, of)
        : item.subject === "commit"
          ? ofCommit(item, beside, of)
          : ofDeployment(item, beside, of);
    return events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  };
}

interface Index {
  readonly byChange: ReadonlyMap<string, Entities>;
  readonly byCommit: ReadonlyMap<string, Entities>;
  readonly byName: ReadonlyMap<string, Seen<Entity>>;
}

const ofType = <T extends EntityType>(entities: Entities | undefined, type: T) =>
  (entities ?? []).filter((entity): entity is Extract<Seen<Entity>, { type: T }> => entity.type === type);

function ofChange(item: Item, beside: Beside, { byChange, byCommit }: Index): TimelineEvent[] {
  const own = byChange.get(item.key);
  const [change] = ofType(own, "change");
  const commits = ofType(own, "changeCommit").flatMap(({ repository, oid }) =>
    ofType(byCommit.get(`${repository}@${oid}`), "commit"),
  );
  const checks = change ? ofType(byCommit.get(`${change.repository}@${change.headOid}`), "check") : [];
  return [
    ...commits.map(commitEvent),
    ...(change
      ? [event("opened", change.createdAt, `${actorName(change.author)} opened ${item.label}`, change.record)]
      : []),
    ...ofType(own, "review").flatMap(({ submittedAt, state, author, oid, record }) =>
      submittedAt === null
        ? []
        : [
            event(
              state === "approved" ? "approval" : "review",
              submittedAt,
              `${actorName(author)} ${reviewWords[state]} ${oid ? short(oid) : "a commit no longer on record"}`,
              record,
            ),
          ],
    ),
    ...checks.flatMap(({ completedAt, name, conclusion, record, attempt }) =>
      completedAt === null
        ? []
        : [
            {
              ...event(
                "check",
                completedAt,
                `check ${name}${attempt === null ? "" : `, attempt ${attempt}`}: ${conclusion}`,
                record,
              ),
              good: conclusion === "success",
            },
          ],
    ),
    event(
      "merged",
      item.at,
      `${change ? `${actorName(change.merger)} merged` : "merged"}${item.commit ? ` as ${short(item.commit)}` : ""}`,
      item.record,
    ),
    ...deployed(beside.deployment),
  ];
}

function ofCommit(item: Item, { change, deployment }: Beside, { byName }: Index): TimelineEvent[] {
  const commit = byName.get(`commit ${item.key}`);
  return [
    ...(commit?.type === "commit" ? [commitEvent(commit)] : []),
    event(
      "merged",
      item.at,
      change
        ? `reached the branch by ${change.label}`
        : `reached the branch${item.notBefore === undefined ? "" : " by then"}`,
      item.record,
    ),
    ...deployed(deployment),
  ];
}

function ofDeployment(item: Item, { brought }: Beside, { byName }: Index): TimelineEvent[] {
  const made = byName.get(`deployment ${item.key}`);
  return [
    ...brought.map((change) => event("merged", change.at, `${change.label} merged, which it brought`, change.record)),
    ...(made?.type === "deployment"
      ? [event("created", made.createdAt, `${actorName(made.creator)} created ${item.label}`, made.record)]
      : []),
    ...deployed(item),
  ];
}

const commitEvent = (commit: Extract<Seen<Entity>, { type: "commit" }>): TimelineEvent =>
  event(
    "commit",
    commit.committedAt,
    `commit ${short(commit.oid)} by ${commit.author.account ? actorName(commit.author.account) : commit.author.name}, as git dates it`,
    commit.record,
  );

const deployed = (item: Item | undefined): TimelineEvent[] =>
  item
    ? [event("deployed", item.at, `${item.label} brought it to ${item.environment ?? "production"}`, item.record)]
    : [];

const event = (kind: TimelineEvent["kind"], at: string, text: string, record: number | null): TimelineEvent => ({
  at,
  kind,
  good: true,
  text,
  record,
});
