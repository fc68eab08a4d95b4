import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import type { BranchActivity } from "../model/entity.ts";
import { fail, listed, notVerifiable, pass, short } from "./shared/verdicts.ts";

const moved: readonly BranchActivity["activity"][] = ["push", "forcePush"];

/** A commit on the released branch is there because a recorded change was merged; its message proves nothing. */
export const arrivedByChange = defineAttribute({
  id: "arrived-by-change",
  letter: "0",
  title: "The commit reached the branch by a change",
  subject: "commit",
  requires: ["commits", "changes"],
  params: z.object({}),
  test({ oid, graph, commit, change, associated, reached, otherBase, rewritten, activity, mergedByHand }) {
    if (rewritten) {
      const who = activity ? ` by ${actorName(activity.by)} at ${activity.at}` : "";
      const by = change ? ` Change #${change.number} had put it there.` : "";
      return fail(
        `Commit ${short(oid)} was on the branch at ${rewritten.seenAt} (head ${short(rewritten.head)}) and was pushed away${who}: the branch now leads to ${short(rewritten.now)}.${by}`,
        graph,
        commit,
        change,
        activity,
      );
    }
    if (change && otherBase !== undefined)
      return notVerifiable(
        `Commit ${short(oid)} comes from change #${change.number}, which was merged to ${otherBase}: it is not shown to have reached the released branch by that merge.`,
        graph,
        change,
      );
    const pushed = activity && `pushed by ${actorName(activity.by)} at ${activity.at}`;
    if (change && mergedByHand)
      return pass(
        `Commit ${short(oid)} is the merge of change #${change.number}, made by hand and ${pushed ?? "pushed by somebody not on record"}: a class of its own, for the platform did not merge it.`,
        graph,
        change,
        commit,
        activity,
      );
    if (change) {
      const by = `merged by ${actorName(change.merger)} at ${change.mergedAt}`;
      const past =
        activity && moved.includes(activity.activity) ? `; the branch was moved there by a push, ${pushed}` : "";
      return pass(
        `Commit ${short(oid)} reached the branch by change #${change.number}, ${by}${past}.`,
        graph,
        change,
        past ? activity : undefined,
      );
    }
    const when = reached.exact ? `at ${reached.to}` : `between ${reached.from} and ${reached.to}`;
    const others = associated.map(({ number }) => `#${number}`);
    const beside =
      others.length > 0 ? ` The source associates it with ${listed(others)}, which did not put it there.` : "";
    const title = commit ? ` ("${commit.headline}")` : "";
    return fail(
      `Commit ${short(oid)}${title} reached the branch ${pushed ? `by no merged change, ${pushed}` : `${when} by no merged change`}.${beside}`,
      graph,
      commit,
      activity,
      ...associated,
    );
  },
});
