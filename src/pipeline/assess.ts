import { attributes } from "../attributes/index.ts";
import type { Config } from "../config/config.ts";
import { type EvaluationInput, evaluate, recordIds } from "../evaluation/index.ts";
import { deliveryMetrics } from "../flow/index.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { identityMap } from "../model/identity.ts";
import { type Dossiers, loadDossiers, reconcile } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { ConfigError } from "../util/errors.ts";
import { toolBuild, toolVersion } from "../util/version.ts";
import { accountPins, accountSightings, seenAccounts } from "./account-pins.ts";
import { configurationHistory } from "./configuration-history.ts";
import { configurationStream } from "./configuration-record.ts";
import { continuityOf } from "./continuity.ts";
import { coverageRows } from "./coverage-rows.ts";
import { accessOf, alertsOf, bypassedSuites, furtherEvidence, movedTagsOf } from "./further-evidence.ts";
import { keptDaysOf } from "./kept-days.ts";
import { effectiveCatalog, withStore } from "./open.ts";
import { provenanceOf } from "./provenance.ts";
import { restatementsOf } from "./restatements.ts";
import { resolveScope } from "./scope.ts";
import type { PipelineContext, ReportRequest } from "./types.ts";

/** The AssessmentResult of a period; nothing is written. */
export async function assess(ctx: PipelineContext, request: ReportRequest): Promise<AssessmentResult> {
  // The latest checkpoint, not whatever a run under way has already stored.
  const asOf = request.asOf ?? (await withStore(ctx, { write: false }, (store) => store.checkpoint()))?.at;
  const mode = { write: false, ...(asOf === undefined ? {} : { asOf }), anew: request.anew === true };
  return withStore(ctx, mode, async (store) => {
    const checkpoint = await store.checkpoint();
    if (!checkpoint) {
      throw new ConfigError(
        `the store ${ctx.config.store} holds no finished run${request.asOf === undefined ? "" : ` up to ${request.asOf}`}`,
        {
          hint: "Run `flowproof collect` first.",
        },
      );
    }
    const { size, root, at } = checkpoint;
    const judge = async (period: ReportRequest["period"]) => {
      const input = await evaluationInput(ctx.config, store, period, asOf ?? at, { size, root, at });
      return { input, assessment: evaluate(input) };
    };
    const present = await judge(request.period);
    const recorded = await store.recordsOfStream(configurationStream(ctx.config));
    const restated = await restatementsOf(store, { config: ctx.config, recorded, present, judge });
    const assessment = { ...present.assessment, ...restated };
    const rows = await store.records(recordIds(assessment));
    const records = rows.map(({ id, leaf, stream, kind, externalId, fetchedAt }) => ({
      id,
      leaf,
      stream,
      kind,
      externalId,
      fetchedAt,
    }));
    return { ...assessment, records };
  });
}

async function evaluationInput(
  config: Config,
  store: Store,
  period: ReportRequest["period"],
  asOf: string,
  checkpoint: AssessmentResult["checkpoint"],
): Promise<EvaluationInput> {
  const { from, to } = period;
  const recorded = await store.recordsOfStream(configurationStream(config));
  const accounts = await accountSightings(store, recorded);
  const scope = await resolveScope(config, store, { recorded, since: from });
  const dossiers = await loadDossiers(store, {
    repositories: scope.repositories,
    from,
    to,
    asOf,
    identities: identityMap(config.identities, accountPins(accounts, config.identities)),
  });
  const cutAt = observedUntil(dossiers, asOf);
  const history = configurationHistory(config, recorded);
  const earlierIdentities = history.identities.map(({ identities, ...span }) => ({
    ...span,
    map: identityMap(identities, seenAccounts(accounts, identities).pins),
  }));
  const further = await furtherEvidence(store, scope.repositories);
  const observed = { from, to: asOf < to ? asOf : to };
  const continuity = continuityOf(dossiers.configuration, further.versions, observed, further.auditEvents);
  const coverage = coverageRows(
    scope.repositories,
    await store.coverage(),
    await store.totals(),
    continuity,
    period,
    (stream, repository) =>
      dossiers.repositories.find(({ view }) => view.repository === repository)?.view.coverage.unreadable(stream) ??
      dossiers.coverage.unreadable(stream),
    keptDaysOf(config.sources),
  );
  return {
    tool: { name: "flowproof", version: toolVersion(), build: toolBuild() },
    organisation: { name: config.organisation.name, slug: config.organisation.slug, timezone: config.timezone },
    period: { id: period.id, from, to, asOf, cutAt: cutAt < to ? cutAt : null },
    scope: scope.printed,
    provenance: await provenanceOf(config, store, recorded, from),
    coverage: [...coverage],
    reconciliation: reconcile(dossiers, period),
    identities: printedIdentities(config),
    continuity,
    bypassed: bypassedSuites(further, scope.repositories, observed),
    access: accessOf(
      further,
      scope.repositories,
      dossiers.configuration,
      coverage,
      await looksAtRules(store, dossiers),
    ),
    movedTags: movedTagsOf(dossiers.deployments),
    alerts: alertsOf(further, scope.repositories, coverage, observed),
    metrics: config.systems.map((system) => deliveryMetrics(system.id, dossiers.deployments, period)),
    checkpoint,
    catalog: effectiveCatalog(config),
    attributes,
    earlierIdentities,
    policies: history.policies,
    waivers: history.waivers,
    dossiers,
  };
}

/** When the records of rules were fetched. */
async function looksAtRules(store: Store, { configuration }: Dossiers): Promise<ReadonlyMap<number, string>> {
  const ids = configuration.flatMap(({ intervals }) =>
    intervals.flatMap(({ rules }) => (rules.known ? rules.record : [])),
  );
  return new Map((await store.records([...new Set(ids)])).map(({ id, fetchedAt }) => [id, fetchedAt]));
}

/** Up to when the population was observed: the latest whole look at any repository's changes, never after the cut-off. */
function observedUntil(dossiers: Dossiers, asOf: string): string {
  const looks = dossiers.repositories.flatMap(
    ({ view }) => dossiers.coverage.until(`${view.repository.key}/changes`) ?? [],
  );
  const latest = looks.reduce((a, b) => (a > b ? a : b), "");
  return latest !== "" && latest < asOf ? latest : asOf;
}

function printedIdentities(config: Config): AssessmentResult["identities"] {
  return config.identities.map((identity) =>
    "person" in identity
      ? {
          party: identity.person,
          kind: "person" as const,
          accounts: [...identity.accounts],
          emails: identity.emails.length,
        }
      : { party: identity.automation, kind: "automation" as const, accounts: [...identity.accounts], emails: 0 },
  );
}
