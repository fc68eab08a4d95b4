import type { Exception, Item } from "../../model/assessment.ts";
import { exceptionAnchor, leakAnchor, unseenAnchor } from "../anchors.ts";
import type { Flow } from "../flow.ts";
import { counted, list, number, sentence } from "../format.ts";
import { subjectNames } from "../labels.ts";
import { limits } from "../limits.ts";
import { cutOf, listed, named } from "../listed.ts";
import type { Pack } from "../pack.ts";
import { cutAnchors } from "../printed.ts";
import { answersText, answerView, causeAnchor, causesView, firstTold, strayAnswers } from "./answers.ts";

/** How many events a story has at most for its exception to stay on one page of the print, which more would leave half empty. */
const longestUnsplit = 12;

/** Every exception with its story, what left the flow where, and what the evidence could not say. */
export function exceptionsView(pack: Pack, flow: Flow) {
  const { exceptions, causes = [] } = pack.result;
  const { told: whole, brief, followers } = pack.printed;
  const told = firstTold(pack.result, [...whole, ...brief, ...followers]);
  const titles = new Map(causes.map(({ id, title }) => [id, title]));
  return {
    none: exceptions.length === 0,
    summary: [summary(pack.printed), answersText(pack)].filter(Boolean).join(" "),
    causes: causesView(pack),
    anyCause: causes.length > 0,
    leaks: flow.gates.flatMap(({ id, behind, without, leaks, unseen }) => [
      ...(leaks.length > 0 ? [{ anchor: leakAnchor(id), title: without, ...leaked(pack, leaks) }] : []),
      ...(unseen.length > 0
        ? [{ anchor: unseenAnchor(id), title: `not verifiable: ${behind}`, ...leaked(pack, unseen) }]
        : []),
    ]),
    origins: whole.map((exception, index) => {
      const view = exceptionView(pack, exception);
      const answer = answerView(pack, exception, told);
      // A whole answer makes a page's second exception too long to be kept in one piece.
      const short = view.short && (answer === null || answer.elsewhere !== null);
      return { ...view, short, group: groupOf(exception, whole[index - 1], titles), answer };
    }),
    brief: brief.map((exception, index) => ({
      ...rowView(pack, exception, told),
      group: groupOf(exception, brief[index - 1] ?? whole.at(-1), titles),
    })),
    anyBrief: brief.length > 0,
    cuts: cuts(pack),
    followers: followers.map((exception) => ({
      ...rowView(pack, exception, told),
      follows: exception.follows.flatMap((key) => followed(pack, key)),
    })),
    anyFollower: followers.length > 0,
    strays: strayAnswers(pack),
    anyStray: strayAnswers(pack).length > 0,
    unverifiable: unverifiable(pack),
  };
}

function summary({ told, brief, all: { origins, followers } }: Pack["printed"]): string {
  if (origins.length + followers.length === 0) return "No test failed.";
  const waived = origins.filter(({ waiver }) => waiver !== null).length;
  const systems = new Set(origins.map(({ system }) => system)).size;
  return [
    `${sentence(counted(origins.length, "exception"))} in ${counted(systems, "system")}, by cause, the gravest first, ${tellingOf(told.length, brief.length, origins.length)}.`,
    ...(waived > 0
      ? [`${number(waived)} of them ${waived === 1 ? "was" : "were"} accepted in advance by a waiver.`]
      : []),
    ...(followers.length > 0
      ? [
          `${counted(followers.length, "deployment")} failed only because of what ${followers.length === 1 ? "it" : "they"} brought; listed apart, answered with the exception that caused it.`,
        ]
      : []),
  ].join(" ");
}

/** What of the exceptions the section tells: of all what happened, or of the gravest, the others as rows as far as it has any. */
function tellingOf(told: number, rows: number, all: number): string {
  const each = "with what happened and management's response or room for it";
  if (told === all) return `each ${each}`;
  const others =
    told + rows === all ? "the others as rows" : `${number(rows)} more as rows, the others in exceptions.csv`;
  return `the ${number(told)} gravest each ${each}, ${others}`;
}

