import type { Item, Part, RollupRow } from "../model/assessment.ts";
import { recordsNamed } from "../model/assessment.ts";
import { compare } from "../model/compare.ts";
import type { Dossier } from "../model/dossier.ts";
import { subjects } from "../model/dossier.ts";
import { bypassesOf } from "./bypasses.ts";
import { causesOf } from "./causes.ts";
import { classesOf, classParamsOf } from "./classes.ts";
import { assessControl } from "./controls.ts";
import { assessCriteria } from "./criteria.ts";
import { deployedIndex } from "./deployed.ts";
import { exceptionsOf } from "./exceptions.ts";
import { citingIdentities } from "./identities-cited.ts";
import type { Assessment, EvaluationInput } from "./input.ts";
import { describeItem, timeOf } from "./item.ts";
import type { Judged } from "./observe.ts";
import { judge, waiverIndex } from "./observe.ts";
import {
  type Findings,
  findingsOfPart,
  inputOfPart,
  type PartSystems,
  partSystems,
  partsOf,
  partsWithin,
  rollupRow,
} from "./parts.ts";
import { rulesInForce, startOfDay } from "./rules-in-force.ts";
import { observedBypasses, withReached } from "./unguarded.ts";

/** Judges every item of the period and folds the outcomes into controls, criteria and exceptions. Pure: the same input, in any order, gives the same result; every number is counted from the items. */
export const evaluate = (input: EvaluationInput): Assessment => evaluateWithParts(input).whole;

/** The same, and what each part of it comes to by itself: items are judged once, so a part's are the whole's, ids and all. */
export function evaluateWithParts(input: EvaluationInput): {
  readonly whole: Assessment;
  readonly part: (part: Part) => Assessment;
} {
  const findings = findingsOf(input);
  const all = partsOf(input.scope.systems);
  const partial = (part: Part, rows: readonly PartSystems[]): Assessment => {
    const { systems } = partSystems(input.scope.systems, part);
    return { ...fold(inputOfPart(input, systems), findingsOfPart(findings, systems), rows.map(rowOf)), part };
  };
  const rowOf = ({ kind, id, systems }: PartSystems): RollupRow => {
    const { controls, criteria } = resultsOf(inputOfPart(input, systems), findingsOfPart(findings, systems));
    return rollupRow({ kind, id, systems }, controls, criteria);
  };
  return {
    whole: fold(input, findings, all.map(rowOf)),
    part: (part) => partial(part, partsWithin(all, part)),
  };
}

function findingsOf(input: EvaluationInput): Findings {
  const { catalog, attributes, dossiers, period } = input;
  const { timezone } = input.organisation;
  const rulesFor = rulesInForce(input.policies, catalog, timezone);
  const waivers = waiverIndex(input.waivers, timezone);
  const deployed = deployedIndex(dossiers.deployments);

  const all: readonly Dossier[] = [
    ...dossiers.commits,
    ...dossiers.changes,
    ...dossiers.deployments,
    ...dossiers.configuration,
  ];
  const rulingOf = (dossier: Dossier) =>
    rulesFor({ system: dossier.system, team: dossier.team, at: timeOf(dossier, period) });
  const judged = all
    .map((dossier): Judged => {
      const described = describeItem(dossier, period, (change) => deployed.change(change.system, change.key)?.key);
      const ruling = rulingOf(dossier);
      const classes = classesOf(dossier, classParamsOf(ruling));
      const classified = { ...described, ...(classes.length > 0 ? { classes } : {}) };
      const at = timeOf(dossier, period);
      const before = input.earlierIdentities?.find(({ from, to }) => from <= at && at < to)?.map;
      return citingIdentities(
        judge(dossier, classified, attributes, ruling, waivers, before),
        input.provenance.configuration,
      );
    })
    .sort((a, b) => order(a.item, b.item));
  const exceptions = exceptionsOf(judged, catalog.controls, period.id, deployed);
  const { entries: bypasses, overrides = [] } = bypassesOf({
    judged,
    controls: catalog.controls,
    continuity: input.continuity,
    suites: input.bypassed,
    overrides: input.overrides ?? [],
    coverage: input.coverage,
    emergencyOf: (dossier) => classParamsOf(rulingOf(dossier)).emergency,
    period: period.id,
  });
  return { judged, exceptions, bypasses, overrides };
}

/** What the findings come to under the controls and criteria. */
function resultsOf(
  { catalog, attributes, scope, coverage, continuity }: EvaluationInput,
  { judged, exceptions }: Findings,
): Pick<Assessment, "controls" | "criteria"> {
  const context = {
    judged,
    bySubject: Map.groupBy(judged, ({ item }) => item.subject),
    attributes,
    frameworks: catalog.frameworks,
    coverage,
    systems: [...new Set([...scope.systems.map(({ id }) => id), ...judged.map(({ item }) => item.system)])].sort(),
    exceptions,
    controls: catalog.controls,
    continuity,
  };
  const controls = catalog.controls.map((control) => assessControl(control, context));
  return { controls, criteria: assessCriteria(catalog.frameworks, controls) };
}

