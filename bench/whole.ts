import { join } from "node:path";
import type { Figure } from "./figure.ts";
import type { Workbench } from "./workbench.ts";

/** What one step of the pipeline took, as `step-once.ts` prints it. */
export interface Step {
  readonly seconds: number;
  /** The most memory its process held, in MB; a browser's is not in it. */
  readonly memory: number;
  /** Of a collecting. */
  readonly requests?: number;
  readonly points?: number;
  readonly records?: number;
  /** Of a pack. */
  readonly items?: number;
  readonly pages?: number;
}

const month = "2026-10";
const all = "2026-05-01..2026-10-31";

/** Every step of the pipeline on the whole organisation up to a month's pack: time, memory, and what it made. */
export const whole = (bench: Workbench): Promise<readonly Figure[]> => steps(bench, [month]);

/** The same with a pack of all the organisation ever did: more than a thousand pages of 10,000 changes, which takes minutes. */
export const span = (bench: Workbench): Promise<readonly Figure[]> => steps(bench, [month, all]);

/** Each in a process of its own. */
async function steps(bench: Workbench, packs: readonly string[]): Promise<readonly Figure[]> {
  const { config, folder } = await bench.organisation(bench.changes);
  const store = join(folder, `whole-${packs.length}.db`);
  const step = async (name: string, period: string) =>
    JSON.parse(await bench.run("step-once.ts", name, config, store, period, join(folder, `pack-${period}`))) as Step;
  const collected = await step("collect", all);
  const taken = [
    ["collect", collected, `${collected.requests} requests, ${collected.points} points, ${collected.records} records`],
    ...(await inTurn([month, all], async (period) => {
      const made = await step("evaluate", period);
      return [`evaluate ${period}`, made, `${made.items} items`] as const;
    })),
    ...(await inTurn(packs, async (period) => {
      const made = await step("print", period);
      return [
        `pack of ${period}`,
        made,
        `${made.items} items, ${made.pages ?? "no"} pages, evaluating included`,
      ] as const;
    })),
  ] as const;
  return taken.flatMap(([name, { seconds, memory }, note]): Figure[] => [
    { name, value: seconds, unit: "s", note },
    { name: `${name}: memory at its most`, value: memory, unit: "MB" },
  ]);
}

async function inTurn<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const value of values) made.push(await work(value));
  return made;
}
