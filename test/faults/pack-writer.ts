import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { manifestOf, verifyManifest } from "../../src/pack/manifest.ts";
import { writePack } from "../../src/pack/write-pack.ts";

/** A process of its own that writes packs of so many bytes under one name: node pack-writer.ts <folder> <bytes>... It prints what became of each. */
const [target = "", ...sizes] = process.argv.slice(2);

for (const [index, size] of sizes.entries()) {
  const files = new Map<string, string>([
    ["assessment.json", `{"pack":${index}}\n`],
    ["pack.html", String(index).repeat(Number(size))],
  ]);
  const checkpoint = { size: index, root: "ab".repeat(32), at: "2026-11-04T05:00:00Z" };
  files.set("manifest.json", manifestOf(files, { tool: "flowproof 0.1.0", checkpoint }));
  const error = await writePack(target, files).then(
    () => null,
    (cause: NodeJS.ErrnoException) => cause.code ?? cause.message,
  );
  const names = await readdir(dirname(target));
  const differences = await verifyManifest(target);
  process.stdout.write(`${JSON.stringify({ error, names, differences })}\n`);
}
