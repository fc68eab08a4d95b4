import { assess } from "../src/pipeline/assess.ts";
import { wholePeriod } from "./evaluate.ts";
import { contextOf } from "./workbench.ts";

/** Judges a store after a warm-up on another and prints the seconds of computing it took, which other work on the machine hardly changes: `node bench/judge-once.ts CONFIG WARM STORE` */
const [config = "", warm = "", store = ""] = process.argv.slice(2);
for (let round = 0; round < 3; round++) await assess(contextOf(config, warm), { period: wholePeriod });
const before = process.cpuUsage();
await assess(contextOf(config, store), { period: wholePeriod });
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1e6);
