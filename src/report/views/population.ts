import type { AssessedObservation, AssessmentResult, Item } from "../../model/assessment.ts";
import { itemAnchor } from "../anchors.ts";
import { counted, number } from "../format.ts";
import { type Cut, cutOf } from "../listed.ts";
import type { Pack } from "../pack.ts";
import { cutAnchors } from "../printed.ts";

type Attributes = AssessmentResult["attributes"];

/** Every change, unexplained commit and deployment, a line each, with one mark per attribute; beyond the limit those that did not pass. */
export function populationView(pack: Pack) {
  const { population, attributes, scope } = pack.result;
  const { printed } = pack;
  const rows = Map.groupBy(printed.changes, ({ item }) => item.system);
  const deliveries = Map.groupBy(printed.deployments, ({ system }) => system);
  const { all } = printed;
  const ofSubjects = (...subjects: Item["subject"][]): Attributes =>
    attributes.filter(({ subject }) => subjects.includes(subject));
  const changeAttributes = ofSubjects("commit", "change");
  const deploymentAttributes = ofSubjects("deployment");
  const explained = all.changes.reduce((sum, { commits }) => sum + commits.length, 0);
  const systems = [...new Set([...scope.systems.map(({ id }) => id), ...population.map(({ system }) => system)])];
  return {
    legend: [...changeAttributes, ...deploymentAttributes].map(({ letter, title }) => ({ letter, title })),
    note: `${counted(explained, "commit")} that a change explains ${explained === 1 ? "stands" : "stand"} with that change.`,
    changeLetters: changeAttributes.map(({ letter }) => letter).join(""),
    deploymentLetters: deploymentAttributes.map(({ letter }) => letter).join(""),
    cuts: cuts(pack),
    systems: systems.map((system) => {
      const changes = (rows.get(system) ?? []).toSorted(({ item: a }, { item: b }) =>
        a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
      );
      const deployments = deliveries.get(system) ?? [];
      return {
        system,
        changes: changes.map(({ item, commits }) => row(pack, item, changeAttributes, commits)),
        anyChange: changes.length > 0,
        changeTitle: `${system}: ${part(changes.length, all.changes.filter(({ item }) => item.system === system).length, "change")} and unexplained commits`,
        deployments: deployments.map((item) => row(pack, item, deploymentAttributes, [])),
        anyDeployment: deployments.length > 0,
        deploymentTitle: `${system}: ${part(deployments.length, all.deployments.filter((item) => item.system === system).length, "deployment")}`,
      };
    }),
  };
}

/** `12 changes`, `12 of 3,400 changes`. */
const part = (shown: number, all: number, one: string): string =>
  shown === all ? counted(all, one) : `${number(shown)} of ${counted(all, one)}`;

/** Where the rows that are not printed are. */
function cuts({ printed, file }: Pack): readonly Cut[] {
  const which =
    "those that failed a test first, then those of which the evidence does not decide one; what passed every test is not printed";
  return [
    cutOf(() => file("changes.csv"), {
      anchor: cutAnchors.changes,
      shown: printed.changes.length,
      all: printed.all.changes.length,
      what: "changes and unexplained commits",
      which,
      sheet: "Changes",
    }),
    cutOf(() => file("deployments.csv"), {
      anchor: cutAnchors.deployments,
      shown: printed.deployments.length,
      all: printed.all.deployments.length,
      what: "deployments",
      which,
      sheet: "Deployments",
    }),
  ].filter((cut) => cut !== null);
}

function row(pack: Pack, item: Item, attributes: Attributes, commits: readonly Item[]) {
  const observations = [...commits.flatMap((commit) => commit.observations), ...item.observations];
  const marks = runs(pack, item, attributes, observations);
  const has = (outcome: AssessedObservation["outcome"]): boolean => observations.some((o) => o.outcome === outcome);
  return {
    anchor: itemAnchor(item.key),
    filter: has("fail") ? "f" : has("notVerifiable") ? "q" : "p",
    label: item.label,
    url: item.url,
    at: pack.time.within(item),
    interval: item.notBefore !== undefined,
    commit: item.subject === "commit" ? "" : (item.commit?.slice(0, 8) ?? ""),
    further: commits.length > 1 ? `+${number(commits.length - 1)}` : "",
    title: item.title,
    actor: item.actor,
    environment: item.environment ?? "",
    unplaced: item.unplaced,
    records: pack.records(item.record === null ? [] : [item.record]),
    marks,
  };
}

interface Run {
  readonly text: string;
  readonly kind: "" | "fail" | "waived" | "unseen";
  readonly anchor: string | null;
}

/** One character per attribute: its letter passed, × failed, w failed and waived, ? not verifiable, · not applicable. */
function runs(
  pack: Pack,
  item: Item,
  attributes: Attributes,
  observations: readonly AssessedObservation[],
): readonly Run[] {
  const all: Run[] = [];
  for (const { id, letter } of attributes) {
    const observation = gravest(observations.filter((o) => o.attribute === id));
    const next = mark(letter, observation);
    const last = all.at(-1);
    if (next.kind === "" && last?.kind === "") all[all.length - 1] = { ...last, text: last.text + next.text };
    else if (next.kind === "fail" || next.kind === "waived") {
      const exception = pack.exceptionsOf(item.key).find((x) => x.attributes.includes(id));
      all.push({ ...next, anchor: exception ? pack.exceptionRef(exception.id).anchor : null });
    } else all.push({ ...next, anchor: null });
  }
  return all;
}

const gravity = ["fail", "notVerifiable", "pass", "notApplicable"] as const;

function gravest(observations: readonly AssessedObservation[]): AssessedObservation | undefined {
  return gravity.flatMap((outcome) => observations.filter((o) => o.outcome === outcome))[0];
}

function mark(letter: string, observation: AssessedObservation | undefined): Omit<Run, "anchor"> {
  switch (observation?.outcome) {
    case "pass":
      return { text: letter, kind: "" };
    case "fail":
      return observation.waiver === undefined ? { text: "×", kind: "fail" } : { text: "w", kind: "waived" };
    case "notVerifiable":
      return { text: "?", kind: "unseen" };
    default:
      return { text: "·", kind: "" };
  }
}
