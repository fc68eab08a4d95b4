import { ownRecord } from "../attributes/index.ts";
import type { Item } from "../model/assessment.ts";
import type {
  ChangeDossier,
  CommitDossier,
  ConfigurationDossier,
  DeploymentDossier,
  Dossier,
} from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";

/** An item before it is judged. */
export type Described = Omit<Item, "observations">;

/** When an item reached the branch or, in a later period, left it, was deployed, or was last looked at. */
export function timeOf(dossier: Dossier, period: { readonly from: string; readonly to: string }): string {
  if (dossier.subject === "change") return dossier.change.mergedAt;
  if (dossier.subject === "commit") {
    const { reached, rewritten } = dossier;
    // What came in an earlier period is of this one by its loss.
    return rewritten && reached.to < period.from ? rewritten.goneAt : reached.to;
  }
  if (dossier.subject === "deployment") return dossier.succeededAt;
  return dossier.intervals.at(-1)?.to ?? period.to;
}

/** What packs show of an item; `firstDeployment` tells a change's first production deployment. */
export function describeItem(
  dossier: Dossier,
  period: { readonly from: string; readonly to: string },
  firstDeployment: (change: ChangeDossier) => string | undefined,
): Described {
  const base = {
    key: dossier.key,
    system: dossier.system,
    team: dossier.team,
    repository: dossier.repository.name,
    at: timeOf(dossier, period),
    environment: null,
    number: null,
    url: null,
    link: null,
    unplaced: false,
    record: ownRecord(dossier) ?? null,
  };
  if (dossier.subject === "change") return { ...base, ...ofChange(dossier), link: firstDeployment(dossier) ?? null };
  if (dossier.subject === "commit") return { ...base, ...ofCommit(dossier, period) };
  if (dossier.subject === "deployment") return { ...base, ...ofDeployment(dossier) };
  return { ...base, ...ofConfiguration(dossier) };
}

const ofChange = ({ change }: ChangeDossier) => ({
  subject: "change" as const,
  label: `#${change.number}`,
  title: change.title,
  url: change.url,
  number: String(change.number),
  commit: change.mergeOid,
  actor: actorName(change.author),
});

function ofCommit(
  { oid, commit, change, reached, rewritten, activity }: CommitDossier,
  period: { readonly from: string; readonly to: string },
) {
  const author = commit?.author;
  const account = author?.account ? actorName(author.account) : null;
  const named = account ?? (author ? `${author.name} <${author.email}>` : "nobody");
  const byGit = account ?? (author ? `${named} (by git's word only)` : "not known");
  return {
    subject: "commit" as const,
    label: oid.slice(0, 8),
    title: commit?.headline ?? "",
    commit: oid,
    // Who wrote a commit says nothing of who pushed it: that, only the source's record of the branch's moves can say.
    actor: change
      ? byGit
      : `${activity ? `pushed ${rewritten ? "away " : ""}by ${actorName(activity.by)}` : "pusher not on record"}; git names ${named}`,
    account,
    link: change?.key ?? null,
    ...(reached.exact ? {} : { notBefore: reached.from }),
    unplaced: !rewritten && !reached.exact && !(reached.from >= period.from && reached.to < period.to),
  };
}

const ofDeployment = ({ deployment, brought }: DeploymentDossier) => ({
  subject: "deployment" as const,
  label: `deployment ${deployment.id}`,
  title: brought?.at(-1)?.headline ?? deployment.task,
  number: deployment.id,
  commit: deployment.oid,
  actor: actorName(deployment.creator),
  environment: deployment.environment,
});

const ofConfiguration = ({ branch, system, repository }: ConfigurationDossier) => ({
  subject: "configuration" as const,
  label: `${system}: ${branch}`,
  title: `The rules of ${branch} in ${repository.name}`,
  commit: null,
  actor: "the repository's administrators",
});
