import { assess } from "../src/pipeline/assess.ts";
import { collect } from "../src/pipeline/collect.ts";
import { report } from "../src/pipeline/report.ts";
import { parsePeriod } from "../src/util/period.ts";
import type { Step } from "./whole.ts";
import { contextOf, timed } from "./workbench.ts";

/** Takes one step of the pipeline and prints what it took as JSON: `node bench/step-once.ts collect|evaluate|print CONFIG STORE PERIOD FOLDER` */
const [name = "", config = "", store = "", text = "", out = ""] = process.argv.slice(2);
const ctx = contextOf(config, store);
const period = parsePeriod(text, "UTC", new Date());

const steps: Readonly<Record<string, () => Promise<Omit<Step, "seconds" | "memory">>>> = {
  collect: async () => {
    const { requests, points, newRecords: records } = await collect(ctx);
    return { requests, points, records };
  },
  evaluate: async () => ({ items: (await assess(ctx, { period })).population.length }),
  print: async () => {
    const { result, pages } = await report(ctx, { period, out });
    return { items: result.population.length, ...(pages === null ? {} : { pages }) };
  },
};

const take = steps[name];
if (!take) throw new TypeError(`there is no step "${name}"`);
const { seconds, result } = await timed(take);
console.log(JSON.stringify({ seconds, memory: process.resourceUsage().maxRSS / 1024, ...result } satisfies Step));
