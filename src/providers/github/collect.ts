import { type Batch, type Cursor, organisationKinds, type Stream } from "../../model/stream.ts";
import type { ProviderContext } from "../provider.ts";
import type { Refusal } from "./ask-whole.ts";
import { changeWalk } from "./change-walk.ts";
import { deploymentWalk } from "./deployment-walk.ts";
import { glance } from "./glance.ts";
import { connect } from "./graphql-client.ts";
import { held } from "./held.ts";
import { historyWalk } from "./history-walk.ts";
import { type Branch, type Plan, planOf } from "./plan.ts";
import { readFurther, readOrganisation } from "./rest/further.ts";
import { type NotedRuns, noteRuns } from "./rest/note-runs.ts";
import { type Session, sessionOf } from "./session.ts";
import { snapshot } from "./snapshot.ts";
import { type Walk, walkTogether } from "./walk.ts";
import { readWorkflowDeployments } from "./workflow-deployments.ts";

/** Collects the streams, one repository after the other; what fails ends in coverage with its reason. */
export async function* collect(
  streams: readonly Stream[],
  cursors: ReadonlyMap<string, Cursor>,
  context: ProviderContext,
): AsyncGenerator<Batch> {
  const github = connect(context);
  const unknown = new Map<string, Refusal>();
  try {
    const ofOwners = streams.filter(isOrganisations);
    const plans = [
      ...Map.groupBy(
        streams.filter((stream) => !isOrganisations(stream)),
        (stream) => stream.scopeId,
      ),
    ].map(([scopeId, own]) =>
      planOf(sessionOf(github, context, own[0]?.scopeName ?? "", scopeId, unknown), own, cursors),
    );
    yield* glance(github, plans, cursors);
    for (const plan of plans) {
      for (const [section, refusal] of unknown) plan.session.deny(section, refusal);
      const broken = new Map<string, string>();
      const runs = noteRuns(plan.streams, cursors);
      for await (const batch of collectRepository(plan, cursors, runs)) yield held(runs.noted(batch), broken);
    }
    for (const [owner, own] of Map.groupBy(ofOwners, (stream) => stream.scopeName)) {
      const broken = new Map<string, string>();
      const session = sessionOf(github, context, `${owner}/`, "-", unknown);
      for await (const batch of readOrganisation(session, own, cursors)) yield held(batch, broken);
    }
  } finally {
    await github.close();
  }
}

const isOrganisations = ({ kind }: Stream): boolean => organisationKinds.some((one) => one === kind);

async function* collectRepository(
  plan: Plan,
  cursors: ReadonlyMap<string, Cursor>,
  runs: NotedRuns,
): AsyncGenerator<Batch> {
  const { session, streams, members, unmoved, branches } = plan;
  if (!plan.done) {
    const [together, ...apart] = plan.groups;
    // The heads are looked up first, so that every commit of the line is older than the changes read after it.
    yield* walkTogether(
      session,
      [
        ...(together ? [changeWalk(session, together, members, unmoved.changes)] : []),
        ...(plan.deployments ? [deploymentWalk(session, plan.deployments, unmoved.deployments)] : []),
        ...branches.map(({ head }) => head),
      ],
      linesOf(session, branches),
    );
    for (const group of apart) yield* walkTogether(session, [changeWalk(session, group, members)]);
  }
  const snapshots = plan.snapshots.filter((stream) => !plan.sameSnapshots.has(stream.id));
  yield* snapshot(session, snapshots, cursors);
  yield* readWorkflowDeployments(session, streams, cursors);
  yield* readFurther(session, streams, runs.cursors(), runs.gaps());
}

/** Gives the walk over a branch's history once its head is known and the branch before it is walked. */
function linesOf(session: Session, branches: readonly Branch[]): () => readonly Walk[] {
  const waiting = [...branches];
  let line: Walk | undefined;
  return () => {
    while (!line?.going() && waiting[0]?.head.going() === false) {
      const { stream, cursor, index, head } = waiting.shift() as Branch;
      const found = head.found();
      if (!found) continue;
      session.context.progress(`${session.owner}/${session.name}: commits of ${found.branch}`);
      line = historyWalk(session, stream, cursor?.branch === found.branch ? cursor : undefined, index, found);
      return [line];
    }
    return [];
  };
}