/** The heading of a cause above its first exception; null above the others. */
function groupOf(
  { cause }: Exception,
  before: Exception | undefined,
  titles: ReadonlyMap<string, string>,
): { readonly anchor: string; readonly title: string } | null {
  const title = cause === undefined || cause === before?.cause ? undefined : titles.get(cause);
  return cause === undefined || title === undefined ? null : { anchor: causeAnchor(cause), title };
}

/** An exception as a row. */
function rowView(pack: Pack, exception: Exception, told: ReadonlyMap<string, string>) {
  return {
    anchor: exceptionAnchor(exception.id),
    id: exception.id,
    label: exception.label,
    item: pack.printed.placeOf(exception.item),
    system: exception.system,
    at: exception.subject === "configuration" ? seen(pack, exception) : pack.time.minute(exception.at),
    messages: [...new Set(exception.messages)],
    waiver: exception.waiver,
    answer: answerView(pack, exception, told),
    records: pack.records(exception.evidence),
  };
}

/** What is not told whole, and what is not even a row. */
function cuts({ printed: { told, brief, followers, all }, file }: Pack) {
  const cut = (of: { anchor: string; shown: number; all: number; what: string; which: string }) =>
    cutOf(() => file("exceptions.csv"), { ...of, sheet: "Exceptions" });
  const rows = told.length + brief.length;
  return {
    stories: cut({
      anchor: cutAnchors.stories,
      shown: told.length,
      all: all.origins.length,
      what: "exceptions with what happened",
      which: `those of the gravest causes. ${sentence(counted(brief.length, "further one"))} ${brief.length === 1 ? "follows" : "follow"} as rows; what happened is in assessment.json, under exceptions`,
    }),
    exceptions: cut({
      anchor: cutAnchors.exceptions,
      shown: rows,
      all: all.origins.length,
      what: "exceptions",
      which: "those of the gravest causes",
    }),
    followers: cut({
      anchor: cutAnchors.followers,
      shown: followers.length,
      all: all.followers.length,
      what: "such deployments",
      which: "the first of them",
    }),
  };
}

function exceptionView(pack: Pack, exception: Exception) {
  return {
    anchor: exceptionAnchor(exception.id),
    id: exception.id,
    heading: direct(pack, exception) ? `Direct commit ${exception.label}` : heading(exception),
    title: direct(pack, exception) ? `“${exception.title}”` : exception.title,
    url: exception.url,
    item: pack.printed.placeOf(exception.item),
    system: exception.system,
    team: exception.team,
    at:
      exception.subject === "configuration"
        ? seen(pack, exception)
        : exception.notBefore === undefined
          ? pack.time.long(exception.at)
          : `on the branch ${pack.time.within(exception)}`,
    actor: exception.subject === "configuration" ? "set by: not known" : exception.actor,
    findings: findings(pack, exception),
    further: exception.messages.slice(exception.attributes.length),
    story: exception.story.map(({ at, notBefore, text, record }) => ({
      at: at === null ? "not dated" : pack.time.within({ at, notBefore }),
      interval: notBefore !== undefined,
      text,
      records: pack.records(record === null ? [] : [record]),
    })),
    anyStory: exception.story.length > 0,
    short: exception.story.length <= longestUnsplit,
    controls: exception.controls.map(pack.controlRef),
    remediation: exception.remediation,
    waiver: exception.waiver,
    records: pack.records(exception.evidence),
  };
}

/** A setting has no time of its own: when the latest look that the exception rests on was taken. */
function seen({ result: { records }, time }: Pack, { evidence }: Exception): string {
  const looks = records.filter(({ id }) => evidence.includes(id)).map(({ fetchedAt }) => fetchedAt);
  const latest = looks.toSorted().at(-1);
  return latest === undefined ? "time of the look not known" : `seen ${time.long(latest)}`;
}

