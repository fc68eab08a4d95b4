import { setTimeout as sleep } from "node:timers/promises";
import type { ConfiguredSource } from "../config/config.ts";
import { matchRepositories, ownersOf } from "../config/repository-patterns.ts";
import type { Batch, Coverage } from "../model/stream.ts";
import type { ProviderContext } from "../providers/provider.ts";
import type { Store } from "../store/index.ts";
import { instant } from "../util/clock.ts";
import { SourceError } from "../util/errors.ts";
import { accountSightings, seenAccounts } from "./account-pins.ts";
import { declaredAttestations } from "./attest-declared.ts";
import { accountsBatch, configurationBatch, configurationStream } from "./configuration-record.ts";
import { type DeploymentList, importedBatch, readDeploymentLists } from "./imported-deployments.ts";
import { incidentBatch, incidentStream, readIncidents } from "./imported-incidents.ts";
import { latestStretch } from "./latest-stretch.ts";
import { effectiveCatalog, providerOf, withStore } from "./open.ts";
import { ownRecordsBatch } from "./own-records.ts";
import { readAhead } from "./read-ahead.ts";
import { collectAnswers } from "./record-answers.ts";
import { repositoryNames } from "./repository-names.ts";
import { requireSameServer } from "./require-same-server.ts";
import { resolveScope } from "./scope.ts";
import { missingCoverage, type NamedRepository, streamsOf } from "./streams.ts";
import type { CollectSummary, PipelineContext } from "./types.ts";
import { unobservedWarnings } from "./unobserved-warnings.ts";

interface Counts {
  requests: number;
  points: number;
  newRecords: number;
}

/**
 * Collects what every source gained since the last run and ends with a checkpoint. A source that fails becomes
 * coverage; configuration and integrity errors stop. Throws LockedError where another run is writing.
 */
export async function collect(ctx: PipelineContext): Promise<CollectSummary> {
  const catalog = effectiveCatalog(ctx.config);
  // Before anything is asked of anybody: a malformed list stops.
  const lists = readDeploymentLists(ctx.config, ctx.clock);
  const incidents = readIncidents(ctx.config, ctx.clock);
  return withStore(ctx, { write: true }, async (store) => {
    await store.lock("flowproof collect");
    for (const source of ctx.config.sources) await requireSameServer(store, source, ctx.config.store);
    const run = await store.beginRun("collect");
    const counts: Counts = { requests: 0, points: 0, newRecords: 0 };
    const nothing: { source: string; reason: string }[] = [];
    const warnings = [...ctx.config.warnings];
    const append = async (...batches: readonly Batch[]) => {
      const { added } = await store.append(run, ...batches);
      counts.newRecords += added;
    };
    try {
      await append(configurationBatch(ctx.config, catalog, ctx.clock()));
      warnings.push(...(await collectAnswers(ctx, store, append)));
      const attested = await declaredAttestations(ctx.config, store, ctx.clock);
      if (attested.own.records.length > 0) await append(ownRecordsBatch(ctx, attested.own));
      warnings.push(...attested.warnings);
      if (incidents) {
        const imported = await incidentBatch(incidents, ctx.config, store);
        await append(imported.batch);
        warnings.push(...imported.warnings);
      }
      for (const source of ctx.config.sources) {
        const failure = await collectSource({ ...ctx, lists }, store, source, counts, warnings, append);
        if (failure !== undefined) nothing.push({ source: source.id, reason: failure });
      }
      const kept = await store.recordsOfStream(configurationStream(ctx.config));
      const { pins, mismatch } = seenAccounts(await accountSightings(store, kept), ctx.config.identities);
      if (pins.size > 0) await append(accountsBatch(ctx.config, pins, ctx.clock()));
      if (mismatch) warnings.push(`${mismatch.message}; no report can be made. ${mismatch.hint ?? ""}`);
    } catch (error) {
      await store.endRun(run, ctx.signal.aborted ? "interrupted" : "failed");
      throw error;
    }
    const checkpoint = await store.endRun(run, "done");
    const coverage = (await store.coverage()).filter((statement) => statement.run === run);
    // The tool's own configuration is no evidence of a source's: `status` does not count it either.
    const own = [configurationStream(ctx.config), incidentStream(ctx.config)];
    const ofSources = coverage.filter(({ stream }) => !own.includes(stream));
    const states = gravest(ofSources);
    const count = (status: Coverage["status"]) => states.filter((state) => state.status === status).length;
    const { repositories } = await resolveScope(ctx.config, store);
    return {
      run,
      ...counts,
      streams: { complete: count("complete"), partial: count("partial"), unobserved: count("unobserved") },
      coverage,
      nothing,
      warnings: [...warnings, ...unobservedWarnings(states, repositories)],
      checkpoint,
    };
  });
}

/** Says so where the machine's clock is more than five minutes off the source's; nothing is dated by it. */
export function clockSkewWarning(now: Date, serverTime: string, source: string): string | undefined {
  const minutes = Math.round((now.getTime() - Date.parse(serverTime)) / 60_000);
  if (Math.abs(minutes) <= 5) return undefined;
  return `this machine's clock is ${Math.abs(minutes)} minutes ${minutes > 0 ? "ahead of" : "behind"} source ${source}; evidence is dated by the source's`;
}

