import { instant } from "../../../util/clock.ts";
import type { Item } from "./list.ts";
import { reasonOf } from "./refusal.ts";
import { reviewsOf } from "./run-reviews.ts";
import type { Gained, Reading } from "./walk.ts";

/** The key under which a run that a deployment's status names is noted, until it was asked for its approvals. */
export const namedRun = (id: string): string => `named ${id}`;

/** The runs that are noted so. */
export const namedRuns = ({ next }: Reading): readonly Item[] =>
  Object.keys(next.known).flatMap((key) =>
    key.startsWith(namedRun("")) ? [{ id: key.slice(namedRun("").length) }] : [],
  );

/**
 * Who approved the deployments of runs. The source does not say which runs deploy: asked are those that a deployment's
 * status names, those that wait, and all of a workflow that deployed before; where nobody's approval can have been asked
 * for (`asksAll` is false), those that wait.
 * @see https://docs.github.com/en/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
 */
export async function* approvalsOf(
  reading: Reading,
  runs: readonly Item[],
  reasons: Set<string>,
  asksAll: boolean,
): AsyncGenerator<Gained> {
  const { known } = reading.next;
  const wanted: { readonly run: Item; readonly stamp: string }[] = [];
  for (const run of runs)
    if (run.path !== undefined && known[namedRun(String(run.id))] !== undefined) known[`deploys ${run.path}`] = "yes";
  for (const run of runs) {
    const id = String(run.id);
    const deploys = known[namedRun(id)] !== undefined || known[`deploys ${run.path ?? ""}`] !== undefined;
    const stamp = `${run.created_at ?? instant(reading.session.context.clock())} ${run.updated_at ?? ""}`;
    // A run known by its name alone was not listed: it is older than the list, or did not move.
    const isAsked =
      run.path === undefined ? known[`approvals ${id}`] !== undefined : known[`approvals ${id}`] === stamp;
    if (!isAsked && (run.status === "waiting" || (deploys && asksAll))) wanted.push({ run, stamp });
    else delete known[namedRun(id)];
  }
  const done = (id: string) => {
    const stamp = wanted.find(({ run }) => String(run.id) === id)?.stamp;
    if (stamp !== undefined) known[`approvals ${id}`] = stamp;
    delete known[namedRun(id)];
  };
  const told = yield* reviewsOf(
    reading,
    wanted.map(({ run }) => run),
    done,
  );
  for (const { run } of wanted) if (!told.has(String(run.id))) yield* askAlone(reading, String(run.id), reasons, done);
}

/** One run by itself: those that could not be asked together. */
async function* askAlone(
  reading: Reading,
  id: string,
  reasons: Set<string>,
  done: (id: string) => void,
): AsyncGenerator<Gained> {
  const answer = await reading.session.github.get({
    operation: "DeploymentApprovals",
    path: "/repos/{owner}/{repo}/actions/runs/{run}/approvals",
    values: { ...reading.values, run: id },
  });
  if (answer.ok) done(id);
  else if (answer.failure.reason === "notFound") delete reading.next.known[namedRun(id)];
  const body = answer.ok ? { run: id, approvals: answer.json } : undefined;
  yield { exchange: answer.exchange, records: body ? [{ kind: "deploymentApprovals", externalId: id, body }] : [] };
  if (!answer.ok && answer.failure.reason !== "notFound")
    reasons.add(yield* reasonOf(reading, `the approvals of run ${id}`, answer));
}
