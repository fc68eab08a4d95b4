import type { Delivery, DeliveryRow, TargetName } from "../../model/assessment/delivery.ts";
import { counted, duration, number, percent, roughly, sentence } from "../format.ts";
import { metricTexts } from "../metric-texts.ts";
import type { Pack } from "../pack.ts";
import { trendFigure } from "../trend-figure.ts";

/** How many rows a table lists before it refers to assessment.json. */
const longest = 60;

/** How delivery went, by DORA's definitions, and what became of security alerts: context, not control evidence. */
export function metricsView(pack: Pack) {
  const { delivery } = pack.result;
  return {
    context: metricTexts.context,
    delivery: delivery ? deliveryView(pack, delivery) : null,
    rows: pack.result.metrics.map((row) => ({
      system: row.system,
      deployments: number(row.deployments),
      perDay: row.perDay.toFixed(2),
      median: time(row.leadTimeMedian),
      p90: time(row.leadTimeP90),
      fallBacks: number(row.fallBacks),
    })),
    any: pack.result.metrics.length > 0,
    alerts: pack.result.alerts.map(({ system, repository, counts, gap }) => ({
      scope: `${system}: ${repository}`,
      read: counts !== null,
      cells: counts ? [counts.opened, counts.fixed, counts.dismissed, counts.openAtEnd].map(number) : [],
      gap,
    })),
  };
}

const notMeasured = "not measured";
const time = (seconds: number | null): string => (seconds === null ? notMeasured : duration(seconds));

function deliveryView(pack: Pack, delivery: Delivery) {
  const { rows, months, gaps } = delivery;
  const scopes = rows.slice(1);
  return {
    measures: measuresOf(delivery),
    anyTarget: delivery.targets !== undefined,
    whose: rows[0]?.name ?? "",
    incidentsMeasured: rows.some(({ measures }) => measures.incidents !== null),
    scopes: scopes.slice(0, longest).map(scopeRow),
    more: more(scopes.length, "team or system", "teams and systems"),
    gaps: gaps.slice(0, 8).map((gap) => sentence(pack.time.inText(gap))),
    moreGaps: gaps.length > 8 ? `${counted(gaps.length - 8, "more gap")} in assessment.json` : null,
    trend: trendView(pack, months),
    incidents: incidentsView(pack, delivery),
    remediation: remediationView(delivery),
  };
}

const more = (rows: number, one: string, many: string): string | null =>
  rows > longest ? `${counted(rows - longest, `more ${one}`, `more ${many}`)} in assessment.json` : null;

/** Each measure with its definition, its value and, where management set one, the target range. */
function measuresOf({ rows, targets = {}, remediation, standardRules }: Delivery) {
  const [top] = rows;
  if (!top) return [];
  const { measures, met = {} } = top;
  const { incidents, deployments } = measures;
  const timesOf = (median: number | null, p90: number | null): string =>
    median === null ? notMeasured : `${duration(median)} median, ${duration(p90 ?? median)} 90th percentile`;
  const target = (name: TargetName, isMet: boolean | undefined) => {
    const range = targets[name];
    return range ? { target: rangeText(name, range), met: metWord(isMet) } : { target: null, met: null };
  };
  const rate = (part: number): string =>
    deployments === null || deployments === 0
      ? notMeasured
      : `${percent(part, deployments)} (${number(part)} of ${counted(deployments, "deployment")})`;
  return [
    {
      ...metricTexts.leadTime,
      value: timesOf(measures.leadTimeMedian, measures.leadTimeP90),
      note: measures.changes > 0 ? counted(measures.changes, "change") : null,
      ...target("leadTime", met.leadTime),
    },
    {
      ...metricTexts.deploymentsPerDay,
      value: deployments === null ? notMeasured : `${number(deployments)}, ${measures.perDay?.toFixed(2)} a day`,
      note: null,
      ...target("deploymentsPerDay", met.deploymentsPerDay),
    },
    {
      ...metricTexts.recoveryTime,
      value: incidents ? recovery(incidents, timesOf) : notMeasured,
      note:
        incidents && incidents.failed > incidents.recovered
          ? `${number(incidents.failed - incidents.recovered)} not yet resolved`
          : null,
      ...target("recoveryTime", met.recoveryTime),
    },
    {
      ...metricTexts.changeFailRate,
      value: incidents ? rate(incidents.failed) : notMeasured,
      note: incidents ? `${counted(incidents.opened, "incident")} opened` : null,
      ...target("changeFailRate", met.changeFailRate),
    },
    {
      ...metricTexts.reworkRate,
      value: incidents ? rate(incidents.rework) : notMeasured,
      note: null,
      ...target("reworkRate", met.reworkRate),
    },
    {
      ...metricTexts.fallBacks,
      value: measures.fallBacks === null ? notMeasured : number(measures.fallBacks),
      note: null,
      target: null,
      met: null,
    },
    {
      ...metricTexts.alertRemediation,
      value: remediation ? alertTimes(remediation, timesOf) : notMeasured,
      note: remediation ? `${number(remediation.all.openAtEnd)} still open` : null,
      ...target("alertRemediation", remediation?.met),
    },
    {
      ...metricTexts.standardRules,
      value:
        standardRules.repositories === 0
          ? notMeasured
          : `${percent(standardRules.met, standardRules.repositories)} (${number(standardRules.met)} of ${counted(standardRules.repositories, "repository", "repositories")})`,
      note: othersOf(standardRules),
      ...target("standardRules", standardRules.targetMet),
    },
  ];
}

