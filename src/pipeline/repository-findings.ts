import { existsSync } from "node:fs";
import type { ConfiguredSource } from "../config/config.ts";
import { matchRepositories, ownersOf } from "../config/repository-patterns.ts";
import type { EvidenceRecord, Part, SourceRecord } from "../model/stream.ts";
import { SourceError } from "../util/errors.ts";
import { nearest } from "../util/nearest.ts";
import { providerContext } from "./collect.ts";
import { providerOf, withStore } from "./open.ts";
import { repositoryNames } from "./repository-names.ts";
import { repositoryIdOf } from "./streams.ts";
import type { DoctorFinding, PipelineContext } from "./types.ts";

/** A repository as the source lists it now: its immutable id and its name of today. */
interface Listed {
  readonly id: string;
  readonly name: string;
}

/** Compares a source's patterns and the repositories that systems name with the source's own list: what matches nothing is a finding, with what was probably meant. Never throws for what the source answers. */
export async function repositoryFindings(
  ctx: PipelineContext,
  source: ConfiguredSource,
): Promise<readonly DoctorFinding[]> {
  const subject = `source ${source.id}: scope`;
  ctx.progress(`${source.id}: listing repositories`);
  const owners = ownersOf(source.repositories);
  const lists = await Promise.all(owners.map((owner) => listOf(ctx, source, owner)));
  const listed = lists.flatMap((list) => (list instanceof SourceError ? [] : list));
  const names = listed.map(({ name }) => name);
  const unknown = new Set(owners.filter((_, index) => lists[index] instanceof SourceError).map(lower));
  const isListed = (name: string): boolean => !unknown.has(lower(ownerOf(name)));
  const { repositories, unmatched } = matchRepositories(source.repositories, names);
  const findings = [
    ...lists.flatMap((list, index) =>
      list instanceof SourceError ? [ownerFinding(subject, owners[index] ?? "", list, names)] : [],
    ),
    ...unmatched
      .filter((pattern) => isListed(pattern.replace(/^!/, "")))
      .map((pattern) => unmatchedFinding(subject, pattern, names)),
    ...(await unlistedFindings(ctx, source, subject, listed, isListed)),
  ];
  if (findings.length > 0) return findings;
  const inScope = repositories.filter(({ status }) => status === "inScope").length;
  return [
    {
      subject,
      ok: "ok",
      message: `every pattern and system matches; ${inScope} of ${names.length} repositories are taken in`,
    },
  ];
}

/** Asks the source for one owner's list, and stores nothing; a list that is not given is the error that says why. */
async function listOf(
  ctx: PipelineContext,
  source: ConfiguredSource,
  owner: string,
): Promise<readonly Listed[] | SourceError> {
  const provider = providerOf(source);
  const listed: Listed[] = [];
  try {
    for await (const { exchange, parts } of provider.repositories([owner], providerContext(ctx, source))) {
      ctx.signal.throwIfAborted();
      const entities = parts
        .filter(({ stream }) => stream.kind === "repositories")
        .flatMap((part) => part.records.map((record) => asRecord(part, record, exchange.serverTime)))
        .flatMap((record) => provider.normalize(record));
      for (const entity of entities)
        if (entity.type === "listedRepository") listed.push({ id: repositoryIdOf(entity), name: entity.name });
    }
    return listed;
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof SourceError)) throw error;
    return error;
  }
}

function ownerFinding(subject: string, owner: string, error: SourceError, names: readonly string[]): DoctorFinding {
  const near = nearest(owner, new Set(names.map(ownerOf)));
  return {
    subject,
    ok: "fail",
    message: `${error.message.replace(/\.$/, "")}${near === undefined ? "" : `; did you mean \`${near}\`?`}`,
    todo:
      error.hint ??
      "Correct the owner in the source's `repositories`, or let the token see it: until then the source gives nothing.",
  };
}

// As it would be stored; only the store's own numbers are missing.
function asRecord({ stream }: Part, record: SourceRecord, fetchedAt: string): EvidenceRecord {
  const { id, source, scopeId, kind } = stream;
  return { ...record, id: 0, run: "doctor", stream: id, source, scopeId, streamKind: kind, fetchedAt };
}

function unmatchedFinding(subject: string, pattern: string, names: readonly string[]): DoctorFinding {
  const wanted = pattern.replace(/^!/, "");
  const near = nearest(wanted, wanted.includes("*") ? beginnings(wanted, names) : names);
  const meant = near === undefined ? "" : `; did you mean \`${pattern.replace(wanted, near)}\`?`;
  return {
    subject,
    ok: "warn",
    message: `the pattern "${pattern}" matches nothing in the source's list of ${names.length}${meant}`,
    todo: "Correct it or take it away under `repositories` of the source, or let the token see what it names.",
  };
}

/** What a pattern such as `owner/sandbx-*` may have meant: the names as far as its star, and the star. */
function beginnings(pattern: string, names: readonly string[]): ReadonlySet<string> {
  const [before = "", after = ""] = pattern.split("*");
  return new Set(names.flatMap((name) => [-1, 0, 1].map((more) => `${name.slice(0, before.length + more)}*${after}`)));
}

async function unlistedFindings(
  ctx: PipelineContext,
  source: ConfiguredSource,
  subject: string,
  listed: readonly Listed[],
  isListed: (name: string) => boolean,
): Promise<readonly DoctorFinding[]> {
  const held = new Set(listed.map(({ name }) => lower(name)));
  const missing = ctx.config.systems
    .filter((system) => system.source === source.id)
    .flatMap((system) => system.repositories.map((name) => ({ system: system.id, name })))
    .filter(({ name }) => isListed(name) && !held.has(lower(name)));
  const today = missing.length === 0 ? () => undefined : await namesToday(ctx, source, listed);
  return missing.map(({ system, name }): DoctorFinding => {
    const now = today(name);
    if (now !== undefined) {
      return {
        subject,
        ok: "warn",
        message: `${name}, which system ${system} names, is now ${now}; it is followed by its id`,
        todo: `Write ${now} in its place.`,
      };
    }
    const near = nearest(
      name,
      listed.map((each) => each.name),
    );
    return {
      subject,
      ok: "fail",
      message: `${name}, which system ${system} names, is not in the source's list of ${listed.length}${near === undefined ? "" : `; did you mean \`${near}\`?`}`,
      todo: "Correct the name in the system, or let the token see the repository.",
    };
  });
}

/** Under which name the source lists a repository that the store knows by an earlier one. */
async function namesToday(
  ctx: PipelineContext,
  source: ConfiguredSource,
  listed: readonly Listed[],
): Promise<(name: string) => string | undefined> {
  if (!existsSync(ctx.config.store)) return () => undefined;
  const byId = new Map(listed.map(({ id, name }) => [id, name]));
  const { follow } = await withStore(ctx, { write: false }, (store) => repositoryNames(ctx.config, store, source));
  return (name) => {
    const known = follow(name).listed;
    return known && byId.get(repositoryIdOf(known));
  };
}

function ownerOf(name: string): string {
  return name.slice(0, name.indexOf("/"));
}

function lower(name: string): string {
  return name.toLowerCase();
}
