import type { AssessmentResult, Item } from "../../model/assessment.ts";
import { controlAnchor, criterionAnchor } from "../anchors.ts";
import type { Flow } from "../flow.ts";
import { flowFigure } from "../flow-figure.ts";
import { counted, list, number, sentence, words } from "../format.ts";
import type { Tone } from "../labels.ts";
import { criterionLabel, resultLabels } from "../labels.ts";
import type { Pack } from "../pack.ts";
import { unseenParts } from "./unseen.ts";

interface Line {
  readonly text: string;
  readonly anchor: string | null;
  readonly tone: Tone;
}

/** What the first page says. */
export function coverView(pack: Pack, flow: Flow) {
  const { result } = pack;
  const { core, further } = unseenParts(pack);
  const shown = further.length > 0 ? 3 : 4;
  return {
    headline: headline(flow),
    lead: lead(pack),
    criteria: result.criteria
      .filter(({ concluded }) => concluded)
      .map((criterion) => {
        const controls = criterion.controls.flatMap((id) => pack.controls.get(id) ?? []).filter(({ key }) => key);
        return {
          framework: criterion.frameworkTitle,
          id: criterion.id,
          anchor: criterionAnchor(criterion.framework, criterion.id),
          tone: resultLabels[criterion.result].tone,
          label: criterionLabel(
            criterion,
            controls.some(({ exceptions }) => exceptions.length > 0),
            controls.some(({ tally }) => tally.notVerifiable > 0),
          ),
          statement: criterion.statement,
        };
      }),
    tie: tie({ ...result, since: collectedSince(pack) }),
    figure: flowFigure(flow),
    bypasses: bypasses(pack, flow),
    anyCommit: flow.commits > 0,
    unseen: [...core.slice(0, shown), ...further],
    undecided: undecided(pack),
    lateRules: lateRules(pack),
    unseenMore: core.length > shown ? counted(core.length - shown, "more gap") : null,
  };
}

function headline({ commits, verdict: { passed, failed, waived, open } }: Flow): string {
  if (commits === 0) return "No commit reached a released branch.";
  const reached = `${counted(commits, "commit")} reached released branches.`;
  if (passed === commits) return `${reached} ${commits === 1 ? "It" : "All"} passed every test that applies.`;
  const not = failed + waived;
  const accepted =
    waived === 0
      ? ""
      : waived === not
        ? " (waived in\u00a0advance)"
        : ` (${number(waived)}\u00a0waived in\u00a0advance)`;
  return `${reached} ${list([
    `${passed === 0 ? "None" : number(passed)} passed every test that applies`,
    ...(not > 0 ? [`${number(not)} did not${accepted}`] : []),
    ...(open > 0 ? [`${number(open)} cannot be verified`] : []),
  ])}.`;
}

function lead(pack: Pack): readonly { readonly text: string; readonly anchor: string | null }[] {
  const { result, time } = pack;
  const { systems } = result.scope;
  const teams = new Set(systems.map(({ team }) => team)).size;
  const open = result.exceptions.filter(({ follows, waiver }) => follows.length === 0 && waiver === null).length;
  const gaps = result.coverage.filter(({ status }) => status !== "complete").length;
  const items = undecidedItems(pack).length;
  const plain = (text: string): { text: string; anchor: null } => ({ text, anchor: null });
  return [
    plain(
      `Results of management's tests over the whole population; no opinion. ${sentence(words(systems.length))} ${systems.length === 1 ? "system" : "systems"} of ${words(teams)} ${teams === 1 ? "team" : "teams"}, times in ${result.organisation.timezone}, evidence as of ${time.long(result.period.asOf)}`,
    ),
    ...(result.period.cutAt === null
      ? []
      : [plain(`The period was not observed to its end: the population ends on ${time.long(result.period.cutAt)}`)]),
    ...(open > 0
      ? [
          {
            text: `${sentence(counted(open, "exception"))} ${open === 1 ? "awaits" : "await"} management's response`,
            anchor: "exceptions",
          },
        ]
      : []),
    ...(result.provenance.sources.some(isOnThisMachine)
      ? [
          {
            text: "Its source is a server on the machine that collected, as in a demonstration or a test",
            anchor: "collected",
          },
        ]
      : []),
    plain(
      gaps === 0
        ? `Every stream of evidence was read whole${items > 0 ? `, yet it does not decide every test of ${counted(items, "item")}` : ""}`
        : `${sentence(words(gaps))} ${gaps === 1 ? "stream" : "streams"} of evidence could not be read whole`,
    ),
  ];
}

function bypasses({ result: { controls } }: Pack, flow: Flow) {
  const control = controls.find(({ attributes }) => attributes.includes("merged-without-bypass"));
  if (flow.bypasses === 0 || !control) return null;
  return {
    text: `${counted(flow.bypasses, "change")} merged past the branch's rules in all, pushes without a change apart, at whichever gate their commits left`,
    control: control.own?.id ?? control.id,
    anchor: controlAnchor(control.id),
  };
}