type TimesOf = (median: number | null, p90: number | null) => string;

const recovery = (
  { failed, recovered, recoveryMedian, recoveryP90 }: NonNullable<DeliveryRow["measures"]["incidents"]>,
  timesOf: TimesOf,
): string =>
  failed === 0 ? "no deployment failed" : recovered === 0 ? "none resolved yet" : timesOf(recoveryMedian, recoveryP90);

const alertTimes = ({ all }: NonNullable<Delivery["remediation"]>, timesOf: TimesOf): string =>
  all.fixed === 0 ? "none fixed in the period" : `${timesOf(all.median, all.p90)} (${number(all.fixed)} fixed)`;

function othersOf({ exempt, failed, notVerifiable }: Delivery["standardRules"]): string | null {
  const parts = [
    exempt > 0 ? `${number(exempt)} protected, administrators exempt by policy` : "",
    failed > 0 ? `${number(failed)} not throughout` : "",
    notVerifiable > 0 ? `${number(notVerifiable)} not verifiable` : "",
  ].filter(Boolean);
  return parts.length > 0 ? parts.join("; ") : null;
}

const metWord = (met: boolean | undefined): string => (met === undefined ? notMeasured : met ? "met" : "not met");

const isTime: ReadonlySet<TargetName> = new Set(["leadTime", "recoveryTime", "alertRemediation"]);

function rangeText(
  name: TargetName,
  { atLeast, atMost }: { atLeast?: number | undefined; atMost?: number | undefined },
) {
  const value = (one: number): string =>
    isTime.has(name) ? duration(one) : name === "deploymentsPerDay" ? `${one} a day` : percent(one, 1);
  return [
    atLeast === undefined ? "" : `at least ${value(atLeast)}`,
    atMost === undefined ? "" : `at most ${value(atMost)}`,
  ]
    .filter(Boolean)
    .join(", ");
}

function scopeRow({ kind, name, measures, met = {} }: DeliveryRow) {
  const { deployments, incidents } = measures;
  const cell = (text: string, isMet?: boolean) => ({
    text,
    soft: text === notMeasured,
    met: isMet === undefined ? null : metWord(isMet),
  });
  const rate = (part: number): string =>
    deployments === null || deployments === 0 ? notMeasured : percent(part, deployments);
  return {
    name: kind === "team" ? `Team ${name}` : name,
    team: kind === "team",
    cells: [
      cell(deployments === null ? notMeasured : number(deployments)),
      cell(measures.perDay === null ? notMeasured : measures.perDay.toFixed(2), met.deploymentsPerDay),
      cell(time(measures.leadTimeMedian), met.leadTime),
      cell(time(measures.leadTimeP90)),
      cell(measures.fallBacks === null ? notMeasured : number(measures.fallBacks)),
    ],
    incidentCells: [
      cell(incidents ? number(incidents.failed) : notMeasured),
      cell(incidents ? rate(incidents.failed) : notMeasured, met.changeFailRate),
      cell(
        incidents && incidents.failed > 0 ? time(incidents.recoveryMedian) : incidents ? "–" : notMeasured,
        met.recoveryTime,
      ),
      cell(incidents ? rate(incidents.rework) : notMeasured, met.reworkRate),
    ],
  };
}

