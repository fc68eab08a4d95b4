import type { Random } from "../random.ts";
import { before, type Month, spread } from "./calendar.ts";
import type { RepositorySpec } from "./organisation.ts";

/** What is planted in a change; `clean` and `update` are not violations. */
export type ChangeKind =
  | "clean"
  | "update"
  | "promotion"
  | "emergency"
  | "self-merge"
  | "stale-approval"
  | "co-author-approval"
  | "bot-approval"
  | "second-account"
  | "last-pusher"
  | "check-failed"
  | "check-skipped"
  | "check-missing"
  | "check-other-app"
  | "check-after-merge"
  | "emergency-late"
  | "missing-work-item"
  | "empty-description"
  | "approval-dismissed"
  | "changes-requested-after"
  | "admin-bypass"
  | "review-without-commit"
  | "deleted-author";
/** What happens on a repository's timeline. */
export type SlotKind =
  | ChangeKind
  | "open"
  | "abandoned"
  | "direct-push"
  | "direct-push-as-merge"
  | "off-branch-deployment";

/** One event of a repository's timeline; `at` is when it reached the branch (or was closed, pushed, deployed). */
export interface Slot {
  kind: SlotKind;
  at: number;
  createdAt: number;
  requestedAt: number;
  /** In the last month, which the demo shows. */
  last: boolean;
  byPerson: boolean;
  /** The numbers of the request and of the change, given in the order of creation. */
  request: number | null;
  number: number;
}

/** Where each violation is planted; those marked `early` in a month before the last. */
const PLANTED: Readonly<Record<string, readonly { kind: SlotKind; early?: true }[]>> = {
  payments: [
    { kind: "second-account" },
    { kind: "co-author-approval" },
    { kind: "check-failed" },
    { kind: "missing-work-item" },
    { kind: "direct-push-as-merge" },
    { kind: "self-merge", early: true },
  ],
  "ledger-api": [
    { kind: "last-pusher" },
    { kind: "approval-dismissed" },
    { kind: "admin-bypass" },
    { kind: "empty-description" },
    { kind: "check-after-merge", early: true },
    { kind: "deleted-author", early: true },
  ],
  storefront: [
    { kind: "stale-approval" },
    { kind: "bot-approval" },
    { kind: "review-without-commit" },
    { kind: "check-skipped" },
    { kind: "changes-requested-after", early: true },
    { kind: "check-missing", early: true },
  ],
  "platform-infra": [
    { kind: "emergency-late" },
    { kind: "check-other-app" },
    { kind: "off-branch-deployment" },
    { kind: "direct-push", early: true },
  ],
};

/** The fewest changes that leave room for everything that is planted. */
export const FEWEST = 50;

/** How many changes each repository gets; the numbers add up to `changes`. */
export function shares(specs: readonly RepositorySpec[], changes: number): number[] {
  const counts = specs.map((each) => Math.floor(each.weight * changes));
  for (let at = 0; counts.reduce((sum, each) => sum + each, 0) < changes; at = (at + 1) % counts.length) {
    counts[at] = (counts[at] as number) + 1;
  }
  return counts;
}

const NO_CHANGE = new Set<SlotKind>([
  "direct-push",
  "direct-push-as-merge",
  "off-branch-deployment",
  "open",
  "abandoned",
]);

