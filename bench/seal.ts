import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./figure.ts";
import type { Workbench } from "./workbench.ts";

/** What drafting and issuing a pack took, as `seal-once.ts` prints it: seconds, and MB beyond what drafting had held at its most. */
export interface Sealed {
  readonly items: number;
  readonly report: number;
  readonly issue: number;
  /** Of issuing: what drafting does not do as well. */
  readonly seal: number;
  readonly memory: number;
}

const month = "2026-10";
const all = "2026-05-01..2026-10-31";

/** What issuing a month's pack adds to its making. */
export const seal = (bench: Workbench): Promise<readonly Figure[]> => sealed(bench, month);

/** The same of all that the organisation ever did, which takes minutes. */
export const sealSpan = (bench: Workbench): Promise<readonly Figure[]> => sealed(bench, all);

async function sealed(bench: Workbench, period: string): Promise<readonly Figure[]> {
  const { config, folder } = await bench.organisation(bench.changes);
  const own = join(folder, `seal-${period}`);
  mkdirSync(own);
  const { items, report, issue, seal, memory } = JSON.parse(
    await bench.run("seal-once.ts", config, period, own),
  ) as Sealed;
  const note = `${items} items, drafted in ${report.toFixed(1)} s, issued in ${issue.toFixed(1)} s`;
  return [
    { name: `sealing over making, pack of ${period}`, value: seal / report, goal: { atMost: 0.15 }, note },
    { name: `issuing ${period}: memory beyond drafting`, value: memory, unit: "MB" },
  ];
}
