import { instant } from "../../../util/clock.ts";
import type { Item } from "./list.ts";
import { reasonOf } from "./refusal.ts";
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
 * status names, those that wait, and all of a workflow that deployed before.
 * @see https://docs.github.com/en/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
 */
export async function* approvalsOf(
  reading: Reading,
  runs: readonly Item[],
  reasons: Set<string>,
): AsyncGenerator<Gained> {
  const { known } = reading.next;
  for (const run of runs)
    if (run.path !== undefined && known[namedRun(String(run.id))] !== undefined) known[`deploys ${run.path}`] = "yes";
  for (const run of runs) {
    const id = String(run.id);
    const isNamed = known[namedRun(id)] !== undefined;
    const deploys = isNamed || run.status === "waiting" || known[`deploys ${run.path ?? ""}`] !== undefined;
    const stamp = `${run.created_at ?? instant(reading.session.context.clock())} ${run.updated_at ?? ""}`;
    // A run known by its name alone was not listed: it is older than the list, or did not move.
    const isAsked =
      run.path === undefined ? known[`approvals ${id}`] !== undefined : known[`approvals ${id}`] === stamp;
    if (!deploys || isAsked) {
      delete known[namedRun(id)];
      continue;
    }
    const answer = await reading.session.github.get({
      operation: "DeploymentApprovals",
      path: "/repos/{owner}/{repo}/actions/runs/{run}/approvals",
      values: { ...reading.values, run: id },
    });
    const records = answer.ok
      ? [{ kind: "deploymentApprovals", externalId: id, body: { run: id, approvals: answer.json } }]
      : [];
    yield { exchange: answer.exchange, records };
    if (!answer.ok && answer.failure.reason !== "notFound") {
      reasons.add(yield* reasonOf(reading, `the approvals of run ${id}`, answer));
      continue;
    }
    if (answer.ok) known[`approvals ${id}`] = stamp;
    delete known[namedRun(id)];
  }
}
