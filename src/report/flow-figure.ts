import { leakAnchor, unseenAnchor } from "./anchors.ts";
import type { Flow } from "./flow.ts";
import { counted, number } from "./format.ts";

/** Geometry of the flow, ready to be laid out: paths and texts in a viewBox of `width` by `height`. */
export interface FlowFigure {
  readonly width: number;
  readonly height: number;
  readonly alternative: string;
  readonly stream: readonly string[];
  readonly waiting: { readonly path: string } | null;
  readonly leaks: readonly Side[];
  readonly unseen: readonly Side[];
  readonly gates: readonly { readonly x: number; readonly y1: number; readonly y2: number }[];
  readonly heads: readonly Label[];
  /** Each leads to where the flow stands in numbers. */
  readonly counts: readonly Linked[];
  readonly notes: readonly Linked[];
  /** The same for a screen too narrow for labels: a line a gate. */
  readonly lines: readonly string[];
}

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Linked extends Label {
  readonly anchor: string;
}

interface Side extends Linked {
  readonly path: string;
  /** Diagonal lines over the path's surroundings, to be clipped to it: told apart without colour. */
  readonly hatch: string;
  /** A second line under the text. */
  readonly more: string | null;
}

const width = 700;
const column = 121;
const body = 78;
const bend = 9;
const reach = 14;
const hair = 1.4;

/** Draws the flow: heights are to scale, a leak thinner than a hairline is drawn as one. */
export function flowFigure(flow: Flow): FlowFigure {
  const scale = flow.commits === 0 ? 0 : body / flow.commits;
  const thick = (items: number): number => (items === 0 ? 0 : Math.max(items * scale, hair));
  const anyUnseen = flow.gates.some(({ unseen }) => unseen.length > 0);
  const anyLeak = flow.gates.some(({ leaks }) => leaks.length > 0);
  const anyWaived = flow.gates.some(({ leaks }) => leaks.some(({ waived }) => waived));
  const top = anyUnseen ? 55 : 24;
  let [upper, lower] = [top, top + body];
  const figure = {
    stream: [] as string[],
    leaks: [] as Side[],
    unseen: [] as Side[],
    gates: [] as { x: number; y1: number; y2: number }[],
    heads: [{ x: 0, y: 11, text: "reached the branch" }] as Label[],
    counts: [] as Linked[],
  };
  let running = flow.commits;
  const middle = round(top + body / 2 + 6);
  flow.gates.forEach(({ id, behind, without, leaks, unseen }, index) => {
    const x = index * column;
    const end = x + column;
    figure.counts.push({ x: x + 9, y: middle, text: number(running), anchor: `flow-${id}` });
    figure.gates.push({ x: end, y1: top - 7, y2: top + body + 7 });
    figure.heads.push({ x: end + 6, y: 11, text: behind });
    const [out, up] = [thick(leaks.length), thick(unseen.length)];
    if (running > 0) figure.stream.push(section(x, end, upper, Math.max(lower, upper + hair), up, out));
    if (out > 0) {
      figure.leaks.push({
        path: branch(end - 5, lower, out, top + body + reach, 1),
        hatch: "",
        x: end - 5 - out / 2,
        y: top + body + reach + 19,
        text: `${number(leaks.length)} ${without}`,
        more: waivedText(leaks.filter(({ waived }) => waived).length),
        anchor: leakAnchor(id),
      });
    }
    if (up > 0) {
      figure.unseen.push({
        path: branch(end - 5, upper, up, top - reach, -1),
        hatch: hatch(end - 5 - up - bend - 6, end + 2, top - reach - 10, upper + up),
        x: end - 5 - up / 2,
        y: top - reach - 11,
        text: `${number(unseen.length)} not verifiable`,
        more: null,
        anchor: unseenAnchor(id),
      });
    }
    running -= leaks.length + unseen.length;
    lower -= leaks.length * scale;
    upper += unseen.length * scale;
  });
  const start = flow.gates.length * column;
  const split = lower - flow.waiting * scale;
  if (flow.delivered > 0) figure.stream.push(arrow(start, upper, Math.max(split, upper + hair), width));
  figure.counts.push({
    x: start + 9,
    y: round(Math.max((upper + split) / 2 + 6, upper + 6)),
    text: number(flow.delivered),
    anchor: "flow-passed",
  });
  const notes =
    flow.waiting > 0
      ? [
          {
            x: start + 6,
            y: round(lower + 13),
            text: `${number(flow.waiting)} not yet deployed`,
            anchor: "flow-passed",
          },
        ]
      : [];
  return {
    ...figure,
    width,
    height: top + body + (anyLeak || notes.length > 0 ? reach + (anyWaived ? 36 : 25) : 12),
    alternative: alternative(flow),
    waiting: flow.waiting > 0 ? { path: rectangle(start, Math.min(split, lower - hair), start + 46, lower) } : null,
    notes,
    lines: flow.gates.map(
      ({ behind, without, entering, leaks, unseen }) =>
        `${number(entering - leaks.length - unseen.length)} ${behind}${[
          ...(leaks.length > 0 ? [`${number(leaks.length)} ${without}`] : []),
          ...(unseen.length > 0 ? [`${number(unseen.length)} not verifiable`] : []),
        ]
          .map((text) => `; ${text}`)
          .join("")}`,
    ),
  };
}

