import { attribution } from "./attribution.ts";
import { client } from "./client.ts";
import { evaluate } from "./evaluate.ts";
import { type Figure, figureLine } from "./figure.ts";
import { growth } from "./growth.ts";
import { paper, paperSpan } from "./paper.ts";
import { price } from "./price.ts";
import { seal, sealSpan } from "./seal.ts";
import { store } from "./store.ts";
import { verify } from "./verify.ts";
import { span, whole } from "./whole.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/**
 * Measures price and speed, each figure beside its goal. Ratios are taken within one run on one machine, so they hold
 * where seconds do not. `npm run bench`, `npm run bench -- 2000`, `npm run bench -- store client`
 */
const parts: Readonly<Record<string, (bench: Workbench) => Promise<readonly Figure[]>>> = {
  price,
  client,
  store,
  evaluate,
  whole,
  growth,
  attribution,
  verify,
  seal,
  paper,
  span,
  sealSpan,
  paperSpan,
};

/** Measured only where they are named. */
const long: typeof parts = { span, sealSpan, paperSpan };

const asked = process.argv.slice(2);
const size = asked.find((argument) => /^\d+$/.test(argument));
const names = asked.filter((argument) => argument !== size);
const unknown = names.find((name) => !(name in parts));
if (unknown !== undefined) throw new TypeError(`there is no part "${unknown}": ${Object.keys(parts).join(", ")}`);

const bench = openWorkbench(Number(size ?? 10_000));
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => void bench.close().finally(() => process.exit(code)));
try {
  console.log(`${bench.changes} simulated changes, Node ${process.version}, ${process.arch}`);
  for (const [name, measure] of Object.entries(parts))
    if (names.length === 0 ? !(name in long) : names.includes(name))
      for (const figure of await measure(bench)) console.log(figureLine(figure));
} finally {
  await bench.close();
}
