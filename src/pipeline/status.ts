import { existsSync } from "node:fs";
import { ownersOf } from "../config/repository-patterns.ts";
import { readNote } from "../ledger/checkpoint-note.ts";
import { repositoryKey } from "../model/keys.ts";
import { type Coverage, furtherKinds, organisationKinds, type StreamKind, streamKindSchema } from "../model/stream.ts";
import { deploymentStream } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { forgottenFrom, keptDaysOf, observedUntil } from "./kept-days.ts";
import { latestStretch } from "./latest-stretch.ts";
import { withStore } from "./open.ts";
import { resolveScope } from "./scope.ts";
import { organisationStreamsOf } from "./streams.ts";
import type { PipelineContext, StatusSummary, StreamStatus } from "./types.ts";

const optional: ReadonlySet<StreamKind> = new Set(furtherKinds);
const gravity = { complete: 0, partial: 1, unobserved: 2 } as const;

/** Every stream that the configuration asks for, sorted by id; late where its latest look was not complete or lies further back than `lateAfter`; what a source need not show at all is late only where it was shown before. Reads only. */
export async function status(ctx: Pick<PipelineContext, "config" | "clock">): Promise<StatusSummary> {
  const { config, clock } = ctx;
  if (!existsSync(config.store)) return { streams: [], lastRun: null, checkpoint: null, late: true };
  return withStore(ctx, { write: false }, async (store) => {
    const kept = keptDaysOf(config.sources);
    const runs = await store.runs();
    const order = new Map(runs.map((run, index) => [run.id, index]));
    const statements = await store.coverage();
    const latestOf = (some: readonly Statement[]): string =>
      some.reduce((a, b) => ((order.get(b.run) ?? -1) >= (order.get(a.run) ?? -1) ? b : a)).run;
    const { repositories } = await resolveScope(config, store);
    const names = new Map(repositories.map(({ key, name }) => [key, name]));
    const owners = organisationStreamsOf(repositories);
    const counted = new Set(repositories.map(deploymentStream));
    const listOwners = await ownersOfLists(store);
    const bySource = Map.groupBy(statements, ({ stream }) => stream.split("/")[0] ?? "");
    const streams = [...Map.groupBy(statements, ({ stream }) => stream)]
      .map(([stream, own]): StreamStatus | undefined => {
        const { source, scopeId, kind } = partsOf(stream);
        const configured = config.sources.find(({ id }) => id === source);
        if (!kind || !configured) return undefined;
        const lastRun = latestOf(own);
        const isOrganisations = organisationKinds.some((one) => one === kind);
        const isOwners = kind === "repositories";
        // What a failed run said of the source as a whole holds until the next run; a repository, while a system names it.
        if (isOwners && scopeId === "-" && lastRun !== latestOf(bySource.get(source) ?? own)) return undefined;
        const scope = isOwners
          ? listScope(ownersOf(configured.repositories), listOwners.get(stream))
          : isOrganisations
            ? owners.get(stream)
            : names.get(repositoryKey(source, scopeId));
        const isUncounted = kind === "deployments" && !counted.has(stream);
        // A list or a job that deployments were once read from is not asked for any more.
        if (scope === undefined || (isUncounted && stream.split("/").length > 3)) return undefined;
        const state = stateOf(
          isUncounted || optional.has(kind),
          own,
          lastRun,
          config.lateAfter,
          clock().getTime(),
          kept(source, keptAs(stream, kind)),
        );
        return { stream, kind, source, scope, lastRun, ...state };
      })
      .filter((stream) => stream !== undefined)
      .sort((a, b) => (a.stream < b.stream ? -1 : 1));
    // What was never looked at has no stream here: only a collecting that ended went over all there is.
    const done = runs.findLast(({ command, outcome }) => outcome === "done" && command === "collect");
    const finished = done?.endedAt != null && clock().getTime() - Date.parse(done.endedAt) <= config.lateAfter;
    const late = !finished || streams.length === 0 || streams.some((stream) => stream.late);
    return { streams, lastRun: lastRunOf(runs), checkpoint: await lastCheckpoint(store), late };
  });
}

async function lastCheckpoint(store: Store): Promise<StatusSummary["checkpoint"]> {
  const last = (await store.checkpoints()).at(-1);
  if (!last) return null;
  const { note, ...checkpoint } = last;
  const [signature] = readNote(note ?? "")?.signatures ?? [];
  const timestamped = (await store.timestampOf(last)) !== undefined;
  return { ...checkpoint, signed: signature?.name ?? null, timestamped };
}

/** By list of repositories, the owners of what it held, in lower case. */
async function ownersOfLists(store: Store): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const listed = await store.entities("listedRepository", {});
  const rows = await store.records(listed.map(({ record }) => record));
  const streams = new Map(rows.map(({ id, stream }) => [id, stream]));
  const byStream = Map.groupBy(listed, ({ record }) => streams.get(record) ?? "");
  return new Map(
    [...byStream].map(([stream, own]) => [
      stream,
      new Set(own.map(({ name }) => name.slice(0, name.indexOf("/")).toLowerCase())),
    ]),
  );
}

/** The configured owners whose list it is; all of them where it held nothing, undefined where it is another's. */
function listScope(configured: readonly string[], held: ReadonlySet<string> | undefined): string | undefined {
  const own = held === undefined ? configured : configured.filter((owner) => held.has(owner.toLowerCase()));
  return own.length === 0 ? undefined : own.join(", ");
}

/** Deployments that are pipeline runs are forgotten with them. */
const keptAs = (stream: string, kind: StreamKind): StreamKind =>
  stream.includes("/deployments/workflow/") ? "pipelineRuns" : kind;

type Statement = Coverage & { readonly run: string };

function stateOf(
  isOptional: boolean,
  statements: readonly Statement[],
  lastRun: string,
  lateAfter: number,
  now: number,
  kept: number | undefined,
): Pick<StreamStatus, "status" | "until" | "late" | "keepsUntil" | "reason"> {
  const last = statements.filter(({ run }) => run === lastRun);
  const worst = latestStretch(last).reduce((a, b) => (gravity[b.status] > gravity[a.status] ? b : a));
  const until = observedUntil(statements);
  return {
    status: worst.status,
    until,
    late: isOptional
      ? until !== null && now - Date.parse(until) > lateAfter
      : worst.status !== "complete" || until === null || now - Date.parse(until) > lateAfter,
    ...(kept === undefined || until === null ? {} : { keepsUntil: forgottenFrom(until, kept) }),
    ...(worst.reason === undefined ? {} : { reason: worst.reason }),
  };
}

function lastRunOf(runs: Awaited<ReturnType<Store["runs"]>>): StatusSummary["lastRun"] {
  const last = runs.at(-1);
  if (!last) return null;
  const { id, command, startedAt, endedAt, outcome } = last;
  return { id, command, startedAt, endedAt, outcome: outcome ?? "not ended" };
}

/** `kind` is undefined for what is no evidence of a source's: the tool's own configuration. */
function partsOf(stream: string): {
  readonly source: string;
  readonly scopeId: string;
  readonly kind: StreamKind | undefined;
} {
  // A branch's commits have its name behind their kind.
  const [source = "", scopeId = "", last] = stream.split("/");
  const kind = streamKindSchema.safeParse(last).data;
  return { source, scopeId, kind: kind === "configuration" ? undefined : kind };
}
