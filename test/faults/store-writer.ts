import { batch, head, open, stream } from "../unit/store/evidence-fixture.ts";

/**
 * A process of its own that collects: node store-writer.ts <store> <objects> [hold | many]. It goes on from the stored
 * cursor, five objects at a time, and prints each acknowledged number of objects; then, with `hold`, it keeps the lock until
 * it is killed. With `many` it is a thousand at a time, the next ones given before the last ones are acknowledged.
 */
const [path = "", objects = "0", how] = process.argv.slice(2);
const perBatch = how === "many" ? 1_000 : 5;

const store = await open(path);
await store.lock("flowproof collect");
process.stdout.write("locked\n");
const run = await store.beginRun("flowproof collect");
const cursor = (await store.cursors([stream().id])).get(stream().id);
let last: Promise<unknown> = Promise.resolve();
for (let from = Number(cursor ?? 0); from < Number(objects); from += perBatch) {
  const records = Array.from({ length: perBatch }, (_, i) => head(`branch-${from + i}`, `oid-${from + i}`));
  const stored = store.append(run, batch(records, { cursor: String(from + perBatch) }));
  const said = stored.then(() => process.stdout.write(`${from + perBatch}\n`));
  await (how === "many" ? last : said);
  last = said;
}
await last;
await store.endRun(run, "done");
if (how === "hold") setInterval(() => {}, 60_000);
else await store.close();
