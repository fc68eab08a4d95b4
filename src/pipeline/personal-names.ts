import { z } from "zod";
import type { Config } from "../config/config.ts";
import { effectiveConfig } from "../config/effective-config.ts";
import { type Actor, type EntityType, entitySchema, type GitPerson } from "../model/entity.ts";
import { type IdentityMap, identityMap } from "../model/identity.ts";
import type { PersonalName } from "../report/redact.ts";
import type { Store } from "../store/index.ts";
import { accountPins, accountSightings } from "./account-pins.ts";
import { configurationsWord } from "./attest-declared.ts";
import { recordedAttestations } from "./attest-records.ts";
import { configurationStream } from "./configuration-record.ts";
import { issuedPacks } from "./pack-records.ts";
import { recordedAnswers } from "./response-records.ts";

/**
 * Every login, account id, display name and address of a person that the store or the configuration holds, sorted; the
 * accounts of one person, by the map of identities, under one. Automations are no persons.
 */
export async function personalNames(store: Store, config: Config): Promise<readonly PersonalName[]> {
  const recorded = await store.recordsOfStream(configurationStream(config));
  const pins = accountPins(await accountSightings(store, recorded), config.identities);
  const map = identityMap(config.identities, pins);
  const found = new Map<string, PersonalName>();
  const add = (kind: PersonalName["kind"], text: string, person: string): void => {
    const name = text.trim();
    const known = `${kind} ${name.toLowerCase()}`;
    if (name !== "" && !found.has(known)) found.set(known, { kind, text: name, person });
  };
  for (const source of config.sources) await fromSource(store, source.id, map, add);
  fromConfiguration(config, map, add);
  for (const { issued } of await issuedPacks(store, config)) add("name", issued.by, personOf(issued.by, found));
  for (const { versions, withdrawals } of await recordedAttestations(store, config)) {
    const people = [
      ...versions.flatMap(({ by, approver }) => [by, approver ?? ""]),
      ...withdrawals.map(({ by }) => by),
    ];
    for (const name of people) if (name !== configurationsWord) add("name", name, personOf(name, found));
  }
  for (const { versions } of await recordedAnswers(store, config)) {
    for (const name of versions.flatMap(({ owner, retrospective }) => [nameIn(owner), retrospective?.by ?? ""]))
      add("name", name, personOf(name, found));
  }
  return [...found.values()].sort((a, b) =>
    a.person < b.person ? -1 : a.person > b.person ? 1 : a.text < b.text ? -1 : 1,
  );
}

/** `Iris Holm` of `Iris Holm, Head of Engineering`. */
const nameIn = (owner: string): string => owner.split(",")[0] ?? owner;

type Add = (kind: PersonalName["kind"], text: string, person: string) => void;

/** Who a name of the configuration is: the person already known by it, else a person of that name. */
const personOf = (name: string, found: ReadonlyMap<string, PersonalName>): string =>
  found.get(`name ${name.trim().toLowerCase()}`)?.person ?? `name:${name.trim().toLowerCase()}`;

async function fromSource(store: Store, source: string, map: IdentityMap, add: Add): Promise<void> {
  const unknown: GitPerson[] = [];
  const partyByAddress = new Map<string, string>();
  const actor = (one: Actor): string | undefined => {
    const party = map.ofActor(source, one);
    if (party.kind === "automation" || one.kind === "automation" || isBot(one.login)) return undefined;
    // Whom only a list of the organisation's own names has no id.
    const id = one.id === "" && party.id.startsWith("account:") ? `login:${one.login.toLowerCase()}` : party.id;
    add("login", one.login, id);
    if (one.id !== "") add("id", one.id, id);
    return id;
  };
  const person = (one: GitPerson): void => {
    if (!one.account) {
      unknown.push(one);
      return;
    }
    const party = actor(one.account);
    if (party === undefined) return;
    partyByAddress.set(one.email.toLowerCase(), party);
    add("name", one.name, party);
    add("email", one.email, party);
  };
  for (const type of entityTypes) {
    for (const entity of await store.entities(type, {})) {
      if (!entity.repository.startsWith(`${source}/`) && entity.repository !== source) continue;
      gather(entity, actor, person, entity.type === "commit" && entity.madeBy === "platform");
      if (entity.type === "auditEvent" && entity.by !== null && !isBot(entity.by)) {
        actor({ id: "", login: entity.by, kind: "unknown" });
      }
    }
  }
  for (const { name, email } of unknown) {
    const address = email.toLowerCase();
    const party = map.ofEmail(email);
    if (party?.kind === "automation" || isBot(name)) continue;
    const id = party?.id ?? partyByAddress.get(address) ?? `address:${address}`;
    add("name", name, id);
    add("email", email, id);
  }
}

const isBot = (name: string): boolean => name.endsWith("[bot]");

const entityTypes: readonly EntityType[] = entitySchema.options.map(({ shape }) => shape.type.value);

const actorShape = z.object({ id: z.string(), login: z.string(), kind: z.enum(["person", "automation", "unknown"]) });
const gitPersonShape = z.object({ name: z.string(), email: z.string(), account: actorShape.nullable() });

/** Every account and every git identity within an entity; of a commit that the platform made, not its committer. */
function gather(
  value: unknown,
  actor: (one: Actor) => unknown,
  person: (one: GitPerson) => void,
  byPlatform: boolean,
): void {
  if (value === null || typeof value !== "object") return;
  if ("email" in value) {
    person(gitPersonShape.parse(value));
    return;
  }
  if ("login" in value) {
    actor(actorShape.parse(value));
    return;
  }
  for (const [name, one] of Object.entries(value)) {
    if (!(byPlatform && name === "committer")) gather(one, actor, person, byPlatform);
  }
}

/** The persons of the map of identities, the accounts that any rule names, and who answers for a waiver. */
function fromConfiguration(config: Config, map: IdentityMap, add: Add): void {
  for (const identity of config.identities) {
    if (!("person" in identity)) continue;
    const id = `person:${identity.person}`;
    add("name", identity.person, id);
    for (const email of identity.emails) add("email", email, id);
  }
  const sources = config.sources.map(({ id }) => `${id.toLowerCase()}:`);
  for (const text of textsOf(effectiveConfig(config))) {
    const source = sources.find((prefix) => text.toLowerCase().startsWith(prefix));
    const login = source === undefined ? "" : text.slice(source.length);
    if (login === "" || /[\s/]/.test(login) || isBot(login)) continue;
    const party = map.ofName(text);
    const automation =
      party?.kind === "automation" ||
      config.policies.some(({ automation: some }) => some.some(({ account }) => account === text));
    if (!automation) add("login", login, party?.id ?? `login:${login.toLowerCase()}`);
  }
  for (const { owner } of config.waivers) {
    const name = nameIn(owner);
    add("name", name, `name:${name.trim().toLowerCase()}`);
  }
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsOf) : [];
}
