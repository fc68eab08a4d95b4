import { z } from "zod";
import type { Actor, EntityOf, EntityType, Seen } from "../model/entity.ts";
import { accountName, type Identity } from "../model/identity.ts";
import type { Store } from "../store/index.ts";
import { IntegrityError } from "../util/errors.ts";

/** What each run keeps of the accounts it saw, so that a later rename of one cannot unsay it. */
export const pinsKind = "accounts";
const pinsSchema = z.record(z.string(), z.string());

interface Pin {
  readonly id: string;
  readonly record: number;
}

/** The account first seen with each configured login, and of the first login that another account had too, both. */
export interface SeenAccounts {
  /** Account ids by `accountName`. */
  readonly pins: ReadonlyMap<string, string>;
  readonly mismatch: IntegrityError | undefined;
}

/** As `seenAccounts`; throws its IntegrityError where a login stands for two accounts. */
export async function accountPins(
  store: Pick<Store, "entities" | "recordsOfStream">,
  identities: readonly Identity[],
  stream: string,
): Promise<ReadonlyMap<string, string>> {
  const { pins, mismatch } = await seenAccounts(store, identities, stream);
  if (mismatch) throw mismatch;
  return pins;
}

/**
 * The account ids that the evidence shows with the configured logins: what earlier runs kept in `stream` first, then what
 * the stored objects say. A login that was configured only after every object that carried it had been read again under
 * a new one is known by its name alone.
 */
export async function seenAccounts(
  store: Pick<Store, "entities" | "recordsOfStream">,
  identities: readonly Identity[],
  stream: string,
): Promise<SeenAccounts> {
  const configured = new Set(identities.flatMap(({ accounts }) => accounts.map((name) => name.toLowerCase())));
  const pins = new Map<string, Pin>();
  let mismatch: IntegrityError | undefined;
  if (configured.size === 0) return { pins: new Map(), mismatch };
  const pinTo = (name: string, id: string, record: number) => {
    if (!configured.has(name)) return;
    const pin = pins.get(name);
    if (pin && pin.id !== id) mismatch ??= twoAccounts(name, pin, { id, record });
    // Evidence is older than what a run kept of it.
    else if (!pin || record < pin.record) pins.set(name, { id, record });
  };
  for (const record of await store.recordsOfStream(stream)) {
    if (record.kind !== pinsKind) continue;
    for (const [name, id] of Object.entries(pinsSchema.parse(record.body))) pinTo(name, id, record.id);
  }
  const take = (source: string, actor: Actor | null, record: number) => {
    // A placeholder that an import left behind may carry anybody's login.
    if (!actor || actor.id === "" || actor.kind === "unknown") return;
    pinTo(accountName(source, actor.login), actor.id, record);
  };
  const read = async <T extends EntityType>(type: T, actorsOf: (entity: EntityOf<T>) => readonly (Actor | null)[]) => {
    const entities: readonly Seen<EntityOf<T>>[] = await store.entities(type, {});
    for (const entity of entities) {
      const source = entity.repository.slice(0, entity.repository.indexOf("/"));
      for (const actor of actorsOf(entity)) take(source, actor, entity.record);
    }
  };
  await read("change", ({ author, merger }) => [author, merger]);
  await read("review", ({ author }) => [author]);
  await read("dismissal", ({ by }) => [by]);
  await read("commit", ({ author, committer }) => [author.account, committer.account]);
  await read("commitAuthors", ({ authors }) => authors.map(({ account }) => account));
  await read("deployment", ({ creator }) => [creator]);
  await read("deploymentStatus", ({ creator }) => [creator]);
  return { pins: new Map([...pins].map(([name, { id }]) => [name, id])), mismatch };
}

function twoAccounts(name: string, pin: Pin, other: Pin): IntegrityError {
  return new IntegrityError(
    `${name}, which \`identities\` names, stands for two accounts: id ${pin.id} (record r${pin.record}) and id ${other.id} (record r${other.record})`,
    {
      hint: "Name the person's account by the login it has today instead: what it did under the old one is followed by its id.",
    },
  );
}
