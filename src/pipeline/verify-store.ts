import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import { keyHash, type NoteKey, readNote } from "../ledger/checkpoint-note.ts";
import { hashSync } from "../ledger/hashing.ts";
import { fingerprint } from "../ledger/signing-key.ts";
import type { Check } from "../pack/verify/check.ts";
import { broken, counted, holds, reasonOf, unchecked } from "../pack/verify/findings.ts";
import { timestampSubject } from "../pack/verify/index.ts";
import { type Store, signedStretches } from "../store/index.ts";
import { witnessFile } from "../store/witness.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256 } from "../util/hash.ts";
import { attestationChecks } from "./attest-files.ts";
import { recordedAttestations } from "./attest-records.ts";
import { keyFor } from "./note-key.ts";
import { withStore } from "./open.ts";
import { type IssuedPack, issuedPacks } from "./pack-records.ts";
import type { PipelineContext } from "./types.ts";
import { type Trust, tokenCheck, verifyPack } from "./verify-pack.ts";

/** What of a store was looked at. */
export interface StoreVerification {
  readonly name: string;
  readonly checks: readonly Check[];
  /** The latest; undefined before the first run ended. */
  readonly checkpoint: Checkpoint | undefined;
  readonly packs: readonly IssuedPack[];
}

/** Verifies the configured store from its bytes: records, ledger, notes, timestamps, issued packs, and what is noted beside it. Throws ConfigError where there is none. */
export async function verifyStore(ctx: PipelineContext, trust: Trust): Promise<StoreVerification> {
  const { store: path } = ctx.config;
  if (!existsSync(path)) throw new ConfigError(`there is no store ${path}`, { hint: "Run `flowproof collect` first." });
  return withStore(ctx, { write: false }, async (store) => {
    const checkpoints = await store.checkpoints();
    const key = keyFor(ctx.config, trust.key, checkpoints);
    const { size = 0 } = checkpoints.at(-1) ?? {};
    const problems = await store.verify(key.note, (read) => {
      ctx.signal.throwIfAborted();
      ctx.progress(`verifying ${basename(path)}: record ${read} of ${size}`);
    });
    const packs = await packsOf(store, ctx);
    ctx.signal.throwIfAborted();
    return {
      name: basename(path),
      checkpoint: checkpoints.at(-1),
      packs: packs.found,
      checks: [
        ...ledgerChecks(problems, checkpoints),
        ...key.checks,
        ...signatureChecks(checkpoints, key.note, { given: trust.key !== undefined, problems }),
        ...(await timestampChecks(store, checkpoints, trust.roots)),
        witnessCheck(path, problems),
        unchecked(
          "coverage",
          "what runs said of their coverage, cursors and requests is no leaf of the ledger: compare it with issued packs, which keep theirs",
        ),
        ...packs.checks,
        ...(await attestedChecks(store, ctx)),
        ...(await folderChecks(ctx, packs.found, checkpoints, trust)),
      ].filter((check) => check !== undefined),
    };
  });
}

/** The store tells its problems in sentences; what they are about stands at their beginning. */
function ledgerChecks(problems: readonly string[], checkpoints: readonly Checkpoint[]): readonly Check[] {
  const bad = problems.map((problem) => {
    const record = /^(r\d+) \(([^)]*)\): (.*)$/s.exec(problem);
    if (record) return broken(record[1] as string, `${record[3]} (${record[2]})`);
    return broken(/^fork|checkpoint/.test(problem) ? "checkpoint" : "store", problem);
  });
  const last = checkpoints.at(-1);
  const whole: Check[] = [];
  if (!bad.some(({ subject }) => subject !== "checkpoint"))
    whole.push(
      holds("records", `${counted(last?.size ?? 0, "record")}: every body, digest, leaf, place and projection`),
    );
  if (!bad.some(({ subject }) => subject === "checkpoint"))
    whole.push(
      last
        ? holds(
            "checkpoint",
            `${counted(checkpoints.length, "checkpoint")}, the last of ${last.at} over root ${last.root}`,
          )
        : unchecked("checkpoint", "there is none: no run has ended yet"),
    );
  return [...bad, ...whole];
}

