import { type AssessmentResult, type Bypass, systemsOf } from "../../model/assessment.ts";
import { subjectOfPopulation } from "../../model/control.ts";
import { bypassAnchor } from "../anchors.ts";
import { bypassAnswers, bypassExceptions } from "../bypass-answers.ts";
import { counted, list, number } from "../format.ts";
import { limits } from "../limits.ts";
import { cutOf, listed, restOf } from "../listed.ts";
import type { Pack } from "../pack.ts";
import { outcomeOf, testsOf } from "../tables/control-items.ts";

const kinds = {
  merge: "merged",
  push: "pushed without a change",
  rewrite: "rewrote the branch",
  move: "moved the branch",
} as const;

/** A push that no item shows may have brought a change: what moved the branch is not known. */
const kindOf = ({ kind, items }: Bypass): keyof typeof kinds => (kind === "push" && items.length === 0 ? "move" : kind);
const shownBy = {
  evaluation: "the source's evaluation",
  move: "its record of the branch's moves",
  comparison: "our comparison with the rules",
} as const;

/** Every bypass of the branches' rules with who, what was not met, why, and what followed; and where none can be concluded. */
export function bypassesView(pack: Pack) {
  const { entries, observed, overrides = [] } = pack.result.bypasses;
  const shown = listed(entries, limits.bypasses, ({ review }) => Number(review.state === "independent"));
  return {
    summary: summary(entries),
    cut: cutOf(() => pack.file("bypasses.csv"), {
      anchor: "bypasses-not-printed",
      shown: shown.length,
      all: entries.length,
      what: "bypasses",
      which: "those without an independent review afterwards first",
      sheet: "Bypasses",
    }),
    adds: adds(pack, entries),
    rows: shown.map((entry) => {
      const exceptions = bypassExceptions(pack.exceptionsOf, entry);
      return {
        anchor: bypassAnchor(entry.id),
        id: entry.id,
        at: pack.time.within(entry),
        did: kinds[kindOf(entry)],
        system: list(systemsOf(entry)),
        branch: entry.branch,
        label: entry.label,
        item: pack.printed.placeOf(entry.items[0] ?? ""),
        actor: entry.actor,
        unmet: entry.unmet === null ? null : entry.unmet.join(", ") || "no rule named",
        how: `By ${list(entry.shownBy.map((one) => shownBy[one]))}.`,
        logged: entry.logged === undefined ? null : logged[entry.logged],
        // What the source names needs no sentence beside it.
        text: entry.unmet === null || entry.kind === "rewrite" ? entry.text : null,
        reason: entry.reason?.text ?? null,
        review: entry.review.text,
        reviewed: entry.review.state === "independent",
        open: entry.review.state === "unclear" || entry.review.state === "notObserved",
        exceptions: exceptions.map(({ id }) => pack.exceptionRef(id)),
        answers: bypassAnswers(pack.result, exceptions).map(({ disposition, exception }) => ({
          disposition,
          exception: pack.exceptionRef(exception),
        })),
        controls: entry.control === null ? [] : [pack.controlRef(entry.control)],
        records: pack.records([
          ...entry.evidence.slice(0, mostRecords),
          ...(entry.review.record === null ? [] : [entry.review.record]),
        ]),
      };
    }),
    observed: observed.map(({ system, repository, entries: known, gaps, logGaps }) => {
      const unexplained = overridesOf(overrides, system, repository).length;
      const none = gaps.length === 0 && unexplained === 0 ? "none" : "none known";
      return {
        scope: `${system}: ${repository}`,
        count: known === 0 ? none : number(known),
        concluded: concluded(pack, known, gaps, unexplained),
        whole: gaps.length === 0,
        gaps: gapTexts(pack, gaps),
        log: logView(pack, logGaps, unexplained),
      };
    }),
    logSaid: observed.some(({ logGaps }) => logGaps !== undefined),
    overrides: overridesView(pack, overrides),
  };
}

type Override = NonNullable<AssessmentResult["bypasses"]["overrides"]>[number];
type Observed = AssessmentResult["bypasses"]["observed"][number];

const logged = {
  held: "The audit log tells of it too.",
  absent: "The audit log, read whole over that time, tells of no override here.",
  notObserved: "Whether the audit log tells of it was not observed.",
} as const;

const overridesOf = (overrides: readonly Override[], system: string, repository: string): readonly Override[] =>
  overrides.filter((one) => systemsOf(one).includes(system) && one.repository === repository);

const gapTexts = (pack: Pack, gaps: Observed["gaps"]): readonly string[] =>
  gaps.map(
    ({ from, to, reason }) => `${pack.time.minute(from)} to ${pack.time.minute(to)}: ${pack.time.inText(reason)}`,
  );

/** What the audit log adds of one repository; null where the pack says nothing of it. */
function logView(pack: Pack, gaps: Observed["logGaps"], unexplained: number) {
  if (gaps === undefined) return null;
  const gapped = gaps === null ? ["not asked for"] : gapTexts(pack, gaps);
  return {
    whole: gapped.length === 0,
    gaps: gapped,
    unexplained: unexplained === 0 ? null : `${counted(unexplained, "override")} that no entry explains`,
  };
}

