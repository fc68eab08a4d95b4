import {
  type AssessmentResult,
  type Bypass,
  type ControlAssessment,
  type CriterionAssessment,
  type Exception,
  type Part,
  type RollupRow,
  systemsOf,
} from "../model/assessment.ts";
import { compare } from "../model/compare.ts";
import type { EvaluationInput } from "./input.ts";
import type { Judged } from "./observe.ts";
import { concerning } from "./overrides.ts";

/** What was found of the items, before it is folded. */
export interface Findings {
  readonly judged: readonly Judged[];
  readonly exceptions: readonly Exception[];
  readonly bypasses: readonly Bypass[];
  /** What the audit log tells of and no bypass explains. */
  readonly overrides: NonNullable<AssessmentResult["bypasses"]["overrides"]>;
}

/** A part and the systems that make it up. */
export interface PartSystems extends Part {
  readonly systems: readonly string[];
}

type Systems = readonly { readonly id: string; readonly team: string }[];

/** Each team, where there are several, then each system, by name; none where all is one system's. */
export function partsOf(systems: Systems): readonly PartSystems[] {
  if (systems.length < 2) return [];
  const teams = Map.groupBy(systems, ({ team }) => team);
  const byTeam = teams.size < 2 ? [] : [...teams].map(([id, mine]) => ({ id, systems: mine.map((one) => one.id) }));
  const bySystem = systems.map(({ id }) => ({ id, systems: [id] }));
  const inOrder = (rows: readonly Omit<PartSystems, "kind">[], kind: Part["kind"]): readonly PartSystems[] =>
    rows.toSorted((a, b) => compare(a.id, b.id)).map((row) => ({ kind, ...row }));
  return [...inOrder(byTeam, "team"), ...inOrder(bySystem, "system")];
}

/** The part with its systems; none of them where the organisation has no such part. */
export function partSystems(systems: Systems, { kind, id }: Part): PartSystems {
  const mine = systems.filter((system) => (kind === "team" ? system.team : system.id) === id);
  return { kind, id, systems: mine.map((system) => system.id) };
}

/** The parts that a part itself has: a team's systems, where it has several. */
export function partsWithin(all: readonly PartSystems[], part: Part): readonly PartSystems[] {
  if (part.kind === "system") return [];
  const own = all.find(({ kind, id }) => kind === part.kind && id === part.id)?.systems ?? [];
  return own.length < 2 ? [] : all.filter(({ kind, id }) => kind === "system" && own.includes(id));
}

/** What was found of these systems' items, under the ids that they have in the whole. */
export function findingsOfPart(
  { judged, exceptions, bypasses, overrides }: Findings,
  systems: readonly string[],
): Findings {
  const wanted = new Set(systems);
  return {
    judged: judged.filter(({ item }) => wanted.has(item.system)),
    exceptions: exceptions.filter(({ system }) => wanted.has(system)),
    bypasses: bypasses.flatMap((one) => ofPart(one, wanted)),
    overrides: overrides.flatMap((one) => ofPart(one, wanted)),
  };
}

/** What of an entry concerns these systems, by their names alone; nothing where it concerns none of them. */
function ofPart<T extends Pick<Bypass, "system" | "systems">>(entry: T, wanted: ReadonlySet<string>): T[] {
  const mine = systemsOf(entry).filter((system) => wanted.has(system));
  const { systems: _, ...rest } = entry;
  return mine.length === 0 ? [] : [{ ...(rest as T), ...concerning(mine) }];
}

/** The input as far as it is about these systems; what a source keeps for all repositories together stays. */
export function inputOfPart(input: EvaluationInput, systems: readonly string[]): EvaluationInput {
  const wanted = new Set(systems);
  const mine = <T extends { readonly system: string }>(rows: readonly T[]): T[] =>
    rows.filter(({ system }) => wanted.has(system));
  const { scope, coverage, reconciliation, dossiers } = input;
  const own = scope.systems.filter(({ id }) => wanted.has(id));
  const names = new Set(own.flatMap(({ repositories }) => repositories.map(({ name }) => name)));
  const { rows, unmatched, promotions, elsewhere } = reconciliation;
  return {
    ...input,
    // Repositories outside the systems are the organisation's to account for, in its own pack.
    scope: { systems: own, repositories: scope.repositories.filter(({ name }) => names.has(name)) },
    coverage: coverage.filter(({ system }) => system === null || wanted.has(system)),
    reconciliation: {
      rows: mine(rows),
      unmatched: mine(unmatched),
      ...(promotions ? { promotions: mine(promotions) } : {}),
      ...(elsewhere ? { elsewhere: mine(elsewhere) } : {}),
    },
    continuity: mine(input.continuity),
    bypassed: mine(input.bypassed),
    overrides: mine(input.overrides ?? []),
    access: mine(input.access),
    movedTags: mine(input.movedTags),
    alerts: mine(input.alerts),
    metrics: mine(input.metrics),
    dossiers: {
      commits: mine(dossiers.commits),
      changes: mine(dossiers.changes),
      deployments: mine(dossiers.deployments),
      configuration: mine(dossiers.configuration),
    },
  };
}

/** A part's line in the roll-up. */
export function rollupRow(
  { kind, id, systems }: PartSystems,
  controls: readonly ControlAssessment[],
  criteria: readonly CriterionAssessment[],
): RollupRow {
  return {
    kind,
    id,
    systems: [...systems],
    controls: controls.map((control) => ({ id: control.id, result: control.result, tally: control.tally })),
    criteria: criteria
      .filter(({ concluded }) => concluded)
      .map((criterion) => ({ framework: criterion.framework, id: criterion.id, result: criterion.result })),
  };
}