/** The timeline of one repository: `count` merged changes with the planted ones among them, in order of time. */
export function plan(rnd: Random, spec: RepositorySpec, count: number, months: readonly Month[], sets: number): Slot[] {
  const kinds: SlotKind[][] = months.map(() => []);
  const lastMonth = months.length - 1;
  const at = (early: boolean, first: boolean) =>
    first && !early ? lastMonth : rnd.int(0, Math.max(0, lastMonth - (first ? 1 : 0)));
  for (let set = 0; set < sets; set++) {
    for (const { kind, early } of PLANTED[spec.name] ?? []) kinds[at(early === true, set === 0)]?.push(kind);
  }
  let left = count - kinds.flat().filter((each) => !NO_CHANGE.has(each)).length;
  const give = (month: number, kind: SlotKind) => {
    kinds[month]?.push(kind);
    left -= 1;
  };
  const lastShare = count < 40 ? 0.6 : 1.15 / months.length;
  give(0, "clean");
  // A pushed commit is placed in time by the merges around it: it gets one before and one after it in its own month.
  kinds.forEach((each, month) => {
    if (!each.some((kind) => kind === "direct-push" || kind === "direct-push-as-merge")) return;
    give(month, "clean");
    give(month, "clean");
  });
  if (spec.approvals === 0) give(lastMonth, "emergency");
  for (; (kinds[lastMonth]?.length ?? 0) < count * lastShare && left > lastMonth * 0.5; ) give(lastMonth, clean(rnd));
  while (left > 0) {
    const emptiest = Math.min(...kinds.slice(0, lastMonth).map((each) => each.length));
    const choices = kinds.flatMap((each, month) => (month < lastMonth && each.length === emptiest ? [month] : []));
    give(rnd.pick(choices), clean(rnd));
  }
  const slots = months.flatMap((month, place) => {
    const order = arrange(rnd, kinds[place] ?? []);
    return spread(rnd, month, order.length).map((when, position) =>
      slotOf(rnd, order[position] as SlotKind, when, place === lastMonth),
    );
  });
  if (spec.promotion) promote(slots, sets);
  for (let extra = 0; extra < Math.ceil(count / 50); extra++) {
    const near = slots[Math.floor(((extra + 1) / (Math.ceil(count / 50) + 1)) * slots.length)] as Slot;
    slots.push(
      slotOf(rnd, "abandoned", near.at + 600_000, near.last),
      slotOf(rnd, "open", near.at + 1_200_000, near.last),
    );
  }
  slots.sort((a, b) => a.at - b.at);
  numberSlots(slots);
  return slots;
}

function clean(rnd: Random): SlotKind {
  return rnd.chance(0.12) ? "update" : "clean";
}

/** In random order, but clean at both ends, so that what is planted lies between two changes of the same month. */
function arrange(rnd: Random, kinds: SlotKind[]): SlotKind[] {
  const order = kinds.slice();
  for (let at = order.length - 1; at > 0; at--) {
    const other = rnd.int(0, at);
    [order[at], order[other]] = [order[other] as SlotKind, order[at] as SlotKind];
  }
  const isClean = (each: SlotKind) => each === "clean" || each === "update";
  for (const end of [0, order.length - 1]) {
    const found = end === 0 ? order.findIndex(isClean) : order.findLastIndex(isClean);
    if (found >= 0) [order[end], order[found]] = [order[found] as SlotKind, order[end] as SlotKind];
  }
  return order;
}

function slotOf(rnd: Random, kind: SlotKind, at: number, last: boolean): Slot {
  const hurried = kind === "emergency" || kind === "emergency-late";
  const createdAt = hurried ? at - 28 * 60_000 : before(rnd, at, rnd.int(3, 26));
  const requestedAt = hurried ? createdAt - 12 * 60_000 : before(rnd, createdAt, rnd.int(20, 110));
  return { kind, at, createdAt, requestedAt, last, byPerson: false, request: null, number: 0 };
}

/** Every fourth change of a repository with promotion takes what is on its default branch to production. */
function promote(slots: Slot[], sets: number): void {
  slots.forEach((slot, place) => {
    if (place % 4 !== 3) return;
    slot.kind = "promotion";
    slot.createdAt = slot.at - 2 * 3_600_000;
  });
  const promotions = slots.filter((each) => each.kind === "promotion");
  for (const slot of promotions.toReversed().slice(0, sets)) slot.byPerson = true;
}

/** Requests and changes share one sequence, as on GitHub. */
function numberSlots(slots: readonly Slot[]): void {
  const events: { at: number; give: (number: number) => void }[] = [];
  for (const slot of slots) {
    if (["direct-push", "direct-push-as-merge", "off-branch-deployment"].includes(slot.kind)) continue;
    if (slot.kind !== "missing-work-item") {
      events.push({ at: slot.requestedAt, give: (number) => Object.assign(slot, { request: number }) });
    }
    events.push({ at: slot.createdAt, give: (number) => Object.assign(slot, { number }) });
  }
  events
    .sort((a, b) => a.at - b.at)
    .forEach((each, at) => {
      each.give(at + 1);
    });
}