/** Overrides of the audit log that no bypass explains: the ledger of bypasses is not complete by as many. */
function overridesView(pack: Pack, overrides: readonly Override[]) {
  return {
    any: overrides.length > 0,
    more: restOf(limits.bypasses, overrides.length, "overrides", "bypasses.overrides"),
    rows: overrides.slice(0, limits.bypasses).map((one) => ({
      at: pack.time.minute(one.at),
      scope: `${list(systemsOf(one))}: ${one.repository}`,
      branch: one.branch ?? "not named by the log",
      actor: one.actor,
      commit: one.commit?.slice(0, 8) ?? "not named by the log",
      unmet: one.unmet.join(", ") || "not named by the log",
      records: pack.records([one.record]),
    })),
  };
}

/** Whether there was no bypass but the known ones, in words; only the source's own evaluations can say so. */
function concluded(pack: Pack, known: number, gaps: Observed["gaps"], unexplained: number): string {
  if (unexplained > 0)
    return `No: the audit log tells of ${counted(unexplained, "override")} more than this ledger, listed below.`;
  const { from, to, cutAt } = pack.result.period;
  const what =
    known === 0 ? "there was none" : `there was none but the ${known === 1 ? "one" : number(known)} on record`;
  if (gaps.length === 0) return `Yes, for the whole period: ${what}.`;
  const end = cutAt ?? to;
  // Gaps may touch, but do not overlap.
  const unseen = gaps.reduce((sum, gap) => sum + Date.parse(gap.to) - Date.parse(gap.from), 0);
  return unseen >= Date.parse(end) - Date.parse(from)
    ? "No, for no part of the period."
    : `In part: outside the time not observed ${what}.`;
}

/** The records a row refers to; all of them are in assessment.json. */
const mostRecords = 6;

function summary(entries: readonly Bypass[]): string {
  if (entries.length === 0) return "No bypass is on record.";
  const of = (kind: keyof typeof kinds) => entries.filter((entry) => kindOf(entry) === kind).length;
  const parts = [
    ...(of("merge") > 0 ? [counted(of("merge"), "merge")] : []),
    ...(of("push") > 0 ? [counted(of("push"), "push without a change", "pushes without a change")] : []),
    ...(of("move") > 0
      ? [counted(of("move"), "move of a branch by the source's word", "moves of a branch by the source's word")]
      : []),
    ...(of("rewrite") > 0 ? [counted(of("rewrite"), "rewrite of a branch", "rewrites of a branch")] : []),
  ];
  const answered = entries.filter(({ review }) => review.state === "independent").length;
  return `${counted(entries.length, "bypass", "bypasses")}: ${list(parts)}. ${answered === 0 ? "No" : number(answered)} independent review${answered > 1 ? "s" : ""} afterwards ${answered > 1 ? "are" : "is"} on record.`;
}

/** How the ledger's numbers stand with those of the controls that count the same items. */
function adds(pack: Pack, entries: readonly Bypass[]) {
  const groups = Map.groupBy(entries, ({ control }) => control);
  return [...groups].flatMap(([id, own]) => {
    if (id === null)
      return [
        {
          ref: [],
          text: `${counted(own.length, "bypass", "bypasses")} by the source's word which no item of the period stands for: no control counts them.`,
        },
      ];
    const control = pack.controls.get(id);
    if (!control) return [];
    const ref = [pack.controlRef(id)];
    const failed = failedBy(control.tally);
    if (control.attributes.includes("merged-without-bypass"))
      return [
        {
          ref,
          text: `counts ${own.length === failed ? "the same" : `${number(own.length)} of these`} ${counted(own.length, "merge")}: ${number(control.tally.fail)} failed${control.tally.waived > 0 ? ` and ${number(control.tally.waived)} waived` : ""}.`,
        },
      ];
    if (control.attributes.includes("emergency-reviewed-in-time"))
      return [
        {
          ref,
          text: `judges ${counted(own.length, "merge")} on the emergency path by the review in time; the control over bypasses does not count ${own.length === 1 ? "it" : "them"}.`,
        },
      ];
    return [
      {
        ref,
        text: `counts ${itemsOf(pack, control, own)}.`,
      },
    ];
  });
}

type Control = AssessmentResult["controls"][number];

/** The items of a control's population that bypasses concern, by what it says of them. */
function itemsOf(pack: Pack, control: Control, own: readonly Bypass[]): string {
  const items = new Set(
    own.flatMap(({ system, items: keys }) => keys.flatMap((key) => pack.itemOf(system, key) ?? [])),
  );
  const said = [...items]
    .filter(({ subject }) => subject === subjectOfPopulation[control.population])
    .map((item) => outcomeOf(testsOf(control, item)));
  const told = (...wanted: readonly (typeof said)[number][]): number =>
    said.filter((one) => wanted.includes(one)).length;
  const parts = [
    { which: `among the ${number(failedBy(control.tally))} that failed it`, count: told("fail", "waived") },
    {
      which: `among the ${number(control.tally.notVerifiable)} that could not be verified`,
      count: told("notVerifiable"),
    },
    { which: "that met it", count: told("pass") },
    { which: "to which it does not apply", count: told("notApplicable") },
  ].filter(({ count }) => count > 0);
  const [first] = parts;
  const split =
    first?.count === said.length
      ? `, ${first.which}`
      : `: ${list(parts.map(({ count, which }) => `${number(count)} ${which}`))}`;
  return `${counted(said.length, "item")} of ${counted(own.length, "bypass", "bypasses")} without a merge${said.length > 0 ? split : ""}`;
}

const failedBy = ({ fail, waived }: AssessmentResult["controls"][number]["tally"]): number => fail + waived;
