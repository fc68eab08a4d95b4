import type { Config } from "../config/config.ts";
import {
  heldAgainst,
  isMet,
  type LinkedIncident,
  linkIncidents,
  remediationOf,
  rowsOf,
  type Span,
  shareOf,
  standardRulesOf,
} from "../flow/index.ts";
import type { Delivery } from "../model/assessment/delivery.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import type { Delivered } from "../model/delivered.ts";
import type { EntityOf, Seen } from "../model/entity.ts";
import { type Dossiers, deliveriesOf } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { anyObserved, deliveryGaps } from "./delivery-gaps.ts";
import { type KeptIncidents, keptIncidents } from "./imported-incidents.ts";
import { type Month, monthsOf } from "./months.ts";
import { narrativeOf, ownText } from "./narrative.ts";
import { observedIn } from "./observed-span.ts";

/** What the context of an assessment is made from. */
export interface ContextEvidence {
  readonly config: Config;
  readonly period: AssessmentResult["period"];
  readonly dossiers: Dossiers;
  readonly alerts: readonly Seen<EntityOf<"securityAlert">>[];
}

/** What was judged: the whole organisation, or a part of it. */
type Judged = Pick<AssessmentResult, "population" | "scope" | "alerts">;

type Context = Pick<AssessmentResult, "metrics" | "delivery" | "narrative">;

/** Reads what delivery metrics and management's narrative need, and gives them for the organisation or a part of it: context of an assessment, which changes no result. Throws ConfigError where the narrative's text cannot be read. */
export async function contextOf(store: Store, evidence: ContextEvidence): Promise<(judged: Judged) => Context> {
  const { config, period } = evidence;
  const { from, to, asOf } = period;
  const span = { from, to: asOf < to ? asOf : to };
  const { repositories } = evidence.dossiers;
  const months = observedMonths(repositories, monthsOf(span, config.timezone, config.since));
  const deliveries = await deliveriesOf(store, evidence.dossiers, months[0]?.from ?? from);
  const kept = await keptIncidents(config, store);
  const text = ownText(config.narrative);
  return (judged) => {
    const systems = new Set(judged.scope.systems.map(({ id }) => id));
    const incidents = kept?.incidents?.filter(({ system }) => systems.has(system));
    const ownDeliveries = deliveries.filter(({ system }) => systems.has(system));
    const own = {
      ...evidence,
      judged,
      kept,
      repositories: repositories.filter(({ view }) => systems.has(view.repository.system)),
      deliveries: ownDeliveries,
      linked: incidents && linkIncidents(incidents, ownDeliveries),
    };
    const delivery = deliveryOf(own, span, months);
    const changes = evidence.dossiers.changes.filter(({ system }) => systems.has(system));
    const narrative = narrativeOf({ config, changes, population: judged.population }, own.deliveries, span);
    return {
      metrics: systemMetrics(delivery, config),
      delivery,
      ...(narrative ? { narrative: { ...(text ? { text: [...text] } : {}), ...narrative } } : {}),
    };
  };
}

interface Part extends ContextEvidence {
  readonly judged: Judged;
  readonly repositories: Dossiers["repositories"];
  readonly deliveries: readonly Delivered[];
  readonly kept: KeptIncidents | undefined;
  readonly linked: readonly LinkedIncident[] | undefined;
}

function deliveryOf(part: Part, span: Span, months: readonly Month[]): Delivery {
  const { config, kept, linked } = part;
  const { targets } = config.metrics;
  const whole = measuredOver(part, span);
  return {
    ...(Object.keys(targets).length > 0 ? { targets: { ...targets } } : {}),
    rows: [...heldAgainst(targets, whole.rows)],
    gaps: whole.gaps,
    months: months.map((month) => ({ ...month, ...measuredOver(part, month) })),
    incidents: kept ? { told: kept.told, gap: incidentGap(kept, span), items: itemsOf(linked ?? [], span) } : null,
    remediation: remediation(part, span),
    standardRules: standardRules(part),
  };
}

