import type { Exception } from "../model/assessment.ts";
import { compare } from "../model/compare.ts";
import type { JoinedControl } from "../model/control.ts";
import type { DeploymentDossier } from "../model/dossier.ts";
import { exceptionIds } from "../model/exception-id.ts";
import { commitKey } from "../model/keys.ts";
import { ownCause, withOrigins } from "./causes.ts";
import type { Deployed } from "./deployed.ts";
import type { Judged } from "./observe.ts";
import { storyOf } from "./story.ts";

/** One exception per item with a failed attribute, by time, then key. */
export function exceptionsOf(
  judged: readonly Judged[],
  controls: readonly JoinedControl[],
  period: string,
  deployed: Deployed,
): Exception[] {
  const failing = judged
    .filter(({ item }) => item.observations.some(({ outcome }) => outcome === "fail"))
    .toSorted(
      (a, b) =>
        compare(a.item.at, b.item.at) || compare(a.item.key, b.item.key) || compare(a.item.system, b.item.system),
    );
  const named = exceptionIds(
    period,
    failing.map(({ item }) => item),
  );
  const ids = new Map(failing.map(({ item }, index) => [nameOf(item.system, item.key), named[index] ?? ""]));
  const unapproved = new Set(
    failing
      .filter(({ item }) => failed(item.observations).some(({ attribute }) => unapproving.has(attribute)))
      .map(({ item }) => nameOf(item.system, item.key)),
  );
  const exceptions = failing.map((judged): Exception => {
    const { item, dossier } = judged;
    const failures = failed(item.observations);
    const attributes = failures.map(({ attribute }) => attribute);
    const tested = controls.filter((control) => control.attributes.some(({ id }) => attributes.includes(id)));
    const accepted = failures.map(({ waiver }) => waiver);
    const evidence = [item.record ?? [], failures.flatMap((one) => one.evidence)].flat();
    return {
      id: ids.get(nameOf(item.system, item.key)) ?? "",
      subject: item.subject,
      item: item.key,
      label: item.label,
      title: item.title,
      url: item.url,
      system: item.system,
      team: item.team,
      at: item.at,
      ...(item.notBefore === undefined ? {} : { notBefore: item.notBefore }),
      actor: item.actor,
      attributes,
      controls: tested.map(({ id }) => id),
      messages: failures.map(({ message }) => message),
      story: storyOf(dossier, deploymentOf(dossier, deployed)),
      follows:
        dossier.subject === "deployment" && attributes.includes("deployed-as-approved")
          ? causesOf(dossier)
              .filter((name) => unapproved.has(name))
              .map((name) => ids.get(name) ?? "")
          : [],
      remediation: tested.map(({ remediation }) => remediation).join(" "),
      waiver: accepted.includes(undefined) ? null : (accepted[0] ?? null),
      cause: ownCause(judged),
      evidence: [...new Set(evidence)].sort((a, b) => a - b),
    };
  });
  return withOrigins(exceptions);
}

/** The failures that make a deployment of the item one of what was not approved. */
const unapproving: ReadonlySet<string> = new Set([
  "arrived-by-change",
  "approved-by-someone-independent",
  "approved-on-final-revision",
]);

const failed = (observations: Judged["item"]["observations"]) =>
  observations.filter(({ outcome }) => outcome === "fail");

/** The items that a deployment answers for, each once; none where it came before them, which is its own failure. */
function causesOf({
  system,
  repository,
  brought = [],
  standsAt = [],
  succeededAt,
}: DeploymentDossier): readonly string[] {
  const commits = [...brought, ...standsAt];
  if (commits.some(({ reached }) => reached.from > succeededAt)) return [];
  const keys = commits.map(({ oid, change }) => change?.key ?? commitKey(repository.key, oid));
  return [...new Set(keys)].map((key) => nameOf(system, key));
}

function deploymentOf(dossier: Judged["dossier"], deployed: Deployed): DeploymentDossier | undefined {
  if (dossier.subject === "change") return deployed.change(dossier.system, dossier.key);
  return dossier.subject === "commit" ? deployed.commit(dossier.system, dossier.key) : undefined;
}

const nameOf = (system: string, key: string): string => `${system} ${key}`;
