import { attributes } from "../attributes/index.ts";
import type { Config } from "../config/config.ts";
import { type EvaluationInput, evaluateWithParts, partsOf, recordIds } from "../evaluation/index.ts";
import type { AssessmentResult, Part } from "../model/assessment.ts";
import { identityMap } from "../model/identity.ts";
import { type Dossiers, loadDossiers, reconcile } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { ConfigError } from "../util/errors.ts";
import { toolBuild, toolVersion } from "../util/version.ts";
import { accountPins, accountSightings, seenAccounts } from "./account-pins.ts";
import { attestationsOf } from "./attest-period.ts";
import { recordedAttestations } from "./attest-records.ts";
import { configurationHistory } from "./configuration-history.ts";
import { configurationStream } from "./configuration-record.ts";
import { continuityOf } from "./continuity.ts";
import { coverageRows } from "./coverage-rows.ts";
import { type ContextEvidence, contextOf } from "./delivery.ts";
import {
  accessOf,
  alertsOf,
  bypassedSuites,
  furtherEvidence,
  loggedOverrides,
  movedTagsOf,
} from "./further-evidence.ts";
import { keptDaysOf } from "./kept-days.ts";
import { lastLogicTest } from "./logic-test.ts";
import { effectiveCatalog, withStore } from "./open.ts";
import { provenanceOf } from "./provenance.ts";
import { recordedReReviews, reReviewsOf } from "./re-review-records.ts";
import { recordedAnswers } from "./response-records.ts";
import { restatementsOf } from "./restatements.ts";
import { resolveScope } from "./scope.ts";
import type { PipelineContext, ReportRequest } from "./types.ts";
import { withResponses } from "./with-responses.ts";

/** The AssessmentResult of a period, or of the part asked for; nothing is written. Throws ConfigError for a part that the organisation does not have. */
export async function assess(ctx: PipelineContext, request: ReportRequest): Promise<AssessmentResult> {
  const { whole, part } = await assessWithParts(ctx, request);
  return request.part === undefined ? whole : part(request.part);
}

/** A period judged once: the whole organisation's result, its teams and systems where there are several, and what each comes to by itself. */
export interface PartedAssessment {
  readonly whole: AssessmentResult;
  readonly parts: readonly Part[];
  /** Throws ConfigError for a part that the organisation does not have. */
  readonly part: (part: Part) => AssessmentResult;
}

/** Judges a period once for the organisation and all its parts; each names the packs that `request.parts` lists. */
export async function assessWithParts(ctx: PipelineContext, request: ReportRequest): Promise<PartedAssessment> {
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
      const { input, ...seen } = await evaluationInput(ctx.config, store, period, asOf ?? at, { size, root, at });
      return { input, seen, ...evaluateWithParts(input) };
    };
    const { input, seen, whole, part } = await judge(request.period);
    const contextFor = await contextOf(store, { config: ctx.config, period: input.period, ...seen });
    const recorded = await store.recordsOfStream(configurationStream(ctx.config));
    const restated = await restatementsOf(store, {
      config: ctx.config,
      recorded,
      present: { input, assessment: whole },
      judge: async (period) => {
        const { input, whole: assessment } = await judge(period);
        return { input, assessment };
      },
    });
    const answers = await recordedAnswers(store, ctx.config);
    const reviews = await recordedReReviews(store, ctx.config);
    const logic = lastLogicTest();
    const attestations = attestationsOf(
      await recordedAttestations(store, ctx.config),
      input.period,
      ctx.config.timezone,
    );
    const beside = {
      ...(attestations.length === 0 ? {} : { attestations }),
      ...(request.parts === undefined ? {} : { parts: [...request.parts] }),
      ...(logic === undefined ? {} : { logic }),
    };
    const assessment = {
      ...whole,
      ...contextFor(whole),
      ...restated,
      ...withResponses(whole, answers),
      ...reReviewsOf(reviews, whole),
      ...beside,
    };
    const rows = await store.records(recordIds(assessment));
    const records = rows.map(({ id, leaf, stream, kind, externalId, fetchedAt }) => ({
      id,
      leaf,
      stream,
      kind,
      externalId,
      fetchedAt,
    }));
    const parts = partsOf(input.scope.systems).map(({ kind, id }) => ({ kind, id }));
    return {
      whole: { ...assessment, records },
      parts,
      part: (wanted) => {
        if (!parts.some(({ kind, id }) => kind === wanted.kind && id === wanted.id))
          throw new ConfigError(`${ctx.config.organisation.name} has no ${wanted.kind} ${wanted.id} of several`);
        const judged = part(wanted);
        const own = {
          ...judged,
          ...contextFor(judged),
          ...withResponses(judged, answers, whole.exceptions),
          ...reReviewsOf(reviews, judged),
          ...beside,
        };
        const ids = new Set(recordIds(own));
        return { ...own, records: records.filter(({ id }) => ids.has(id)) };
      },
    };
  });
}

async function evaluationInput(
  config: Config,
  store: Store,
  period: ReportRequest["period"],
  asOf: string,
  checkpoint: AssessmentResult["checkpoint"],
): Promise<{ readonly input: EvaluationInput } & Pick<ContextEvidence, "dossiers" | "alerts">> {
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
  const input: EvaluationInput = {
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
    overrides: loggedOverrides(further, scope.repositories, observed),
    access: accessOf(
      further,
      scope.repositories,
      dossiers.configuration,
      coverage,
      await looksAtRules(store, dossiers),
    ),
    movedTags: movedTagsOf(dossiers.deployments),
    alerts: alertsOf(further, scope.repositories, coverage, observed),
    metrics: [],
    checkpoint,
    catalog: effectiveCatalog(config),
    attributes,
    earlierIdentities,
    policies: history.policies,
    waivers: history.waivers,
    dossiers,
  };
  return { input, dossiers, alerts: further.alerts };
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