function trendView({ time: { inText } }: Pack, months: Delivery["months"]) {
  const top = months.flatMap(({ id, inPeriod, gaps, rows }) => {
    const measures = rows[0]?.measures;
    return measures ? [{ id, inPeriod, partial: gaps.length > 0, measures }] : [];
  });
  const scopes = (months.at(-1)?.rows ?? []).slice(1);
  const byScope = (of: (row: DeliveryRow["measures"]) => string) =>
    scopes.slice(0, longest).map(({ kind, name }) => ({
      name: kind === "team" ? `Team ${name}` : name,
      team: kind === "team",
      cells: months.map(({ rows }) => {
        const row = rows.find((one) => one.kind === kind && one.name === name);
        return row ? of(row.measures) : "–";
      }),
    }));
  return {
    any: top.length > 1,
    figure: trendFigure(top),
    heads: months.map(({ id }) => id),
    rows: months.map(({ id, inPeriod, gaps, rows }) => {
      const measures = rows[0]?.measures;
      const incidents = measures?.incidents;
      return {
        month: id,
        inPeriod,
        cells: [
          measures?.deployments == null ? "–" : number(measures.deployments),
          measures?.leadTimeMedian == null ? "–" : duration(measures.leadTimeMedian),
          measures?.leadTimeP90 == null ? "–" : duration(measures.leadTimeP90),
        ],
        incidentCells: [
          incidents ? percent(incidents.failed, measures?.deployments ?? 0) : "–",
          incidents?.recoveryMedian == null ? "–" : duration(incidents.recoveryMedian),
          incidents ? percent(incidents.rework, measures?.deployments ?? 0) : "–",
        ],
        gap:
          gaps.length === 0
            ? null
            : `incomplete: ${inText(gaps[0] ?? "")}${gaps.length > 1 ? `, and ${number(gaps.length - 1)} more` : ""}`,
      };
    }),
    deployments: byScope(({ deployments }) => (deployments === null ? "–" : number(deployments))),
    leadTimes: byScope(({ leadTimeMedian }) => (leadTimeMedian === null ? "–" : roughly(leadTimeMedian))),
    anyScope: scopes.length > 0,
  };
}

function incidentsView(pack: Pack, { incidents }: Delivery) {
  if (!incidents) return null;
  const { told, gap, items } = incidents;
  return {
    told,
    gap: gap === null ? null : pack.time.inText(gap),
    heuristic: metricTexts.heuristic,
    rows: items.slice(0, longest).map(({ id, system, openedAt, resolvedAt, deployment, linked, record }) => ({
      id,
      system,
      opened: pack.time.minute(openedAt),
      resolved: resolvedAt === null ? "open" : pack.time.minute(resolvedAt),
      deployment: deployment ?? "none",
      linked: { named: "named by the list", before: "latest before it (heuristic)", none: "no deployment found" }[
        linked
      ],
      records: pack.records([record]),
    })),
    more: more(items.length, "incident", "incidents"),
    any: items.length > 0,
  };
}

function remediationView({ remediation }: Delivery) {
  if (!remediation) return null;
  return [...remediation.bySeverity, remediation.all].map(({ severity, fixed, median, p90, openAtEnd }) => ({
    name: severity ?? "All",
    total: severity === null,
    cells: [
      number(fixed),
      median === null ? "–" : duration(median),
      p90 === null ? "–" : duration(p90),
      number(openAtEnd),
    ],
  }));
}
