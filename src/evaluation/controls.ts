import type { AssessmentResult, ControlAssessment, CoverageRow, Exception, Item, Tally } from "../model/assessment.ts";
import type { AnyAttribute } from "../model/attribute.ts";
import { compare } from "../model/compare.ts";
import type { Framework, JoinedControl } from "../model/control.ts";
import { subjectOfPopulation } from "../model/control.ts";
import type { Subject } from "../model/dossier.ts";
import { number } from "../model/number.ts";
import type { StreamKind } from "../model/stream.ts";
import { pushesBeside } from "./beside.ts";
import { foldItem, resultOf, resultWords, tallyOf } from "./fold.ts";
import type { Judged } from "./observe.ts";

/** What controls are folded from. */
export interface ControlContext {
  readonly judged: readonly Judged[];
  /** The same by subject. */
  readonly bySubject: ReadonlyMap<Subject, readonly Judged[]>;
  readonly attributes: readonly AnyAttribute[];
  readonly frameworks: readonly Framework[];
  readonly coverage: readonly CoverageRow[];
  readonly systems: readonly string[];
  readonly exceptions: readonly Exception[];
  /** All controls of the assessment. */
  readonly controls: readonly JoinedControl[];
  readonly continuity: AssessmentResult["continuity"];
}

/** Folds a control's items into its result, over all and per system. */
export function assessControl(control: JoinedControl, context: ControlContext): ControlAssessment {
  const attributes = control.attributes.map(({ id }) => id);
  const judged = context.bySubject.get(subjectOfPopulation[control.population]) ?? [];
  const folded = judged.map(({ item }) => foldItem(item, attributes));
  const unseen = unobserved(control, attributes, context);
  const tally = tallyOf(folded);
  const ofSystem = Map.groupBy(folded.keys(), (at) => judged[at]?.item.system ?? "");
  const bySystem = context.systems.map((system) => {
    const own = tallyOf((ofSystem.get(system) ?? []).flatMap((at) => folded[at] ?? []));
    return {
      system,
      result: resultOf(own, control.threshold, !unseen.some((gap) => gap.system === system)),
      tally: own,
    };
  });
  const result = resultOf(tally, control.threshold, unseen.length === 0);
  const beside = pushesBeside(control, context.controls, context.judged, context.continuity);
  return {
    id: control.id,
    own: control.own && { id: control.own.id, title: control.own.title },
    title: control.title,
    objective: control.objective,
    mechanism: control.mechanism,
    procedure: control.procedure,
    remediation: control.remediation,
    owner: control.owner,
    key: control.key,
    population: control.population,
    attributes,
    threshold: control.threshold,
    result,
    statement: statementOf(control, result, tally, new Set(unseen.map(({ system }) => system)).size),
    tally,
    bySystem,
    incomplete: [
      ...unverified(
        judged.filter((_, at) => folded[at] === "notVerifiable"),
        attributes,
        context.attributes,
      ),
      ...unseen,
    ],
    exceptions: context.exceptions.filter((exception) => exception.controls.includes(control.id)).map(({ id }) => id),
    ...(beside.length > 0 ? { beside: [...beside] } : {}),
    mappings: control.mappings.filter(({ framework }) => context.frameworks.some(({ id }) => id === framework)),
  };
}

type Incomplete = ControlAssessment["incomplete"][number];

const populationStream: Readonly<Record<JoinedControl["population"], StreamKind | undefined>> = {
  commits: "commits",
  changes: "changes",
  deployments: "deployments",
  // A setting's intervals themselves say what was observed.
  configuration: undefined,
};

/** Streams not observed over the whole period: items may be missing that nobody knows of. */
function unobserved(
  control: JoinedControl,
  attributes: readonly string[],
  { attributes: registry, coverage }: ControlContext,
): Incomplete[] {
  const population = populationStream[control.population];
  if (!population) return [];
  const kinds = new Set<StreamKind>([
    population,
    ...registry.filter(({ id }) => attributes.includes(id)).flatMap(({ requires }) => requires),
  ]);
  const lines = control.population === "changes" ? linesOf(coverage) : undefined;
  return (
    coverage
      .filter((row) => row.system !== null && (kinds.has(row.kind) || lines?.has(row)) && row.status !== "complete")
      // The rules of a branch that changes are promoted through are demanded of no change: they are settings of their own.
      .filter(
        ({ kind, stream }) =>
          control.population === "configuration" || kind !== "protection" || stream.endsWith("/protection"),
      )
      .map((row) => {
        const interval = row.intervals.find(({ status }) => status !== "complete");
        const when = interval
          ? ` from ${interval.from} to ${interval.to}${interval.reason ? `: ${interval.reason}` : ""}`
          : "";
        return { system: row.system ?? "", items: 0, reason: `${row.kind} of ${row.repository} ${row.status}${when}` };
      })
      .sort((a, b) => compare(a.system, b.system) || compare(a.reason, b.reason))
  );
}

