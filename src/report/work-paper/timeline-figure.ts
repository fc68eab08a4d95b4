import type { TimelineEvent } from "../../model/sample.ts";
import { counted, duration } from "../format.ts";
import type { Pack } from "../pack.ts";
import { visible } from "../visible.ts";

/** A timeline ready to be laid out: marks by lane in a viewBox of `width` by `height`. */
export interface TimelineFigure {
  readonly width: number;
  readonly height: number;
  /** Everything it shows, in words. */
  readonly alternative: string;
  readonly lanes: readonly Lane[];
  readonly marks: readonly { readonly kind: string; readonly path: string }[];
  /** Where it merged, through all lanes. */
  readonly merge: { readonly x: number; readonly y1: number; readonly y2: number } | null;
  readonly axis: { readonly y: number; readonly x1: number; readonly x2: number };
  readonly ticks: readonly { readonly x: number; readonly y: number; readonly text: string; readonly end: string }[];
}

interface Lane {
  readonly y: number;
  readonly line: number;
  readonly x1: number;
  readonly x2: number;
  readonly name: string;
  readonly when: string;
  readonly whenX: number;
}

const width = 700;
const [left, right] = [92, 548];
const pitch = 14.5;
const top = 2;

interface Row {
  readonly name: string;
  readonly kinds: readonly TimelineEvent["kind"][];
  /** What stands at its end: of these events, in order. */
  readonly when: (events: readonly TimelineEvent[], at: (instant: string) => string) => string;
}

const last = (events: readonly TimelineEvent[]): string => events.at(-1)?.at ?? "";
const first = (events: readonly TimelineEvent[]): string => events[0]?.at ?? "";

const rows: readonly Row[] = [
  { name: "Commits", kinds: ["commit"], when: (events, at) => `${at(first(events))} first of ${events.length}` },
  { name: "Opened", kinds: ["opened"], when: (events, at) => at(first(events)) },
  {
    name: "Reviews",
    kinds: ["review", "approval"],
    when: (events, at) => {
      const approval = events.findLast(({ kind }) => kind === "approval");
      return approval ? `${at(approval.at)} last approval` : `${at(last(events))} no approval`;
    },
  },
  {
    name: "Checks",
    kinds: ["check"],
    when: (events, at) => `${at(last(events))} last of ${events.length}`,
  },
  {
    name: "On the branch",
    kinds: ["merged"],
    when: (events, at) => `${at(last(events))}${events.length > 1 ? ` last of ${events.length}` : ""}`,
  },
  { name: "Created", kinds: ["created"], when: (events, at) => at(first(events)) },
  { name: "Production", kinds: ["deployed"], when: (events, at) => at(last(events)) },
];

/** Draws when what happened, to scale from the first event to the last; a lane for each kind of event there is. */
export function timelineFigure(events: readonly TimelineEvent[], { time }: Pick<Pack, "time">): TimelineFigure | null {
  if (events.length === 0) return null;
  const [from, to] = [Date.parse(first(events)), Date.parse(last(events))];
  const x = (at: string): number =>
    to === from ? (left + right) / 2 : round(left + 8 + ((Date.parse(at) - from) / (to - from)) * (right - left - 16));
  const lanes = rows.flatMap(({ name, kinds, when }) => {
    const own = events.filter(({ kind }) => kinds.includes(kind));
    return own.length === 0 ? [] : [{ name, own, when: when(own, time.minute) }];
  });
  const line = (lane: number): number => top + lane * pitch + pitch / 2;
  const bottom = top + lanes.length * pitch;
  const merged = events.filter(({ kind }) => kind === "merged");
  return {
    width,
    height: bottom + 18,
    alternative: alternative(events, time.minute),
    lanes: lanes.map(({ name, when }, lane) => ({
      y: round(line(lane) + 3.6),
      line: line(lane),
      x1: left,
      x2: right,
      name,
      when,
      whenX: right + 10,
    })),
    marks: lanes.flatMap(({ own }, lane) =>
      own.map((event) => ({ kind: markOf(event), path: shape(markOf(event), x(event.at), line(lane)) })),
    ),
    merge: merged.length === 1 && merged[0] ? { x: x(merged[0].at), y1: top, y2: bottom } : null,
    axis: { y: bottom + 3, x1: left, x2: right },
    ticks: [
      { x: left, y: bottom + 14, text: time.minute(first(events)), end: "start" },
      ...(to === from
        ? []
        : [
            { x: (left + right) / 2, y: bottom + 14, text: duration((to - from) / 1000), end: "middle" },
            { x: right, y: bottom + 14, text: time.minute(last(events)), end: "end" },
          ]),
    ],
  };
}

/** How long the steps took, in one line. */
export function spans(events: readonly TimelineEvent[]): string {
  const at = (kind: TimelineEvent["kind"]): string | undefined => events.find((one) => one.kind === kind)?.at;
  const span = (name: string, from: string | undefined, to: string | undefined): readonly string[] =>
    from === undefined || to === undefined || from > to
      ? []
      : [`${name} ${duration((Date.parse(to) - Date.parse(from)) / 1000)}`];
  const [commit, opened, merged, deployed] = [at("commit"), at("opened"), at("merged"), at("deployed")];
  return [
    ...span("first commit to production", commit, deployed),
    ...span("opened to merged", opened, merged),
    ...span("merged to production", merged, deployed),
  ].join(", ");
}

function alternative(events: readonly TimelineEvent[], at: (instant: string) => string): string {
  const most = 24;
  const told = events.slice(0, most).map((event) => `${at(event.at)} ${visible(event.text)}`);
  const more = events.length > most ? [`and ${counted(events.length - most, "event")} more`] : [];
  return `${[...told, ...more].join("; ")}.`;
}

const markOf = ({ kind, good }: TimelineEvent): string => (kind === "check" && !good ? "failed" : kind);

const round = (value: number): number => Math.round(value * 100) / 100;

/** A shape of its own for each kind, so that none is told by colour alone. */
function shape(kind: string, x: number, y: number): string {
  const at = (dx: number, dy: number): string => `${round(x + dx)} ${round(y + dy)}`;
  switch (kind) {
    case "commit":
      return `M${at(-3, 0)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z`;
    case "opened":
    case "created":
      return `M${at(-3.6, 0)}a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0Z`;
    case "review":
    case "approval":
      return `M${at(0, -5)}L${at(5, 0)}L${at(0, 5)}L${at(-5, 0)}Z`;
    case "check":
      return `M${at(-4, 0)}L${at(-1.2, 3)}L${at(4, -3.4)}`;
    case "failed":
      return `M${at(-3.4, -3.4)}L${at(3.4, 3.4)}M${at(3.4, -3.4)}L${at(-3.4, 3.4)}`;
    case "merged":
      return `M${at(-4, -4)}h8v8h-8Z`;
    default:
      return `M${at(-5, 4)}L${at(0, -5)}L${at(5, 4)}Z`;
  }
}