/** Collects one source; gives the reason where it gave nothing at all. */
async function collectSource(
  ctx: PipelineContext & { readonly lists: readonly DeploymentList[] },
  store: Store,
  source: ConfiguredSource,
  counts: Counts,
  warnings: string[],
  append: (...batches: readonly Batch[]) => Promise<void>,
): Promise<string | undefined> {
  const provider = providerOf(source);
  const stop = new AbortController();
  const context = providerContext({ ...ctx, signal: AbortSignal.any([ctx.signal, stop.signal]) }, source);
  let skew: string | undefined;
  // While batches are stored the next ones are fetched and prepared; one that was fetched is stored even where the run was interrupted.
  const take = async (batches: AsyncIterable<Batch>) => {
    let last: Promise<void> | undefined;
    try {
      for await (const portion of readAhead(batches, { weight: weightOf, enough: 2_000 })) {
        counts.requests += portion.length;
        for (const { exchange } of portion) {
          counts.points += exchange.cost ?? 0;
          skew ??= clockSkewWarning(ctx.clock(), exchange.serverTime, source.id);
        }
        const stored = append(...portion);
        stored.catch(() => stop.abort());
        await last;
        last = stored;
      }
    } finally {
      await last;
    }
    ctx.signal.throwIfAborted();
  };
  try {
    ctx.progress(`${source.id}: listing repositories`);
    await take(provider.repositories(ownersOf(source.repositories), context));
    const named = await nameRepositories(ctx, store, source, warnings);
    for (const list of ctx.lists.filter(({ system }) => system.source === source.id)) {
      const own = named.filter(({ system }) => system === list.system);
      const imported = await importedBatch(list, own, store, ctx.config.since);
      await append(imported.batch);
      warnings.push(...imported.warnings);
    }
    const streams = streamsOf(ctx.config, source, named);
    const cursors = await store.cursors(streams.map((stream) => stream.id));
    await take(provider.collect(streams, cursors, context));
    const now = instant(ctx.clock());
    await appendCoverage(append, source, missingCoverage(source, named, ctx.config.since, now), now);
    if (skew !== undefined) warnings.push(skew);
    return undefined;
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof SourceError)) throw error;
    const now = instant(ctx.clock());
    const reason = error.message;
    await appendCoverage(
      append,
      source,
      [{ stream: `${source.id}/-/repositories`, status: "unobserved", from: ctx.config.since, to: now, reason }],
      now,
    );
    return [reason, error.hint].filter(Boolean).join(" ");
  }
}

/** Some pages of many records are stored at once, up to five hundred that bring next to nothing: each portion waits for the disk. */
const weightOf = ({ parts }: Batch): number => parts.reduce((sum, { records }) => sum + records.length, 4);

/** Finds the repositories that systems name, by the ids they had when first seen; says so where a name has moved on. */
async function nameRepositories(
  ctx: PipelineContext,
  store: Store,
  source: ConfiguredSource,
  warnings: string[],
): Promise<readonly NamedRepository[]> {
  const { listed, follow } = await repositoryNames(ctx.config, store, source);
  const { unmatched } = matchRepositories(
    source.repositories,
    listed.map((repository) => repository.name),
  );
  for (const pattern of unmatched) warnings.push(`source ${source.id}: the pattern "${pattern}" matches no repository`);
  return ctx.config.systems
    .filter((system) => system.source === source.id)
    .flatMap((system) =>
      system.repositories.map((name): NamedRepository => {
        const followed = follow(name);
        if (followed.note !== undefined)
          warnings.push(`${followed.note}. Correct system ${system.id} in the configuration`);
        return { system, name, listed: followed.listed };
      }),
    );
}

/** What a provider needs of the pipeline; waiting ends at once when the run is interrupted. */
export function providerContext(ctx: Omit<PipelineContext, "config">, source: ConfiguredSource): ProviderContext {
  return {
    source,
    clock: ctx.clock,
    signal: ctx.signal,
    progress: (text) => ctx.progress(`${source.id}: ${text}`),
    wait:
      ctx.wait ??
      (async (milliseconds, why) => {
        ctx.progress(`${source.id}: waiting ${Math.ceil(milliseconds / 1000)} s, ${why}`);
        await sleep(milliseconds, undefined, { signal: ctx.signal });
      }),
  };
}

async function appendCoverage(
  append: (batch: Batch) => Promise<void>,
  source: ConfiguredSource,
  statements: readonly Coverage[],
  at: string,
) {
  if (statements.length === 0) return;
  await append({
    exchange: {
      endpoint: source.baseUrl,
      operation: "none",
      query: "",
      variables: "{}",
      status: 0,
      startedAt: at,
      serverTime: at,
    },
    parts: statements.map(({ stream, ...coverage }) => {
      const [, scopeId = "", ...kind] = stream.split("/");
      return {
        stream: {
          id: stream,
          source: source.id,
          kind: kind.at(-1) === "repositories" ? "repositories" : "repository",
          scopeId,
          scopeName: scopeId,
          since: coverage.from,
        },
        records: [],
        coverage,
      };
    }),
  });
}

/** The gravest statement about each stream in this run. */
function gravest(coverage: readonly Coverage[]): readonly Coverage[] {
  const rank = { complete: 0, partial: 1, unobserved: 2 };
  return [...Map.groupBy(coverage, ({ stream }) => stream).values()].map((own) =>
    latestStretch(own).reduce((a, b) => (rank[b.status] > rank[a.status] ? b : a)),
  );
}
