import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../util/errors.ts";

/** An executable with the environment variables it needs; `shell` when it is the headless shell alone. */
export interface Executable {
  readonly path: string;
  readonly shell?: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The Chromium that `@sparticuz/chromium` carries (x86-64 Linux), inflated once per version into the user's own cache;
 * undefined where the package is absent or made for another machine. Processes that ask at once all get a whole one.
 */
export async function packagedChromium(): Promise<Executable | undefined> {
  const version = await packagedVersion();
  if (version === undefined) return undefined;
  const cache = await ownFolder();
  const folder = join(cache, `chromium-${version}`);
  if (!(await isWhole(folder))) await inflate(folder);
  return {
    path: join(folder, "chromium"),
    shell: true,
    env: {
      // The package's own libraries first: a minimal machine has no NSS, and no other version is tried with this binary.
      LD_LIBRARY_PATH: [join(folder, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  };
}

async function packagedVersion(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  try {
    // The package exports no package.json; Node's own search finds it from the entry.
    const manifestPath = findPackageJSON(import.meta.resolve("@sparticuz/chromium"));
    if (manifestPath === undefined) return undefined;
    const manifest: unknown = JSON.parse(await readFile(manifestPath, "utf8"));
    return String((manifest as { version: unknown }).version);
  } catch {
    return undefined;
  }
}

/** A folder only this user can write to: what lies in it gets executed. */
async function ownFolder(): Promise<string> {
  const { uid } = userInfo();
  const candidates = [
    join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flowproof"),
    join(tmpdir(), `flowproof-${uid}`),
  ];
  const refused: string[] = [];
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const found = await lstat(folder);
      if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
        throw new Error("it belongs to, or can be written by, somebody else");
      }
      return folder;
    } catch (error) {
      refused.push(`${folder}: ${(error as Error).message}`);
    }
  }
  throw new ConfigError(`the packaged Chromium has nowhere to be inflated to (${refused.join("; ")})`, {
    hint: "Set XDG_CACHE_HOME to a folder that only this user can write to, or FLOWPROOF_CHROMIUM to a browser.",
  });
}

const isWhole = (folder: string): Promise<boolean> =>
  lstat(join(folder, "fonts.conf")).then(
    () => true,
    () => false,
  );

async function inflate(folder: string): Promise<void> {
  const staging = `${folder}.${randomBytes(6).toString("hex")}`;
  await mkdir(staging, { mode: 0o700 });
  try {
    await inflateInto(staging);
    await writeFile(join(staging, "fonts.conf"), fontsConf(folder));
    // All or nothing: whoever is first wins, a later one finds the folder there and drops its own.
    await rename(staging, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (!(await isWhole(folder))) throw error;
    });
  } catch (error) {
    throw new ConfigError(`the packaged Chromium could not be inflated into ${folder}`, {
      hint: "About 210 MB must be free there. XDG_CACHE_HOME moves it; FLOWPROOF_CHROMIUM names another browser.",
      cause: error,
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

// In a process of its own: the package inflates into the temporary folder of its process, and trusts what lies there.
// It adds its system libraries (al2023) only where it believes to run on AWS Lambda, hence that variable.
function inflateInto(folder: string): Promise<void> {
  const script = "const { default: chromium } = await import(process.argv[1]); await chromium.executablePath();";
  const entry = import.meta.resolve("@sparticuz/chromium");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, entry], {
    env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`inflating ended with ${signal ?? code}: ${said.trim()}`));
    });
  });
}

// The machine's fonts too: names in a pack may be in any script, the pack's own fonts cover the Latin ones.
const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`;
