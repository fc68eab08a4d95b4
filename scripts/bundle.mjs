// Bundles what an issued pack carries: dist/verify/verify.mjs, the verifier that an auditor runs with any Node from 18 up,
// and dist/verify/page.js and draft.js, the scripts of pack.html. One file each, without dependencies, readable, the same bytes for the
// same sources. Called by build.mjs, and before the tests.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const header = `#!/usr/bin/env node
// verify.mjs: checks a pack of flowproof ${version}, offline, with nothing but Node (18 or later).
//
//   node verify.mjs                       the pack in whose folder this file lies
//   node verify.mjs PATH                  a pack's folder, evidence.zip, pack.html or pack.pdf
//   node verify.mjs PATH --against OLDER  does it continue a pack that you kept?
//   node verify.mjs --help                the rest
//
// It reads, and changes nothing. VERIFY.txt beside it says how to check the same with openssl and sha256sum alone.
`;

const entries = [
  {
    name: "verify.mjs",
    input: join(root, "src", "pack", "verify", "main.ts"),
    platform: "node",
    target: "node18",
    output: { format: "esm", banner: header, comments: true },
    finish: (code) => code,
  },
  ...[
    { name: "page.js", source: "page.ts" },
    { name: "draft.js", source: "draft.ts" },
  ].map(({ name, source }) => ({
    name,
    input: join(root, "src", "pack", "html", source),
    platform: "browser",
    target: "es2022",
    output: { format: "iife", comments: false },
    // It stands in a script element, which none of its strings may end.
    finish: (code) => code.replace(/<(?=\/?script|!--)/gi, "\\x3C"),
  })),
];

/** Writes all into dist/verify; the name is the one that vitest calls before all tests. */
export async function setup() {
  const folder = join(root, "dist", "verify");
  mkdirSync(folder, { recursive: true });
  for (const { name, input, platform, target, output, finish } of entries) {
    if (!existsSync(input)) continue;
    const code = finish(await bundleOne({ input, platform, target, output }));
    // In one step: tests that run at the same time read it.
    const aside = join(folder, `${name}.${process.pid}`);
    writeFileSync(aside, code);
    renameSync(aside, join(folder, name));
  }
}

async function bundleOne({ input, platform, target, output }) {
  const build = await rolldown({
    input,
    platform,
    cwd: root,
    transform: { target },
    onLog: (_level, log) => {
      throw new Error(`${input}: ${log.message}`);
    },
  });
  try {
    const { output: chunks } = await build.generate({ ...output, minify: false, sourcemap: false });
    const [{ code, imports }] = chunks;
    const foreign = imports.filter((name) => !name.startsWith("node:"));
    if (chunks.length > 1 || foreign.length > 0) throw new Error(`${input} is not one file: ${foreign.join(", ")}`);
    return code;
  } finally {
    await build.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setup();