/** Whose signatures the notes carry; one by the key that is not good is told by the store. */
function signatureChecks(
  checkpoints: readonly Checkpoint[],
  key: NoteKey | undefined,
  { given, problems }: { readonly given: boolean; readonly problems: readonly string[] },
): readonly Check[] {
  const own = key && hashSync(sha256, keyHash(key));
  const forged = problems.some((problem) => problem.endsWith("is not signed by the key that it names"));
  return signedStretches(checkpoints).flatMap(({ key: by, first, last }, index, all) => {
    const span = first === last ? `the checkpoint of ${last.at}` : `the checkpoints of ${first.at} to ${last.at}`;
    if (by && key && by.hash === own && by.name === key.name)
      return forged ? [] : [holds("signature", `${span}: signed by ${by.name}, key ${fingerprint(key.publicKey)}`)];
    const text = by ? `${span}: signed in the name of ${by.name} with another key` : `${span}: not signed`;
    if (given && index === all.length - 1) return [broken("signature", `${text}, not with the one you gave`)];
    return [unchecked("signature", by ? `${text}; give it with --key FILE` : text)];
  });
}

async function timestampChecks(
  store: Store,
  checkpoints: readonly Checkpoint[],
  roots: readonly string[],
): Promise<readonly Check[]> {
  const found: { check: Check; at: string }[] = [];
  for (const checkpoint of checkpoints) {
    const { note, at } = checkpoint;
    if (note === undefined) continue;
    const timestamp = await store.timestampOf(checkpoint);
    if (timestamp) found.push({ check: await tokenCheck(timestamp.token, sha256(note), roots), at });
  }
  const bad = found.filter(({ check }) => check.outcome === "broken");
  const last = found.findLast(({ check }) => check.outcome !== "broken");
  return [
    ...bad.map(({ check, at }) => ({ ...check, text: `of the checkpoint of ${at}: ${check.text}` })),
    ...(last
      ? [{ ...last.check, text: `${counted(found.length - bad.length, "checkpoint")}; the last: ${last.check.text}` }]
      : []),
    ...(found.length === 0
      ? [unchecked(timestampSubject, "no checkpoint has one: when the records were there is the store's own word")]
      : []),
  ];
}

function witnessCheck(path: string, problems: readonly string[]): Check | undefined {
  const file = basename(witnessFile(path));
  if (!existsSync(witnessFile(path)))
    return unchecked(
      "noted checkpoint",
      `${file} is not there, so a store put back to an earlier state shows only against an older pack`,
    );
  // What it contradicts is among the problems.
  return problems.some((problem) => problem.includes(witnessFile(path)))
    ? undefined
    : holds("noted checkpoint", `the one in ${file} is the store's own`);
}

async function packsOf(
  store: Store,
  ctx: PipelineContext,
): Promise<{ readonly found: readonly IssuedPack[]; readonly checks: readonly Check[] }> {
  try {
    return { found: await issuedPacks(store, ctx.config), checks: [] };
  } catch (error) {
    return { found: [], checks: [broken("packs", reasonOf(error))] };
  }
}

/** The files of attestations, which lie beside the store. */
async function attestedChecks(store: Store, { config }: PipelineContext): Promise<readonly Check[]> {
  try {
    return attestationChecks(config, await recordedAttestations(store, config));
  } catch (error) {
    return [broken("attestations", reasonOf(error))];
  }
}

/** Each issued pack against the ledger's record of it: under one of its checkpoints, its folder still what was issued. */
async function folderChecks(
  ctx: PipelineContext,
  packs: readonly IssuedPack[],
  checkpoints: readonly Checkpoint[],
  trust: Trust,
): Promise<readonly Check[]> {
  const states = new Set(checkpoints.map(({ size, root }) => `${size} ${root}`));
  const checks: Check[] = [];
  for (const { name, record, manifest, checkpoint } of packs) {
    ctx.progress(`verifying ${name}`);
    ctx.signal.throwIfAborted();
    if (!states.has(`${checkpoint.size} ${checkpoint.root}`))
      checks.push(broken(name, `r${record}: it was issued under a checkpoint that the ledger does not hold`));
    const folder = join(ctx.config.reports, name);
    if (!existsSync(folder)) {
      checks.push(unchecked(name, `its folder is not in ${basename(ctx.config.reports)}: verify it where it lies`));
      continue;
    }
    const pack = await verifyPack(folder, trust);
    const bad = pack.checks.filter(({ outcome }) => outcome === "broken");
    checks.push(...bad.map((check) => broken(name, `${check.subject}: ${check.text}`)));
    if (pack.manifest !== manifest)
      checks.push(broken(name, `r${record}: its folder is not the one that was issued: manifest.json is another`));
    else if (bad.length === 0)
      checks.push(holds(name, `its folder is what was issued (r${record}); ${counted(pack.checks.length, "check")}`));
  }
  return checks;
}

/** Whose ledger it is, as its latest signed checkpoint says. */
export const originOf = ({ checkpoint }: StoreVerification): string | undefined =>
  readNote(checkpoint?.note ?? "")?.origin;
