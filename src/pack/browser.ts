import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Browser } from "puppeteer-core";
import { launch } from "puppeteer-core";
import { ConfigError } from "../util/errors.ts";
import type { Executable } from "./packaged-chromium.ts";
import { packagedChromium } from "./packaged-chromium.ts";

/** A browser that can print, with what `doctor` says about it. */
export interface FoundBrowser extends Executable {
  /** How it was found, as the end of a sentence. */
  readonly how: string;
  /** Why Chromium's own sandbox will be off, where that is known beforehand. */
  readonly unsandboxed: string | undefined;
}

/**
 * The browser to print with: the given path, else FLOWPROOF_CHROMIUM or PUPPETEER_EXECUTABLE_PATH, else one of this
 * machine, else the packaged one. Throws ConfigError, which says what to do, when there is none.
 */
export async function findBrowser(executablePath?: string): Promise<FoundBrowser> {
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const unsandboxed = isRoot ? "running as root, to whom Chromium refuses its sandbox" : undefined;
  const named: readonly (readonly [string | undefined, string])[] = [
    [executablePath, "the given path"],
    [process.env.FLOWPROOF_CHROMIUM, "FLOWPROOF_CHROMIUM"],
    [process.env.PUPPETEER_EXECUTABLE_PATH, "PUPPETEER_EXECUTABLE_PATH"],
  ];
  for (const [path, name] of named) {
    if (!path) continue;
    if (await isExecutable(path)) return { path, env: {}, how: `named by ${name}`, unsandboxed };
    throw new ConfigError(`no browser can be started at ${path} (${name})`, {
      hint: "Name an executable Chromium, Chrome or Edge, or leave it out to have one found.",
    });
  }
  for (const path of places()) {
    if (await isExecutable(path)) return { path, env: {}, how: "found on this machine", unsandboxed };
  }
  const packaged = await packagedChromium();
  if (packaged) return { ...packaged, how: "the one packaged with flowproof", unsandboxed };
  throw new ConfigError("no browser was found to print the pack with", {
    hint: "Install Chromium or Chrome, or name one with FLOWPROOF_CHROMIUM.",
  });
}

/**
 * Starts a headless browser that reaches no host by name and asks nothing of a network by itself, with a fresh profile
 * that `close()` removes. It ends with this process, however that ends. Throws ConfigError when there is none or it
 * does not start.
 */
export async function launchBrowser(options: { readonly executablePath?: string } = {}): Promise<Browser> {
  const found = await findBrowser(options.executablePath);
  const start = (sandboxed: boolean): Promise<Browser> =>
    launch({
      executablePath: found.path,
      // The packaged one is the headless shell, which knows no other mode.
      headless: found.shell ? "shell" : true,
      args: sandboxed ? quiet : [...quiet, "--no-sandbox"],
      env: { ...process.env, ...found.env },
      // A pipe, not a port: nobody else can drive it, and it ends when the pipe breaks. So signals stay the caller's.
      pipe: true,
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
      // Generous: the first start on a busy machine reads 200 MB.
      timeout: 120_000,
      // A long pack takes as long as it takes: who waits watches whether the browser lives.
      protocolTimeout: 0,
    });
  try {
    if (found.unsandboxed !== undefined) return await start(false);
    // Containers and some distributions deny user namespaces, of which Chromium builds its sandbox. Through a pipe it
    // cannot say so. What it shows is our own page, offline, so it is then started without.
    return await start(true).catch(() => start(false));
  } catch (error) {
    throw new ConfigError(`the browser ${found.path} (${found.how}) did not start`, {
      hint: "Start it by hand to see what it misses, or name another with FLOWPROOF_CHROMIUM.",
      cause: error,
    });
  }
}

/** What a browser would do by itself, off: a pack is printed from local files alone, the same on every machine. */
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-extensions",
  "--disable-quic",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
  "--no-pings",
  "--disable-gpu",
  // A container's /dev/shm is often 64 MB, too small for a long document.
  "--disable-dev-shm-usage",
  // Every name leads nowhere, so even a page that asked would reach no host.
  "--host-resolver-rules=MAP * ~NOTFOUND",
  "--font-render-hinting=none",
  "--force-color-profile=srgb",
  "--lang=en-GB",
];

function places(): string[] {
  const inPath = (names: readonly string[]): string[] =>
    names.flatMap((name) =>
      (process.env.PATH ?? "")
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name)),
    );
  const { env } = process;
  switch (process.platform) {
    case "darwin":
      return ["Google Chrome", "Chromium", "Microsoft Edge"].flatMap((name) =>
        ["/Applications", join(env.HOME ?? "", "Applications")].map((folder) =>
          join(folder, `${name}.app/Contents/MacOS/${name}`),
        ),
      );
    case "win32":
      return [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          join(folder, "Google", "Chrome", "Application", "chrome.exe"),
          join(folder, "Chromium", "Application", "chrome.exe"),
          join(folder, "Microsoft", "Edge", "Application", "msedge.exe"),
        ]);
    default:
      return [
        ...inPath(["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"]),
        "/usr/lib/chromium/chromium",
        "/opt/google/chrome/chrome",
        "/snap/bin/chromium",
      ];
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
