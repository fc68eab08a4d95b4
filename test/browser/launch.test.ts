import { fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractText, getDocumentProxy } from "unpdf";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findBrowser, launchBrowser } from "../../src/pack/browser.ts";
import { packagedChromium } from "../../src/pack/packaged-chromium.ts";

const packagedHere = process.platform === "linux" && process.arch === "x64";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowproof-launch-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe("a started browser", () => {
  it("prints a page whose text, title and language a reader finds, and leaves nothing behind", async () => {
    vi.stubEnv("TMPDIR", folder);
    const browser = await launchBrowser();
    const page = await browser.newPage();
    await page.setContent(
      '<html lang="en"><title>Riverbank</title><h1>Changes are reviewed: 498 of 505 – naïve façade</h1>',
    );
    const pdf = await page.pdf({ format: "a4", tagged: true, outline: true });
    await browser.close();

    const document = await getDocumentProxy(pdf);
    const { text, totalPages } = await extractText(document, { mergePages: true });
    expect(text).toContain("Changes are reviewed: 498 of 505 – naïve façade");
    expect(totalPages).toBe(1);
    expect(await document.getMarkInfo()).toMatchObject({ Marked: true });
    expect((await document.getOutline())?.map(({ title }: { title: string }) => title)).toEqual([
      "Changes are reviewed: 498 of 505 – naïve façade",
    ]);
    // A process of the browser's may end a little after it.
    await expect.poll(() => readdir(folder), { timeout: 10_000 }).toEqual([]);
  });

  it("reaches no host by name, not even this one", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await expect(page.goto(`http://localhost:${port}/`)).rejects.toThrow("ERR_NAME_NOT_RESOLVED");
    } finally {
      await browser.close();
      server.close();
    }
    expect(asked).toBe(0);
  });

  it("that cannot start is named with what to do", async () => {
    vi.stubEnv("FLOWPROOF_CHROMIUM", process.execPath);
    await expect(launchBrowser()).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(process.execPath),
      hint: expect.stringContaining("FLOWPROOF_CHROMIUM"),
    });
  });
});

describe("the browser to print with", () => {
  it("is the one that is named, and a wrong name stops instead of being passed over", async () => {
    vi.stubEnv("FLOWPROOF_CHROMIUM", process.execPath);
    expect(await findBrowser()).toMatchObject({ path: process.execPath, how: "named by FLOWPROOF_CHROMIUM" });
    vi.stubEnv("FLOWPROOF_CHROMIUM", join(folder, "absent"));
    await expect(findBrowser()).rejects.toMatchObject({ code: "config", message: expect.stringContaining("absent") });
    expect(await findBrowser(process.execPath)).toMatchObject({ how: "named by the given path" });
  });

  it.skipIf(process.platform !== "linux")("is one of the machine before the packaged one", async () => {
    vi.stubEnv("FLOWPROOF_CHROMIUM", "");
    vi.stubEnv("PUPPETEER_EXECUTABLE_PATH", "");
    vi.stubEnv("PATH", folder);
    await mkdir(join(folder, "chromium-browser"));
    await symlink(process.execPath, join(folder, "google-chrome"));
    expect(await findBrowser()).toMatchObject({ path: join(folder, "google-chrome"), how: "found on this machine" });
  });
});

describe.runIf(packagedHere)("the packaged Chromium", () => {
  it("is inflated once, whole and only for this user, by processes that start together", async () => {
    const script = join(folder, "inflate.mjs");
    const source = new URL("../../src/pack/packaged-chromium.ts", import.meta.url).href;
    await writeFile(
      script,
      `import { packagedChromium } from ${JSON.stringify(source)};\nprocess.send((await packagedChromium()).path);`,
    );
    const paths = await Promise.all(
      [1, 2].map(async () => {
        const child = fork(script, { env: { ...process.env, XDG_CACHE_HOME: folder }, execArgv: [] });
        const [path] = await once(child, "message");
        await once(child, "exit");
        return path as string;
      }),
    );
    expect(new Set(paths).size).toBe(1);
    expect(await readdir(join(folder, "flowproof"))).toEqual([expect.stringMatching(/^chromium-[\d.]+$/)]);
    expect((await stat(join(folder, "flowproof"))).mode & 0o777).toBe(0o700);
    const before = await stat(paths[0] ?? "");
    vi.stubEnv("XDG_CACHE_HOME", folder);
    expect((await packagedChromium())?.path).toBe(paths[0]);
    expect((await stat(paths[0] ?? "")).ino).toBe(before.ino);
  });

  it("is not taken from a folder that others can write to", async () => {
    vi.stubEnv("XDG_CACHE_HOME", folder);
    vi.stubEnv("TMPDIR", join(folder, "tmp"));
    await mkdir(join(folder, "flowproof"));
    await chmod(join(folder, "flowproof"), 0o777);
    await mkdir(join(folder, "tmp"));
    expect((await packagedChromium())?.path).toContain(join(folder, "tmp", "flowproof-"));
    await chmod(join(folder, "tmp", `flowproof-${process.getuid?.()}`), 0o777);
    await expect(packagedChromium()).rejects.toMatchObject({
      code: "config",
      hint: expect.stringContaining("XDG_CACHE_HOME"),
    });
  });
});
