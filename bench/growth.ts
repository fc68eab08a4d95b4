import { join } from "node:path";
import type { Figure } from "./figure.ts";
import { multiply } from "./multiply.ts";
import type { Workbench } from "./workbench.ts";

const base = 1_000;

/**
 * How the time to load and judge a whole period grows from 1,000 changes to a hundred times as many on the same branches:
 * the exponent e of computing time = changes^e. Each size is judged in a process of its own, after a warm-up on the smallest.
 */
export async function growth(bench: Workbench): Promise<readonly Figure[]> {
  const { organisation, first } = await bench.collected(base);
  const sizes = [1, 10, 100].map((copies) => ({ copies, store: join(bench.folder, `growth-${copies}.db`) }));
  const seconds: number[] = [];
  for (const { copies, store } of sizes) {
    multiply(first.path, store, copies);
    seconds.push(Number(await bench.run("judge-once.ts", organisation.config, sizes[0]?.store ?? store, store)));
  }
  const [small = 1, , large = 1] = seconds;
  return [
    {
      name: `exponent of evaluating, ${base} to ${base * 100} changes`,
      value: Math.log(large / small) / Math.log(100),
      goal: { atMost: 1.05 },
      note: `${seconds.map((each) => each.toFixed(1)).join(" s, ")} s for ${sizes.map(({ copies }) => copies * base).join(", ")}`,
    },
  ];
}
