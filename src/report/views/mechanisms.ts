import type { ControlAssessment, Tally } from "../../model/assessment.ts";
import type { StreamKind } from "../../model/stream.ts";
import { controlAnchor } from "../anchors.ts";
import { counted, list, number, percent, sentence } from "../format.ts";
import { resultLabels, streamNames } from "../labels.ts";
import { limits } from "../limits.ts";
import { named } from "../listed.ts";
import type { Pack } from "../pack.ts";

/** Each control: objective, mechanism, what happened to the whole population, exceptions. */
export function mechanismsView(pack: Pack) {
  return { controls: pack.result.controls.map((control) => controlView(pack, control)) };
}

function controlView(pack: Pack, control: ControlAssessment) {
  const { tone, label } = resultLabels[control.result];
  return {
    anchor: controlAnchor(control.id),
    id: control.own?.id ?? control.id,
    ours: control.own ? control.id : null,
    title: control.own?.title ?? control.title,
    tone,
    label,
    statement: control.statement,
    objective: control.objective,
    mechanism: control.mechanism,
    procedure: control.procedure,
    facts: `${control.key ? "Key" : "Supporting"} control of ${control.owner}; above threshold at or above ${percent(control.threshold, 1)} failed`,
    attributes: control.attributes.map((id) => {
      const attribute = pack.attributes.get(id);
      return { letter: attribute?.letter ?? "", title: attribute?.title ?? id };
    }),
    criteria: control.mappings
      .map(({ criterion, points }) => `${criterion}${points.length > 0 ? ` ${points.join(", ")}` : ""}`)
      .join(" · "),
    bar: bar(control.tally),
    total: barCells("All systems", control.tally),
    systems: control.bySystem.map(({ system, result, tally }) => ({
      ...barCells(system, tally),
      label: resultLabels[result].label,
      tone: resultLabels[result].tone,
    })),
    severalSystems: control.bySystem.length > 1,
    incomplete: incompleteText(control, pack.result.scope.systems.length),
    exceptions: named(control.exceptions, limits.names, "exceptions.csv", pack.exceptionRef),
    beside: (control.beside ?? []).map(({ control: id, items, text }) => ({
      ...pack.controlRef(id),
      items: counted(items, "item"),
      why: text,
    })),
  };
}

/** What the evidence does not decide, a sentence a reason, each with the systems it holds for; null for nothing. */
function incompleteText({ incomplete }: ControlAssessment, all: number): string | null {
  const open = incomplete.filter(({ items }) => items > 0);
  const undecided = [...Map.groupBy(open, ({ reason }) => reason)].map(([reason, rows]) => {
    const sum = counted(
      rows.reduce((before, { items }) => before + items, 0),
      "item",
    );
    const [first, second] = rows;
    return second
      ? `${sum} (${upTo(rows.map(({ system, items }) => `${system} ${number(items)}`))}): ${reason}`
      : `${first?.system}, ${sum}: ${reason}`;
  });
  const streams = incomplete.filter(({ items }) => items === 0).map(unseenStream);
  const unseen = [...Map.groupBy(streams, ({ when }) => when)].map(([when, rows]) => {
    const of = (key: "system" | "what") => [...new Set(rows.map((row) => row[key]))];
    const systems = of("system");
    const where = systems.length === all && all > 1 ? "all systems" : upTo(systems);
    return `${sentence(list(of("what")))} of ${where} ${when}`;
  });
  return [...undecided, ...unseen].map((text) => text.replace(/\.?$/, ".")).join(" ") || null;
}

/** A stream not read whole, from `changes of riverbank/payments partial from … to …: why`: what of it, and the rest. */
function unseenStream({ system, reason }: ControlAssessment["incomplete"][number]) {
  const [, kind = "", when = reason] = /^(\w+) of \S+ (.*)$/s.exec(reason) ?? [];
  return { system, what: isStreamKind(kind) ? streamNames[kind] : "evidence", when };
}

const isStreamKind = (kind: string): kind is StreamKind => Object.hasOwn(streamNames, kind);

/** So many names, and how many more. */
function upTo(names: readonly string[]): string {
  const shown = names.slice(0, limits.reasonItems);
  return list(shown.length < names.length ? [...shown, `${number(names.length - shown.length)} more`] : shown);
}

function barCells(name: string, tally: Tally) {
  const value = (count: number): { text: string; zero: boolean } => ({ text: number(count), zero: count === 0 });
  return {
    name,
    cells: [tally.items, tally.pass, tally.fail, tally.waived, tally.notVerifiable, tally.notApplicable].map(value),
  };
}

/** The shares of a tally as a bar of 1000 units, in the order pass, fail, waived, not verifiable, not applicable. */
function bar(tally: Tally) {
  const parts = [
    { name: "pass", items: tally.pass },
    { name: "fail", items: tally.fail },
    { name: "waived", items: tally.waived },
    { name: "unseen", items: tally.notVerifiable },
    { name: "still", items: tally.notApplicable },
  ];
  let x = 0;
  return parts
    .filter(({ items }) => items > 0)
    .map(({ name, items }) => {
      const width = Math.round((1000 * 100 * items) / tally.items) / 100;
      const part = { name, x: Math.round(x * 100) / 100, width };
      x += width;
      return part;
    });
}
