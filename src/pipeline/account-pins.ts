import { z } from "zod";
import type { Actor, EntityOf, EntityType } from "../model/entity.ts";
import { accountName, type Identity } from "../model/identity.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { IntegrityError } from "../util/errors.ts";

/** What each run keeps of the accounts it saw, so that a later rename of one cannot unsay it. */
export const pinsKind = "accounts";
const pinsSchema = z.record(z.string(), z.string());

interface Pin {
  readonly id: string;
  readonly record: number;
}

/** By `accountName`, each account id that was seen with it and the first record that shows it. */
export type Sightings = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The account first seen with each configured login, and of the first login that another account had too, both. */
export interface SeenAccounts {
  /** Account ids by `accountName`. */
  readonly pins: ReadonlyMap<string, string>;
  readonly mismatch: IntegrityError | undefined;
}

/** As `seenAccounts`; throws its IntegrityError where a login stands for two accounts. */
export function accountPins(sightings: Sightings, identities: readonly Identity[]): ReadonlyMap<string, string> {
  const { pins, mismatch } = seenAccounts(sightings, identities);
  if (mismatch) throw mismatch;
  return pins;
}

/**
 * The account ids that the evidence shows with the configured logins. A login that was configured only after every
 * object that carried it had been read again under a new one is known by its name alone.
 */
export function seenAccounts(sightings: Sightings, identities: readonly Identity[]): SeenAccounts {
  const configured = new Set(identities.flatMap(({ accounts }) => accounts.map((name) => name.toLowerCase())));
  const pins = new Map<string, string>();
  let mismatch: IntegrityError | undefined;
  for (const name of configured) {
    const [first, second] = [...(sightings.get(name) ?? [])]
      .map(([id, record]): Pin => ({ id, record }))
      .sort((a, b) => a.record - b.record);
    if (first) pins.set(name, first.id);
    if (first && second) mismatch ??= twoAccounts(name, first, second);
  }
  return { pins, mismatch };
}

/** Who was seen under which login: what earlier runs kept in `kept`, and what the stored objects say. */
export async function accountSightings(
  store: Pick<Store, "eachEntity">,
  kept: readonly EvidenceRecord[],
): Promise<Sightings> {
  const sightings = new Map<string, Map<string, number>>();
  const see = (name: string, id: string, record: number) => {
    const ids = sightings.get(name) ?? new Map<string, number>();
    if (ids.size === 0) sightings.set(name, ids);
    // Evidence is older than what a run kept of it.
    if (record < (ids.get(id) ?? Number.POSITIVE_INFINITY)) ids.set(id, record);
  };
  for (const record of kept) {
    if (record.kind !== pinsKind) continue;
    for (const [name, id] of Object.entries(pinsSchema.parse(record.body))) see(name, id, record.id);
  }
  const take = (source: string, actor: Actor | null, record: number) => {
    // A placeholder that an import left behind may carry anybody's login.
    if (!actor || actor.id === "" || actor.kind === "unknown") return;
    see(accountName(source, actor.login), actor.id, record);
  };
  const read = <T extends EntityType>(type: T, actorsOf: (entity: EntityOf<T>) => readonly (Actor | null)[]) =>
    store.eachEntity(type, (entity) => {
      const source = entity.repository.slice(0, entity.repository.indexOf("/"));
      for (const actor of actorsOf(entity)) take(source, actor, entity.record);
    });
  await read("change", ({ author, merger }) => [author, merger]);
  await read("review", ({ author }) => [author]);
  await read("dismissal", ({ by }) => [by]);
  await read("commit", ({ author, committer }) => [author.account, committer.account]);
  await read("commitAuthors", ({ authors }) => authors.map(({ account }) => account));
  await read("deployment", ({ creator }) => [creator]);
  await read("deploymentStatus", ({ creator }) => [creator]);
  await read("branchActivity", ({ by }) => [by]);
  await read("pipelineRun", ({ by, startedBy }) => [by, startedBy]);
  await read("deploymentApproval", ({ by }) => [by]);
  return sightings;
}

function twoAccounts(name: string, pin: Pin, other: Pin): IntegrityError {
  return new IntegrityError(
    `${name}, which \`identities\` names, stands for two accounts: id ${pin.id} (record r${pin.record}) and id ${other.id} (record r${other.record})`,
    {
      hint: "Name the person's account by the login it has today instead: what it did under the old one is followed by its id.",
    },
  );
}
