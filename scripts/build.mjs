// Compiles to dist/, and mends what npm gets wrong about this package's dependencies. Plain JavaScript, because it also
// runs at the end of `npm install` and `npm ci`, on whatever Node is there. With --if-possible, as there, an installation
// without development packages keeps the dist/ it came with.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const main = join(root, "dist", "src", "cli", "main.js");
const compiler = join(modules, "@typescript", "native", "bin", "tsc");

// `npx` runs this for every user's first command, and dist/ may be in use.
const built = process.argv.includes("--if-possible") && isBuilt();

keepPrebuilt();
// npm 10 installs the Node of this machine's kind, then removes its link together with that of the other kind.
link("node", join(modules, `node-${process.platform}-${process.arch}`, "bin", "node"));

if (built) {
  // Nothing to compile.
} else if (existsSync(compiler)) {
  const build = join(root, "tsconfig.build.json");
  const { status } = spawnSync(process.execPath, [compiler, "-p", build], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  // Rolldown is a development package like the compiler, and missing where that is.
  await (await import("./bundle.mjs")).setup();
  writeFileSync(join(root, "dist", "build.json"), `${JSON.stringify({ commit: commit() })}\n`);
} else {
  console.error("flowproof: the compiler is not installed, so dist/ is left as it is");
  if (!process.argv.includes("--if-possible")) process.exit(1);
}
link("flowproof", main);

// npm compiles whatever carries a binding.gyp, which needs Python and a compiler, unless gypfile is false; it asks the lock
// file, into which it forgets to copy that from better-sqlite3, which brings its binaries
// (https://github.com/WiseLibs/better-sqlite3/issues/1516). npm 11.16 and later also obey allowScripts in package.json.
function keepPrebuilt() {
  const file = join(root, "package-lock.json");
  if (!existsSync(file)) return;
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const sqlite = lock.packages["node_modules/better-sqlite3"];
  if (!sqlite || sqlite.gypfile === false) return;
  sqlite.gypfile = false;
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

// Whether dist/ is of this very commit.
function isBuilt() {
  const file = join(root, "dist", "build.json");
  const head = commit();
  if (head === null || head.endsWith("-modified") || !existsSync(file) || !existsSync(main)) return false;
  return JSON.parse(readFileSync(file, "utf8")).commit === head;
}

// The commit that was compiled, marked where files differ from it; null outside a checkout of our own.
function commit() {
  if (!existsSync(join(root, ".git"))) return null;
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" });
  const head = git("rev-parse", "HEAD");
  if (head.status !== 0) return null;
  return `${head.stdout.trim()}${git("diff", "--quiet", "HEAD").status === 0 ? "" : "-modified"}`;
}

function link(name, target) {
  if (!existsSync(target) || !existsSync(join(modules, ".bin"))) return;
  const path = join(modules, ".bin", name);
  if (process.platform === "win32") {
    writeFileSync(`${path}.cmd`, `@node "%~dp0\\${relative(dirname(path), target)}" %*\r\n`);
    return;
  }
  chmodSync(target, 0o755);
  rmSync(path, { force: true });
  symlinkSync(relative(dirname(path), target), path);
}
