import type { SourceRecord } from "../../../model/stream.ts";
import { type Item, readList } from "./list.ts";
import { reasonOf, repositoryNow } from "./refusal.ts";
import type { Gained, Reading, Walk } from "./walk.ts";

const history = 180;

/**
 * What each rule set demanded, version by version; of one whose history cannot be read, what it demands now.
 * @see https://docs.github.com/en/rest/repos/rules
 * @see https://docs.github.com/en/rest/orgs/rules
 */
export const ruleVersions: Walk = async function* (reading) {
  for (const [id, slug] of reading.session.apps) reading.next.known[`app ${id}`] = slug;
  forgetNamed(reading);
  const read = yield* readList(reading, {
    name: "rulesets",
    operation: "RuleSets",
    path: "/repos/{owner}/{repo}/rulesets",
    values: { includes_parents: "true" },
  });
  const horizon = { days: history, reason: "the source keeps the history of rule sets for 180 days" };
  if (!read.ok) return { reasons: [yield* reasonOf(reading, "rule sets", read.refused)], nothing: true };
  const reasons = new Set<string>();
  // A rule set that changed shows it in the list: where that is unchanged, so are all of them.
  const sets = read.items.filter((set) => reading.next.known[String(set.id)] !== stampOf(set));
  for (const set of sets) {
    const before = reasons.size;
    yield* versionsOf(reading, set, reasons);
    if (reasons.size === before) reading.next.known[String(set.id)] = stampOf(set);
  }
  // An unread rule set must not hide behind an unchanged list.
  if (reasons.size > 0) delete reading.next.lists.rulesets;
  return { reasons: [...reasons], horizon };
};

const stampOf = (set: Item): string => `${set.updated_at} ${set.enforcement} ${set.name}`;

async function* versionsOf(reading: Reading, set: Item, reasons: Set<string>): AsyncGenerator<Gained> {
  const { get } = reading.session.github;
  const values = { ...reading.values, id: String(set.id) };
  const path = "/repos/{owner}/{repo}/rulesets/{id}";
  // The organisation's own rule sets have their history there.
  const isOrganisations = set.source_type === "Organization" && typeof set.source === "string";
  const [historyPath, historyValues] = isOrganisations
    ? ["/orgs/{org}/rulesets/{id}/history", { org: set.source as string, id: values.id }]
    : [`${path}/history`, values];
  const branches = yield* branchesOf(reading);
  const recordOf = (id: string, body: Item): readonly SourceRecord[] => {
    const ids = appsIn(body);
    const unnamed = unnamedIn(reading, body);
    const unread = reading.gaps?.get("checks");
    // Checks name apps: where this run could not read them, the next one may.
    if (unnamed.length > 0 && unread !== undefined && !reading.session.denied.has("checks")) {
      reasons.add(`rule set ${set.name} names app ${unnamed.join(", ")}, which no check has named: ${unread}`);
      return [];
    }
    const apps = Object.fromEntries(
      ids.flatMap((app) => {
        const slug = reading.next.known[`app ${app}`];
        return slug === undefined ? [] : [[app, slug]];
      }),
    );
    return [{ kind: "ruleVersion", externalId: `${set.id}/${id}`, body: { ...branches, apps, ruleSet: set, ...body } }];
  };
  const versions = yield* readList(reading, {
    name: `history ${set.id}`,
    operation: "RuleSetHistory",
    path: historyPath,
    values: historyValues,
  });
  delete reading.next.lists[`history ${set.id}`];
  if (versions.ok && versions.items.length > 0) {
    for (const { version_id } of versions.items) {
      const version = String(version_id);
      if (reading.next.known[`${set.id}/${version}`] !== undefined) continue;
      const answer = await get({
        operation: "RuleSetVersion",
        path: `${historyPath}/{version}`,
        values: { ...historyValues, version },
      });
      const records = answer.ok ? recordOf(version, { version: answer.json }) : [];
      yield { exchange: answer.exchange, records };
      if (records.length > 0)
        reading.next.known[`${set.id}/${version}`] = [
          noted,
          ...unnamedIn(reading, answer.ok ? answer.json : null),
        ].join(" ");
      if (!answer.ok) reasons.add(yield* reasonOf(reading, `version ${version} of rule set ${set.name}`, answer));
    }
    return;
  }
  if (!versions.ok) reasons.add(yield* reasonOf(reading, `the history of rule set ${set.name}`, versions.refused));
  const answer = await get({ operation: "RuleSet", path, values });
  const stamp = String((answer.ok ? (answer.json as Item | null)?.updated_at : undefined) ?? "");
  yield { exchange: answer.exchange, records: answer.ok ? recordOf(stamp, { now: answer.json }) : [] };
  if (!answer.ok) reasons.add(yield* reasonOf(reading, `rule set ${set.name}`, answer));
}

/** The branches that rule sets speak of: the one where changes land, those they are promoted through, the default one. */
async function* branchesOf(reading: Reading) {
  const found = yield* repositoryNow(reading);
  const defaultBranch = typeof found === "object" ? found.defaultBranch : null;
  const { branch = defaultBranch, promoted } = reading.stream;
  return { branch, defaultBranch, ...(promoted === undefined ? {} : { promoted }) };
}

const unnamedIn = ({ next }: Reading, body: unknown): readonly string[] =>
  appsIn(body).filter((app) => next.known[`app ${app}`] === undefined);

/** A version that was read is noted with the apps in it that nothing had named. */
const noted = "read";

/** Forgets versions of which an app has been named since: they are read again, with its name. */
function forgetNamed({ next }: Reading): void {
  for (const [key, value] of Object.entries(next.known)) {
    const [word, ...apps] = value.split(" ");
    if (word !== noted || !apps.some((app) => next.known[`app ${app}`] !== undefined)) continue;
    delete next.known[key];
    delete next.known[key.split("/")[0] ?? ""];
    delete next.lists.rulesets;
  }
}

/** The ids of the apps that a rule set names. */
function appsIn(body: unknown): readonly string[] {
  const text = JSON.stringify(body);
  return [...new Set([...text.matchAll(/"integration_id":"?(\d+)/g)].map(([, id = ""]) => id))].sort();
}
