import type { AssessedObservation, AssessmentResult, Item } from "../../model/assessment.ts";
import { exceptionAnchor, itemAnchor } from "../anchors.ts";
import { counted, number } from "../format.ts";
import type { Pack } from "../pack.ts";
import { changeRows } from "../rows.ts";

type Attributes = AssessmentResult["attributes"];

/** Every change, unexplained commit and deployment, a line each, with one mark per attribute. */
export function populationView(pack: Pack) {
  const { population, attributes, scope } = pack.result;
  const rows = Map.groupBy(changeRows(pack.result), ({ item }) => item.system);
  const ofSubjects = (...subjects: Item["subject"][]): Attributes =>
    attributes.filter(({ subject }) => subjects.includes(subject));
  const changeAttributes = ofSubjects("commit", "change");
  const deploymentAttributes = ofSubjects("deployment");
  const explained = [...rows.values()].flat().reduce((sum, { commits }) => sum + commits.length, 0);
  const bySystem = Map.groupBy(population, ({ system }) => system);
  const systems = [...new Set([...scope.systems.map(({ id }) => id), ...bySystem.keys()])];
  return {
    legend: [...changeAttributes, ...deploymentAttributes].map(({ letter, title }) => ({ letter, title })),
    note: `${counted(explained, "commit")} that a change explains ${explained === 1 ? "stands" : "stand"} with that change.`,
    changeLetters: changeAttributes.map(({ letter }) => letter).join(""),
    deploymentLetters: deploymentAttributes.map(({ letter }) => letter).join(""),
    systems: systems.map((system) => {
      const items = bySystem.get(system) ?? [];
      const changes = (rows.get(system) ?? []).toSorted(({ item: a }, { item: b }) =>
        a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
      );
      const deployments = items.filter(({ subject }) => subject === "deployment");
      return {
        system,
        changes: changes.map(({ item, commits }) => row(pack, item, changeAttributes, commits)),
        anyChange: changes.length > 0,
        changeTitle: `${system}: ${counted(changes.length, "change")} and unexplained commits`,
        deployments: deployments.map((item) => row(pack, item, deploymentAttributes, [])),
        anyDeployment: deployments.length > 0,
        deploymentTitle: `${system}: ${counted(deployments.length, "deployment")}`,
      };
    }),
  };
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
      all.push({ ...next, anchor: exception ? exceptionAnchor(exception.id) : null });
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
