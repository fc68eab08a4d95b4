import { type Access, systemsOf } from "../../model/assessment.ts";
import { accessAnchor } from "../anchors.ts";
import { counted, list, number, sentence } from "../format.ts";
import type { Pack } from "../pack.ts";

/** How many names a cell lists before it refers to assessment.json. */
const longest = 16;

/** Who may merge, pass the rules by and deploy, as last read, with the date; and deployments of tags that moved. */
export function accessView(pack: Pack) {
  const { access, movedTags } = pack.result;
  return {
    systems: access.map((row) => ({
      anchor: accessAnchor(row.system),
      title: `${row.system}: ${row.repository}`,
      rows: [merge(pack, row), administer(pack, row), bypass(pack, row), ...deploy(pack, row)],
    })),
    any: access.length > 0,
    beyondPolicy: beyondPolicy(pack),
    tags: movedTags.map(({ system, deployment, tag, sightings }) => ({
      system,
      tag,
      label: pack.itemOf(system, deployment)?.label ?? deployment,
      anchor: pack.printed.placeOf(deployment),
      sightings: sightings.map(({ commit, at }) => ({ commit: commit.slice(0, 8), at: pack.time.minute(at) })),
      records: pack.records(sightings.map(({ record }) => record)),
    })),
  };
}

/** One line of the table: what may be done, by whom, when that was read. */
function line(pack: Pack, what: string, who: string, read: { readAt: string; record: number }) {
  return { what, who, read: pack.time.minute(read.readAt), unread: false, records: pack.records([read.record]) };
}

const unread = (what: string, why: string) => ({
  what,
  who: `not readable: ${why}`,
  read: "",
  unread: true,
  records: [],
});

const names = (some: readonly string[]): string =>
  some.length <= longest
    ? list(some)
    : `${some.slice(0, longest).join(", ")} and ${number(some.length - longest)} more, in assessment.json`;

function merge(pack: Pack, { rights, rightsUnread }: Access) {
  if (!rights) return unread("Merge", rightsUnread ?? "no reason recorded");
  const { merge: accounts, teams, otherRoles, pipelinesMayApprove } = rights;
  const parts = [
    names(accounts) || "no account",
    teams === null ? "teams could not be read" : teams.length > 0 ? `teams ${names(teams)}` : "no team",
    ...(otherRoles.length > 0 ? [`with roles whose rights are not known: ${names(otherRoles)}`] : []),
    pipelinesMayApprove === null
      ? "whether pipelines may approve changes could not be read"
      : `pipelines may ${pipelinesMayApprove ? "" : "not "}approve changes`,
  ];
  return line(pack, "Merge", `${parts.join("; ")}.`, rights);
}

function administer(pack: Pack, { rights, rightsUnread }: Access) {
  if (!rights) return unread("Administer", rightsUnread ?? "no reason recorded");
  return line(pack, "Administer", `${names(rights.administer) || "no account"}.`, rights);
}

function bypass(pack: Pack, { system, repository, bypass: may, bypassUnread }: Access) {
  const what = "Bypass the branch's rules";
  if (!may) return unread(what, bypassUnread ?? "no reason recorded");
  const who = sentence(names(may.names) || (may.whole ? "nobody" : ""));
  const others = may.whole ? "" : `${who === "" ? "W" : "; w"}ho${who === "" ? "" : " else"} could not be read`;
  const roles = may.names.filter((name) => /^(organisation administrators|role |team )/i.test(name));
  const members = roles.length === 0 ? "" : ` ${roles.length === 1 ? "Its" : "Their"} members are not read.`;
  const did = new Set(
    pack.result.bypasses.entries
      .filter((entry) => systemsOf(entry).includes(system) && entry.repository === repository)
      .map(({ actor }) => actor),
  );
  const used = roles.length === 0 || did.size === 0 ? "" : ` Bypassed them in the period: ${names([...did])}.`;
  return line(pack, what, `${who}${others}.${members}${used}`, may);
}

const branchWords = {
  all: "from any branch",
  protected: "from protected branches only",
  selected: "from selected branches only",
} as const;

const isContinuous = ({ result: { scope } }: Pack, system: string): boolean =>
  scope.systems.some(({ id, profile }) => id === system && profile === "continuous");

/** The systems whose environments demand an approver that policy does not ask for, in a sentence; null for none. */
function beyondPolicy(pack: Pack): string | null {
  const { scope, access } = pack.result;
  const continuous = scope.systems.filter(({ id }) => isContinuous(pack, id));
  const demanding = continuous.filter(({ id }) =>
    access.some(
      ({ system, environments }) => system === id && environments.some(({ reviewers }) => reviewers.length > 0),
    ),
  );
  if (demanding.length === 0) return null;
  const which = `${number(demanding.length)} of ${counted(continuous.length, "system")} that policy declares continuous (${list(demanding.map(({ id }) => id))})`;
  return `In ${which} an environment demands an approver all the same. That separates duties further than policy asks; as policy asks for none, no control tests whether it was given, and nothing of it is an exception.`;
}

function deploy(pack: Pack, { system, environments, environmentsUnread }: Access) {
  if (environments.length === 0) return [unread("Deploy", environmentsUnread ?? "no reason recorded")];
  return environments.map((environment) => {
    const { name, reviewers, selfApprovalPrevented, administratorsMayBypass, branches, branchNames, waitMinutes } =
      environment;
    const parts = [
      branchNames === undefined ? branchWords[branches] : `from ${names(branchNames) || "no branch"} only`,
      reviewers.length === 0
        ? "nobody has to approve"
        : `approved by ${names(reviewers)}${selfApprovalPrevented === null ? "" : selfApprovalPrevented ? ", never by who started it" : ", who may have started it"}`,
      ...(waitMinutes > 0 ? [`after ${number(waitMinutes)} minutes`] : []),
      ...(administratorsMayBypass === null
        ? []
        : [`administrators may ${administratorsMayBypass ? "" : "not "}bypass that`]),
      ...(reviewers.length > 0 && isContinuous(pack, system) ? ["more than policy asks for, and not tested"] : []),
    ];
    return line(pack, `Deploy to ${name}`, `${sentence(parts.join("; "))}.`, environment);
  });
}