const waivedText = (items: number): string | null => (items > 0 ? `${number(items)} waived in advance` : null);

function alternative({ commits, gates, waiting, delivered }: Flow): string {
  const steps = gates.map(
    ({ behind, leaks, unseen, entering }) =>
      `${number(entering - leaks.length - unseen.length)} ${behind} (${number(leaks.length)} failed, ${number(unseen.length)} not verifiable)`,
  );
  return `Of ${counted(commits, "commit")} that reached a released branch: ${steps.join("; ")}. ${number(delivered)} in production, ${number(waiting)} not yet deployed.`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

function rectangle(x1: number, y1: number, x2: number, y2: number): string {
  return `M${round(x1)} ${round(y1)}H${round(x2)}V${round(y2)}H${round(x1)}Z`;
}

/** The stream between two gates, with what leaves it at the second cut out of its edges. */
function section(x: number, end: number, upper: number, lower: number, up: number, out: number): string {
  const leave = (thickness: number): number => round(end - 5 - thickness - bend);
  const over = up > 0 ? `H${leave(up)}V${round(Math.min(upper + up, lower))}` : "";
  const under = out > 0 ? `V${round(Math.max(lower - out, upper))}H${leave(out)}` : "";
  return `M${x} ${round(upper)}${over}H${end}${under}V${round(lower)}H${x}Z`;
}

function arrow(x: number, y1: number, y2: number, tip: number): string {
  const shaft = tip - 30;
  const flare = Math.min(8, Math.max(3, (y2 - y1) / 6));
  return `M${x} ${round(y1)}H${shaft}V${round(y1 - flare)}L${tip} ${round((y1 + y2) / 2)}L${shaft} ${round(y2 + flare)}V${round(y2)}H${x}Z`;
}

function hatch(x1: number, x2: number, y1: number, y2: number): string {
  const height = y2 - y1;
  const lines: string[] = [];
  for (let x = x1 - height; x < x2; x += 3.6)
    lines.push(`M${round(x)} ${round(y2)}l${round(height)} ${round(-height)}`);
  return lines.join("");
}

/** A band of `thickness` that leaves the stream's edge at height `edge` and turns (1 down, -1 up) to end at height `end`. */
function branch(right: number, edge: number, thickness: number, end: number, way: 1 | -1): string {
  const inner = edge - way * thickness;
  const left = right - thickness;
  const start = left - bend;
  const sweep = way === 1 ? 1 : 0;
  const outerRadius = bend + thickness;
  const flare = 4;
  return [
    `M${round(start)} ${round(inner)}`,
    `A${round(outerRadius)} ${round(outerRadius)} 0 0 ${sweep} ${round(right)} ${round(inner + way * outerRadius)}`,
    `V${round(end)}H${round(right + flare)}L${round((left + right) / 2)} ${round(end + way * 8)}L${round(left - flare)} ${round(end)}H${round(left)}`,
    `V${round(edge + way * bend)}`,
    `A${bend} ${bend} 0 0 ${1 - sweep} ${round(start)} ${round(edge)}Z`,
  ].join("");
}