const undecidedItems = ({ result: { population } }: Pack): readonly Item[] =>
  population.filter(({ observations }) => observations.some(({ outcome }) => outcome === "notVerifiable"));

/** The items that streams read whole or not leave undecided, with the tests and controls concerned. */
function undecided(pack: Pack) {
  const items = undecidedItems(pack);
  if (items.length === 0) return null;
  const open = items.flatMap(({ observations }) => observations.filter(({ outcome }) => outcome === "notVerifiable"));
  const letters = [...new Set(open.map(({ attribute }) => attribute))].map(
    (id) => pack.attributes.get(id)?.letter ?? id,
  );
  return {
    what: counted(items.length, "item"),
    why: `the record does not decide ${letters.length === 1 ? "test" : "tests"} ${list(letters.sort())}`,
    controls: pack.result.controls.filter(({ tally }) => tally.notVerifiable > 0).map(({ id }) => pack.controlRef(id)),
  };
}

/** Said where no rule was on record before the period was over: what would have been judged otherwise cannot be told. */
export function lateRules(pack: Pack): string | null {
  const first = lateSince(pack);
  return first === null
    ? null
    : `first seen ${pack.time.minute(first)}, after the period; no earlier rule is on record`;
}

/** When the first rule was recorded, where that was after the period; else null. */
export function lateSince({ result: { policies, period } }: Pack): string | null {
  const seen = policies.map(({ firstSeen }) => firstSeen).filter((instant) => instant !== null);
  const first = seen.toSorted()[0];
  if (first === undefined || seen.length < policies.length || first < period.to) return null;
  return first;
}

function tie({
  reconciliation: { rows, elsewhere: listed },
  coverage,
  since,
}: Pick<AssessmentResult, "reconciliation" | "coverage"> & { readonly since: string }): readonly {
  n: string;
  what: string;
  lines: readonly Line[];
}[] {
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const line = (text: string): Line => ({ text, anchor: null, tone: "still" });
  const unmatched = (n: number, text: string): Line =>
    n === 0 ? line(`0 ${text}`) : { text: `${number(n)} ${text}`, anchor: "unmatched", tone: "leak" };
  const counts = coverage.filter(({ kind, sourceTotal }) => kind === "changes" && sourceTotal !== null);
  const stored = counts.reduce((total, row) => total + row.stored, 0);
  const total = counts.reduce((total, row) => total + (row.sourceTotal ?? 0), 0);
  const source: Line =
    counts.length === 0
      ? line("the source gives no count of its own")
      : stored === total
        ? line(`${number(stored)} stored by runs since ${since}, as the source counts`)
        : {
            text: `${number(stored)} stored by runs since ${since}, the source counts ${number(total)}`,
            anchor: "coverage",
            tone: "unseen",
          };
  const elsewhere = sum((row) => row.changes.elsewhere ?? 0);
  const untraced = sum((row) => row.deployments.untraced);
  const unknown = sum((row) => row.deployments.unknown);
  return [
    {
      n: number(sum((row) => row.deployments.succeeded)),
      what: "production deployments",
      lines: [
        line(`${number(sum((row) => row.deployments.traced))} trace to a released commit`),
        unmatched(untraced, untraced === 1 ? "does not" : "do not"),
        ...(unknown > 0
          ? [{ text: `${number(unknown)} not verifiable`, anchor: "unmatched", tone: "unseen" as const }]
          : []),
      ],
    },
    {
      n: number(sum((row) => row.commits.onLine)),
      what: "commits on released branches",
      lines: [
        line(`${number(sum((row) => row.commits.explained))} arrived by a change`),
        unmatched(
          sum((row) => row.commits.unexplained),
          "explained by none",
        ),
      ],
    },
    {
      n: number(sum((row) => row.changes.merged)),
      what: "changes merged",
      lines: [
        source,
        unmatched(
          sum((row) => row.changes.notOnLine),
          "missing from the branch",
        ),
        ...(elsewhere > 0
          ? [
              {
                text: `${number(elsewhere)} more merged to other branches`,
                anchor: listed ? "elsewhere" : "promotions",
                tone: "still" as const,
              },
            ]
          : []),
      ],
    },
  ];
}

/** Whether the source is asked at an address that leads back to the machine that asks. */
export const isOnThisMachine = ({ endpoint }: { readonly endpoint: string }): boolean =>
  /^https?:\/\/(127(\.\d+){3}|localhost|\[::1\])(?=[:/]|$)/i.test(endpoint);

/** The day of the first run. */
export function collectedSince({ result: { provenance, checkpoint }, time }: Pack): string {
  return time.day(provenance.runs.map(({ startedAt }) => startedAt).toSorted()[0] ?? checkpoint.at);
}