/** Of each system's repository, the row of its released branch's commits, which is the first: a change is the population's by reaching that branch. */
function linesOf(coverage: readonly CoverageRow[]): ReadonlySet<CoverageRow> {
  const commits = coverage.filter(({ kind }) => kind === "commits");
  const byRepository = Map.groupBy(commits, ({ system, source, repository }) =>
    JSON.stringify([system, source, repository]),
  );
  return new Set([...byRepository.values()].flatMap(([first]) => first ?? []));
}

/** Of items that could not be verified, how many, by system and reason; what an item's own record leaves open counts under one reason per attribute. */
function unverified(
  judged: readonly Judged[],
  attributes: readonly string[],
  registry: readonly AnyAttribute[],
): Incomplete[] {
  const groups = new Map<string, Incomplete>();
  for (const { item, gaps } of judged) {
    const open = item.observations.find(
      ({ attribute, outcome }) => outcome === "notVerifiable" && attributes.includes(attribute),
    );
    const reason = reasonOf(item, open?.attribute ?? "", gaps, registry, open?.due !== undefined);
    const key = JSON.stringify([item.system, reason]);
    groups.set(key, { system: item.system, reason, items: (groups.get(key)?.items ?? 0) + 1 });
  }
  return [...groups.values()].sort(
    (a, b) => compare(a.system, b.system) || b.items - a.items || compare(a.reason, b.reason),
  );
}

function reasonOf(
  item: Item,
  attribute: string,
  gaps: ReadonlyMap<string, string>,
  registry: readonly AnyAttribute[],
  due: boolean,
): string {
  if (item.unplaced) return "when it reached the branch does not tell the period";
  const gap = gaps.get(attribute);
  if (gap !== undefined) return gap;
  if (due) return "a deadline has not passed";
  const title = registry.find(({ id }) => id === attribute)?.title ?? attribute;
  return `the record leaves open whether ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

const nouns: Readonly<Record<JoinedControl["population"], readonly [string, string]>> = {
  commits: ["commit", "commits"],
  changes: ["change", "changes"],
  deployments: ["deployment", "deployments"],
  configuration: ["branch", "branches"],
};

function statementOf(
  control: JoinedControl,
  result: ControlAssessment["result"],
  tally: Tally,
  unseenSystems: number,
): string {
  const head = `${resultWords[result].charAt(0).toUpperCase()}${resultWords[result].slice(1)}`;
  const judged = tally.pass + tally.fail + tally.waived;
  const failed = tally.fail + tally.waived;
  const share = tally.fail > 0 ? ` (${number(failed)} of ${number(judged)} judged, ${percent(failed / judged)})` : "";
  const beside =
    unseenSystems > 0
      ? ` Evidence of the period is not whole for ${number(unseenSystems)} ${unseenSystems === 1 ? "system" : "systems"}.`
      : "";
  if (tally.items === 0)
    return `${head}: there was nothing to test among the ${nouns[control.population][1]} of the period.${beside}`;
  if (tally.notApplicable === tally.items)
    return `${head}: it applied to none of the ${number(tally.items)} ${nouns[control.population][1]} of the period.${beside}`;
  const counts = [
    tally.pass > 0 ? `${number(tally.pass)} met the control` : "",
    tally.fail > 0 ? `${number(tally.fail)} did not` : "",
    tally.waived > 0 ? `${number(tally.waived)} did not and had been accepted in advance` : "",
    tally.notVerifiable > 0 ? `${number(tally.notVerifiable)} could not be verified` : "",
  ].filter(Boolean);
  const limit =
    result === "aboveThreshold"
      ? ` Our own threshold is reached at or above ${percent(control.threshold)} of what could be judged.`
      : "";
  if (tally.notApplicable > 0) {
    const marked = control.attributes.some(({ id }) => id === "emergency-reviewed-in-time");
    const within = `${number(tally.items - tally.notApplicable)} of ${number(tally.items)} ${nouns[control.population][1]} of the period`;
    const reach = marked ? `${within} carried the mark` : `it applied to ${within}`;
    return `${head}${share}: ${reach}: ${counts.join(", ")}.${limit}${beside}`;
  }
  return `${head}${share}: we tested ${tally.items === 1 ? "the one" : `all ${number(tally.items)}`} ${nouns[control.population][tally.items === 1 ? 0 : 1]} of the period; ${counts.join(", ")}.${limit}${beside}`;
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