/** What failed, tests with one message between them told once. */
function findings(pack: Pack, { attributes, messages }: Exception) {
  const rows = attributes.map((id, index) => ({
    letter: pack.attributes.get(id)?.letter ?? "",
    title: pack.attributes.get(id)?.title ?? id,
    message: messages[index] ?? "",
  }));
  return [...Map.groupBy(rows, ({ message }) => message)].map(([message, tests]) => ({
    letters: tests.map(({ letter }) => letter),
    failed: `Failed ${tests.length === 1 ? "test" : "tests"} ${list(tests.map(({ letter, title }) => `${letter}, “${title}”`))}:`,
    message,
  }));
}

const direct = (pack: Pack, { subject, item }: Exception): boolean =>
  subject === "commit" && (pack.items.get(item)?.link ?? null) === null;

/** `Change #316`; a deployment's label names its kind itself. */
function heading({ subject, label }: Exception): string {
  const kind = subjectNames[subject].one;
  return sentence(label.startsWith(kind) ? label : `${kind} ${label}`);
}

function followed(pack: Pack, key: string) {
  const exception = pack.result.exceptions.find(({ id }) => id === key);
  return (exception ? [exception] : pack.exceptionsOf(key)).map(({ id }) => pack.exceptionRef(id));
}

function leaked(pack: Pack, leaks: Flow["gates"][number]["leaks"]) {
  const { shown: items, more } = named(leaks, limits.names, "changes.csv", ({ item, attribute, waived }) => {
    const shown = pack.itemOf(item.system, item.link) ?? item;
    return {
      text: `${shown.system} ${shown.label}`,
      anchor: pack.printed.placeOf(shown.key),
      waived,
      exceptions: exceptionOf(pack, shown, attribute),
    };
  });
  return { count: number(leaks.length), items, more };
}

function exceptionOf(pack: Pack, shown: Item, attribute: string) {
  const own = pack.exceptionsOf(shown.key);
  const deployment = shown.link === null ? [] : pack.exceptionsOf(shown.link);
  return [...own, ...deployment]
    .filter(({ attributes }) => attributes.includes(attribute))
    .map(({ id }) => pack.exceptionRef(id));
}

/** Observations the evidence does not decide, by system, attribute and reason. */
function reasonsOf({ result }: Pack) {
  const open = result.population.flatMap((item) =>
    item.observations
      .filter(({ outcome }) => outcome === "notVerifiable")
      .map((observation) => ({ item, observation })),
  );
  const groups = Map.groupBy(open, ({ item, observation }) =>
    JSON.stringify([item.system, observation.attribute, observation.message]),
  );
  return [...groups.values()];
}

/** Whether the section names every item of which the evidence does not decide a test. */
export function namesAllUndecided(pack: Pack): boolean {
  const reasons = reasonsOf(pack);
  return reasons.length <= limits.reasons && reasons.every((group) => group.length <= limits.reasonItems);
}

function unverifiable(pack: Pack) {
  const rows = reasonsOf(pack);
  const shown = listed(rows, limits.reasons);
  return {
    any: rows.length > 0,
    rows: shown.flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const attribute = pack.attributes.get(first.observation.attribute);
      return [
        {
          system: first.item.system,
          letter: attribute?.letter ?? "",
          title: attribute?.title ?? first.observation.attribute,
          count: number(group.length),
          message: first.observation.message,
          due: first.observation.due ? `due ${pack.time.minute(first.observation.due)}` : null,
          ...reasonItems(pack, group),
        },
      ];
    }),
    cut: cutOf(() => pack.file("not-verifiable.csv"), {
      anchor: "reasons-not-printed",
      shown: shown.length,
      all: rows.length,
      what: "reasons",
      which: `those of ${counted(count(shown), "test")} of ${number(count(rows))} that gave no answer, an item and a test a row of the file`,
      sheet: "Not verifiable",
    }),
  };
}

const count = (groups: readonly (readonly unknown[])[]): number => groups.reduce((sum, { length }) => sum + length, 0);

function reasonItems(pack: Pack, group: readonly { readonly item: Item }[]) {
  const { shown: items, more } = named(group, limits.reasonItems, "not-verifiable.csv", ({ item }) => ({
    text: item.label,
    anchor: pack.printed.placeOf(item.key),
  }));
  return { items, more };
}