/** The rows of a span, of the organisation and of teams only where all their systems are meant. */
function measuredOver({ config, judged, repositories, deliveries, kept, linked }: Part, over: Span) {
  const { gaps, unobserved } = deliveryGaps(repositories, over);
  const meant = new Set(judged.scope.systems.map(({ id }) => id));
  const systems = config.systems
    .filter(({ id }) => meant.has(id))
    .map(({ id, team }) => ({ id, team, observed: !unobserved.has(id) }));
  const cut = new Set(config.systems.filter(({ id }) => !meant.has(id)).map(({ team }) => team));
  const known = kept && observedIn(kept.coverage, over) !== "unobserved" ? linked : undefined;
  const missing = incidentGap(kept, over);
  const rows = rowsOf(systems, { deliveries, incidents: known }, over, config.organisation.name);
  return {
    rows: rows.filter(({ kind, name }) =>
      kind === "organisation" ? cut.size === 0 : kind !== "team" || !cut.has(name),
    ),
    gaps: [...gaps, ...(missing === null ? [] : [missing])],
  };
}

/** The months of the period, and those before it that any run looked at without a break. */
function observedMonths(repositories: Dossiers["repositories"], months: readonly Month[]): readonly Month[] {
  const unseen = months.findLastIndex((month) => !month.inPeriod && !anyObserved(repositories, month));
  return months.slice(unseen + 1);
}

/** Why the list of incidents says nothing of a span, or not of all of it. */
function incidentGap(kept: KeptIncidents | undefined, span: Span): string | null {
  if (!kept) return null;
  const status = observedIn(kept.coverage, span);
  if (status === "complete") return kept.incidents ? null : "a row of the list of incidents cannot be read";
  const read = kept.coverage.filter((one) => one.status === "complete").map(({ to }) => to);
  if (status === "partial") return `the list of incidents was last read at ${read.sort().at(-1)}`;
  return kept.coverage.findLast((one) => one.status !== "complete")?.reason ?? "the list of incidents was not read";
}

function itemsOf(linked: readonly LinkedIncident[], { from, to }: Span): NonNullable<Delivery["incidents"]>["items"] {
  const within = (at: string): boolean => at >= from && at < to;
  return linked
    .filter(({ incident, cause }) => within(incident.openedAt) || (cause && within(cause.succeededAt)))
    .map(({ incident, cause, linked: how }) => ({
      id: incident.id,
      system: incident.system,
      openedAt: incident.openedAt,
      resolvedAt: incident.resolvedAt,
      deployment: cause ? `deployment ${cause.id}` : null,
      linked: how,
      record: incident.record,
    }));
}

/** The alerts of the repositories that were read, each once however many systems share a repository. */
function remediation({ config, repositories, alerts, judged }: Part, span: Span): Delivery["remediation"] {
  const read = new Set(judged.alerts.flatMap(({ repository, counts }) => (counts === null ? [] : [repository])));
  const keys = new Set(
    repositories.flatMap(({ view: { repository } }) => (read.has(repository.name) ? [repository.key] : [])),
  );
  if (keys.size === 0) return null;
  const found = remediationOf(
    alerts.filter(({ repository }) => keys.has(repository)),
    span,
  );
  const met = isMet(config.metrics.targets.alertRemediation, found.all.median);
  return { ...found, ...(met === undefined ? {} : { met }) };
}

function standardRules({ config, judged }: Part): Delivery["standardRules"] {
  const found = standardRulesOf(judged.population);
  const met = isMet(config.metrics.targets.standardRules, shareOf(found.met, found.repositories));
  return { ...found, ...(met === undefined ? {} : { targetMet: met }) };
}

/** The systems' rows as older packs have them, in the order of the configuration: what was not observed is none there. */
function systemMetrics({ rows }: Delivery, { systems }: Config): AssessmentResult["metrics"] {
  const bySystem = new Map(rows.flatMap(({ kind, name, measures }) => (kind === "system" ? [[name, measures]] : [])));
  return systems.flatMap((system) => {
    const measures = bySystem.get(system.id);
    if (!measures) return [];
    const { leadTimeMedian, leadTimeP90 } = measures;
    const [deployments, perDay, fallBacks] = [measures.deployments ?? 0, measures.perDay ?? 0, measures.fallBacks ?? 0];
    return { system: system.id, deployments, perDay, leadTimeMedian, leadTimeP90, fallBacks };
  });
}