/** The findings and what they come to, with what is passed on as it is. */
function fold(input: EvaluationInput, findings: Findings, rollup: readonly RollupRow[]): Assessment {
  const { judged, exceptions, bypasses, overrides } = findings;
  const { attributes, period } = input;
  const { timezone } = input.organisation;
  const population = judged.map(({ item }) => item);

  return {
    schemaVersion: 1,
    tool: input.tool,
    organisation: input.organisation,
    period,
    scope: input.scope,
    provenance: input.provenance,
    coverage: input.coverage,
    reconciliation: input.reconciliation,
    attributes: attributes.map(({ id, letter, title, subject, considers }) => ({
      id,
      letter,
      title,
      subject,
      ...(considers ? { considers: [...considers] } : {}),
    })),
    population,
    ...resultsOf(input, findings),
    ...(rollup.length > 0 ? { rollup: [...rollup] } : {}),
    exceptions: [...exceptions],
    causes: causesOf(exceptions),
    waivers: input.waivers.map(({ waiver, firstSeen }) => ({
      id: waiver.id,
      attribute: waiver.attribute,
      owner: waiver.owner,
      reason: waiver.reason,
      expires: waiver.expires,
      used: population.flatMap((item) => item.observations).filter((one) => one.waiver === waiver.id).length,
      firstSeen,
      retroactive: isRetroactive(waiver.from, firstSeen, timezone),
    })),
    policies: input.policies
      .filter(({ withdrawn }) => withdrawn === undefined)
      .map(({ policy: { from, systems: of, ...parameters }, firstSeen }) => ({
        from,
        systems: of,
        parameters,
        firstSeen,
        retroactive: isRetroactive(from, firstSeen, timezone),
      })),
    identities: input.identities,
    continuity: withReached(input.continuity, population),
    bypasses: {
      entries: [...bypasses],
      overrides: [...overrides],
      observed: observedBypasses(input.coverage, input.continuity, bypasses, { from: period.from, to: period.to }),
    },
    access: input.access,
    movedTags: input.movedTags,
    alerts: input.alerts,
    metrics: input.metrics,
    checkpoint: input.checkpoint,
  };
}

/** Every record an assessment refers to, ascending: whose rows complete it. */
export function recordIds(assessment: Assessment): readonly number[] {
  const ids = [
    ...assessment.population.flatMap((item) => [item.record, ...item.observations.flatMap(({ evidence }) => evidence)]),
    ...assessment.exceptions.flatMap(({ evidence, story }) => [...evidence, ...story.map(({ record }) => record)]),
    ...assessment.reconciliation.unmatched.map(({ record }) => record),
    ...(assessment.reconciliation.promotions ?? []).map(({ record }) => record),
    ...(assessment.reconciliation.elsewhere ?? []).map(({ record }) => record),
    ...assessment.continuity.flatMap(({ intervals, events = [] }) =>
      [...intervals, ...events].map(({ record }) => record),
    ),
    ...assessment.bypasses.entries.flatMap(({ evidence, reason, review }) => [
      ...evidence,
      reason?.record ?? null,
      review.record,
    ]),
    ...(assessment.bypasses.overrides ?? []).map(({ record }) => record),
    ...assessment.access.flatMap(({ rights, bypass, environments }) => [
      rights?.record ?? null,
      bypass?.record ?? null,
      ...environments.map(({ record }) => record),
    ]),
    ...assessment.movedTags.flatMap(({ sightings }) => sightings.map(({ record }) => record)),
    assessment.provenance.configuration ?? null,
    ...(assessment.responses ?? []).flatMap(({ record, earlier = [] }) => [
      record,
      ...earlier.map((one) => one.record),
    ]),
    ...(assessment.delivery?.incidents?.items ?? []).map(({ record }) => record),
    ...(assessment.attestations ?? []).flatMap(({ record, withdrawn, earlier = [] }) => [
      record,
      withdrawn?.record ?? null,
      ...earlier.map((one) => one.record),
    ]),
    ...(assessment.reReviews ?? []).flatMap(({ record, items }) => [
      record,
      ...items.map(({ review }) => review?.record ?? null),
    ]),
    ...(assessment.packs ?? []).map(({ record }) => record),
    ...(assessment.restatements ?? []).flatMap(({ settings, differences }) =>
      [...settings, ...differences.flatMap(({ reasons }) => reasons)].map(({ record }) => record),
    ),
    ...assessment.coverage.flatMap(({ intervals }) => intervals.flatMap(({ reason }) => recordsNamed(reason ?? ""))),
    ...assessment.population.flatMap(({ observations }) =>
      observations.flatMap(({ message }) => recordsNamed(message)),
    ),
  ];
  return [...new Set(ids.filter((id) => id !== null))].sort((a, b) => a - b);
}

const isRetroactive = (from: string, firstSeen: string | null, timezone: string): boolean =>
  firstSeen !== null && firstSeen > startOfDay(from, timezone);

const order = (a: Item, b: Item): number =>
  subjects.indexOf(a.subject) - subjects.indexOf(b.subject) ||
  compare(a.system, b.system) ||
  compare(a.at, b.at) ||
  compare(a.key, b.key);
