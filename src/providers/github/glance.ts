import type { Batch, Cursor, Part } from "../../model/stream.ts";
import { changeWalk } from "./change-walk.ts";
import { readCursor, snapshotCursorSchema } from "./cursors.ts";
import { deploymentWalk } from "./deployment-walk.ts";
import type { Item } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import type { GitHub } from "./graphql-client.ts";
import { isSettled, type Member } from "./list-state.ts";
import { listPageSchema } from "./pages.ts";
import type { Branch, Plan } from "./plan.ts";
import { secondsUtc } from "./session.ts";
import { glanceFields, sameAgain } from "./snapshot-glance.ts";
import { type Asking, repositoryProblem } from "./walk.ts";

/** Lists that a request may hold for one point. */
const mostLists = 149;

interface Question {
  readonly plan: Plan;
  readonly fields: string;
  readonly variables: Asking["variables"];
  readonly lists: number;
}

/**
 * Looks at many repositories in one request, for one point: whatever stands where the last run left it needs no request
 * of its own. Of a plan that it finds done, the batch says all there is to say.
 */
export async function* glance(
  github: GitHub,
  plans: readonly Plan[],
  cursors: ReadonlyMap<string, Cursor>,
): AsyncGenerator<Batch> {
  const questions = plans.filter(wasRead).map((plan) => questionOf(plan, cursors));
  while (questions.length > 0) {
    const chunk = chunkOf(questions);
    const asked = await github.ask(queryOf(chunk), 2);
    if (!asked.ok) {
      // One repository that is gone must not hide the others.
      const named = new Set(asked.failure.errors.map((error) => String(error.path?.[0])));
      const others = chunk.filter((_, index) => !named.has(`r${index}`));
      if (others.length < chunk.length) questions.unshift(...others);
      yield { exchange: asked.exchange, parts: [] };
      continue;
    }
    const { exchange, data } = asked;
    const parts = chunk.flatMap(({ plan }, index) => {
      const repository = data[`r${index}`] as Item | null;
      if (!repository || repositoryProblem(plan.session, { repository }) !== undefined) return [];
      return compare(plan, repository, exchange.serverTime, cursors);
    });
    yield { exchange, parts };
  }
}

/** Takes as many questions as fit into one request. */
function chunkOf(questions: Question[]): readonly Question[] {
  let [count, lists] = [0, 0];
  for (const question of questions) {
    lists += question.lists;
    if (count > 0 && lists > mostLists) break;
    count++;
  }
  return questions.splice(0, count);
}

/** Whether an earlier run came to its end with any of its lists or branches. */
function wasRead({ members, deployments, branches }: Plan): boolean {
  return (
    [...members, ...(deployments ? [deployments] : [])].some(({ cursor }) => isSettled(cursor)) ||
    branches.some(({ cursor }) => cursor?.head != null)
  );
}

const changesNow =
  "changes: pullRequests(states: MERGED, first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount";
const deploymentsNow =
  "deployments: deployments(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { totalCount";

function questionOf(plan: Plan, cursors: ReadonlyMap<string, Cursor>): Question {
  const heads = plan.branches.map(({ head }) => head.ask(new Set(), 0, []));
  const snapshots = glanceFields(snapshotCursors(plan, cursors));
  const lists = [
    plan.members.length > 0 ? `${changesNow} ${text.page} nodes { updatedAt } }` : "",
    plan.deployments ? `${deploymentsNow} ${text.page} nodes { createdAt } }` : "",
  ].filter(Boolean);
  return {
    plan,
    fields: ["defaultBranchRef { name }", ...heads.map(({ field }) => field), ...lists, snapshots.fields].join(" "),
    variables: Object.assign({}, ...heads.map(({ variables }) => variables)),
    lists: lists.length + snapshots.lists,
  };
}

const snapshotCursors = (plan: Plan, cursors: ReadonlyMap<string, Cursor>) =>
  plan.snapshots.map((stream) => readCursor(snapshotCursorSchema, cursors.get(stream.id), stream.since));

function queryOf(questions: readonly Question[]) {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const repositories = questions.map(({ plan, fields, variables: own }, index) => {
    const add = (name: string, type: string, value: unknown) => {
      variables[`r${index}${name}`] = value;
      declared.push(`$r${index}${name}: ${type}`);
    };
    add("owner", "String!", plan.session.owner);
    add("name", "String!", plan.session.name);
    for (const [name, { type, value }] of Object.entries(own)) add(name, type, value);
    const asked = fields.replaceAll(/\$(\w+)/g, `$$r${index}$1`);
    return `r${index}: repository(owner: $r${index}owner, name: $r${index}name) { ${asked} }`;
  });
  return {
    name: "Glance",
    text: `query Glance(${declared.join(", ")}) {\n  ${repositories.join("\n  ")}\n  ${text.price}\n}`,
    variables,
  };
}

/** Notes in the plan what has not moved; gives what can be said at once. */
function compare(
  plan: Plan,
  repository: Item,
  serverTime: string,
  cursors: ReadonlyMap<string, Cursor>,
): readonly Part[] {
  const { session, members, deployments, branches } = plan;
  const answer = { serverTime, refused: new Map() };
  const looked = branches.flatMap(({ head }) => head.take(repository[head.name], answer));
  const changes = members.length > 0 ? unmovedOf(members, repository.changes, "updatedAt") : undefined;
  const deployed = deployments ? unmovedOf([deployments], repository.deployments, "createdAt") : undefined;
  plan.unmoved = {
    ...(changes === undefined ? {} : { changes: { serverTime, total: changes } }),
    ...(deployed === undefined ? {} : { deployments: { serverTime, total: deployed } }),
  };
  const snapshotsBefore = snapshotCursors(plan, cursors);
  plan.snapshots.forEach((stream, index) => {
    const part = sameAgain(stream, snapshotsBefore[index], repository, serverTime);
    if (part) plan.sameSnapshots.set(stream.id, part);
  });
  const lists = [...members, ...(deployments ? [deployments] : [])];
  plan.done =
    (members.length === 0 || (changes !== undefined && plan.groups.length === 1)) &&
    (!deployments || deployed !== undefined) &&
    branches.every(standsStill) &&
    looked.every(({ records }) => records.length === 0) &&
    lists.every(({ cursor }) => cursor?.watch.length === 0);
  const said = plan.done
    ? [
        ...(members.length > 0 ? changeWalk(session, members, members, plan.unmoved.changes).conclude() : []),
        ...(deployments ? deploymentWalk(session, deployments, plan.unmoved.deployments).conclude() : []),
        ...branches.flatMap(({ head }) => head.conclude()),
      ]
    : looked;
  return [...said, ...plan.sameSnapshots.values()];
}

const standsStill = ({ head }: Branch): boolean => head.found() === undefined && head.conclude().length > 0;

/** How many items the source counts, where the list and its newest item are as they were; undefined where they are not. */
function unmovedOf(members: readonly Member[], page: unknown, time: string): number | undefined {
  const parsed = listPageSchema.safeParse(page);
  if (!parsed.success) return undefined;
  const { totalCount, nodes } = parsed.data;
  const newest = nodes[0]?.[time];
  const top = newest === undefined ? null : secondsUtc(String(newest));
  const same = members.every(({ cursor }) => isSettled(cursor) && cursor.top === top && cursor.total === totalCount);
  return same ? totalCount : undefined;
}
