import { existsSync } from "node:fs";
import { join } from "node:path";
import { attributes } from "../attributes/index.ts";
import { loadCatalog } from "../catalog/index.ts";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import { attestationIdSchema, criterionNames, criterionProblem } from "../model/attestation.ts";
import type { SourceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { ConfigError } from "../util/errors.ts";
import { type Period, startOfDayIn } from "../util/period.ts";
import { packageRoot } from "../util/root.ts";
import { type StandingVersion, standings } from "./attest-period.ts";
import {
  attestationRecord,
  attestationStream,
  type RecordedAttestation,
  type RecordedVersion,
  recordedAttestations,
  withdrawalRecord,
} from "./attest-records.ts";
import { keepAttested, nextVersion, readAttested, type StatedAttestation } from "./attest-version.ts";
import { withStore } from "./open.ts";
import { recordOwn } from "./own-records.ts";
import type { PipelineContext } from "./types.ts";

/** What is to be attested, with which file. */
export interface AttestRequest extends Omit<StatedAttestation, "declaredIn"> {
  readonly file: string;
  /** Another version of this one, or the id of a new one; absent: a new one, numbered by its kind. */
  readonly id?: string;
}

/** What attesting came to; without a checkpoint where the same stands already, and nothing was recorded. */
export interface Attested {
  readonly version: RecordedVersion;
  readonly checkpoint?: Checkpoint;
}

/** Keeps the file and records the attestation, in a run of its own. Throws ConfigError for what cannot be attested, LockedError while another writes. */
export async function attest(ctx: PipelineContext, { file, id, ...request }: AttestRequest): Promise<Attested> {
  const stated: StatedAttestation = { ...request, declaredIn: "command" };
  refuseUnsaid(stated, ctx.config.timezone);
  if (id !== undefined && !attestationIdSchema.safeParse(id).success)
    throw new ConfigError(`"${id}" is no id of an attestation`, {
      hint: "Write up to 60 small letters, digits and dashes.",
    });
  const given = readAttested(file);
  return withStore(ctx, { write: true }, async (store) => {
    await store.lock("flowproof attest");
    const recorded = await recordedAttestations(store, ctx.config);
    const own = id ?? sameAs(recorded, stated, given.facts) ?? freeId(recorded, stated.kind);
    const known = recorded.find((one) => one.id === own);
    refuseDeclared(known);
    const next = nextVersion(own, stated, given.facts, known);
    if (!next) return { version: (known as RecordedAttestation).latest };
    keepAttested(ctx.config, given);
    const checkpoint = await record(ctx, store, attestationRecord(next));
    const after = await recordedAttestations(store, ctx.config);
    return { version: after.find((one) => one.id === own)?.latest as RecordedVersion, checkpoint };
  });
}

/** Records that an attestation does not stand any more, in none of its versions; its files are kept. Throws ConfigError where there is none that stands. */
export async function withdrawAttestation(
  ctx: PipelineContext,
  { id, by, reason }: { readonly id: string; readonly by: string; readonly reason: string },
): Promise<Attested & { readonly checkpoint: Checkpoint }> {
  for (const [option, text] of [
    ["--by", by],
    ["--reason", reason],
  ] as const)
    refuseBlank(option, text);
  return withStore(ctx, { write: true }, async (store) => {
    await store.lock("flowproof attest");
    const recorded = await recordedAttestations(store, ctx.config);
    const known = recorded.find((one) => one.id === id);
    if (!known) {
      const ids = recorded.map((one) => one.id).join(", ");
      throw new ConfigError(`there is no attestation ${id}`, {
        hint: ids === "" ? "None was recorded yet." : `There are: ${ids}.`,
      });
    }
    if (known.isWithdrawn) throw new ConfigError(`${id} was withdrawn already`);
    refuseDeclared(known);
    const { latest: version } = known;
    const body = { version: 1 as const, id, sequence: version.sequence, by, reason };
    return { version, checkpoint: await record(ctx, store, withdrawalRecord(body)) };
  });
}

const record = (ctx: PipelineContext, store: Store, one: SourceRecord): Promise<Checkpoint> =>
  recordOwn(ctx, store, { stream: attestationStream, command: "attest", records: [one] });

/** Every version recorded, by id, oldest first, with how it stands to the period, or without one to the present day. Reads only. */
export async function listAttestations(
  ctx: Pick<PipelineContext, "config" | "clock">,
  period?: Period,
): Promise<readonly StandingVersion[]> {
  if (!existsSync(ctx.config.store)) return [];
  const now = ctx.clock();
  const span = period ?? { from: now.toISOString(), to: new Date(now.getTime() + 1000).toISOString() };
  const recorded = await withStore(ctx, { write: false }, (store) => recordedAttestations(store, ctx.config));
  return recorded.flatMap((attestation) => standings(attestation, span, ctx.config.timezone));
}

function refuseUnsaid(stated: StatedAttestation, timezone: string): void {
  for (const [option, text] of [
    ["--title", stated.title],
    ["--by", stated.by],
    ["--role", stated.role],
    ["--approver", stated.approver],
    ["--document-version", stated.documentVersion],
    ["--note", stated.note],
  ] as const)
    if (text !== undefined) refuseBlank(option, text);
  const { effective, expires, criteria = [] } = stated;
  // Throws for what is no day.
  const begin = startOfDayIn(effective, timezone);
  if (expires !== undefined && startOfDayIn(expires, timezone) < begin)
    throw new ConfigError(`it would expire on ${expires}, before it is effective on ${effective}`);
  const { frameworks } = loadCatalog(join(packageRoot(), "controls"), attributes, []);
  const names = criterionNames(frameworks);
  const problems = criteria.flatMap((one) => criterionProblem(one, names) ?? []);
  if (problems.length > 0)
    throw new ConfigError(problems.join("\n"), { hint: "controls/frameworks lists criteria and points." });
}

function refuseBlank(option: string, text: string): void {
  if (text.trim() === "") throw new ConfigError(`${option} is empty`);
}

function refuseDeclared(known: RecordedAttestation | undefined): void {
  if (known?.latest.declaredIn !== "configuration" || known.isWithdrawn) return;
  throw new ConfigError(`${known.id} is declared in the configuration`, {
    hint: "Change it, or take it out, there; the next collecting records that.",
  });
}

/** The same said again without an id is no second attestation. */
function sameAs(
  recorded: readonly RecordedAttestation[],
  stated: StatedAttestation,
  file: Parameters<typeof nextVersion>[2],
): string | undefined {
  return recorded.find((one) => !one.isWithdrawn && nextVersion(one.id, stated, file, one) === undefined)?.id;
}

function freeId(recorded: readonly RecordedAttestation[], kind: string): string {
  const taken = new Set(recorded.map(({ id }) => id));
  let number = 1;
  while (taken.has(`${kind}-${number}`)) number += 1;
  return `${kind}-${number}`;
}
