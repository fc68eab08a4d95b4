import type { Browser, Page } from "puppeteer-core";

export interface WatchOptions {
  /** Ends the work, and the browser with it. */
  readonly signal?: AbortSignal;
  /** Called now and then while the work goes on, with the seconds that it has taken. */
  readonly onBeat?: (seconds: number) => void;
  /** Milliseconds between two looks at the browser, and for how long it may give no answer. */
  readonly every?: number;
  readonly patience?: number;
}

/**
 * Gives what the work gives, however long it takes, as long as the browser lives: rejects where it ended, where a page that
 * the work had watched crashed, where no answer comes any more, and where the signal asks for the end. The caller ends the browser.
 */
export async function whileAlive<T>(
  browser: Browser,
  options: WatchOptions,
  work: (watch: (page: Page) => void) => Promise<T>,
): Promise<T> {
  const { signal, onBeat, every = 5_000, patience = 60_000 } = options;
  signal?.throwIfAborted();
  const started = performance.now();
  const { promise: over, reject } = Promise.withResolvers<never>();
  // Where the work ends first, nobody waits for this any more.
  over.catch(() => undefined);
  const onAbort = (): void => reject(signal?.reason);
  const onGone = (): void => reject(new Error("the browser ended while it printed the pack"));
  const onCrash = (): void =>
    reject(new Error("the browser's page crashed while it printed the pack: as a rule for want of memory"));
  let answered = started;
  let asking = false;
  const beat = setInterval(() => {
    const now = performance.now();
    onBeat?.(Math.round((now - started) / 1000));
    if (now - answered > patience) reject(new Error(`the browser has given no answer for ${patience / 1000} s`));
    if (asking) return;
    asking = true;
    browser.version().then(() => {
      answered = performance.now();
      asking = false;
    }, onGone);
  }, every);
  signal?.addEventListener("abort", onAbort, { once: true });
  browser.once("disconnected", onGone);
  try {
    return await Promise.race([work((page) => page.once("error", onCrash)), over]);
  } finally {
    clearInterval(beat);
    signal?.removeEventListener("abort", onAbort);
    browser.off("disconnected", onGone);
  }
}

/** Ends the browser: it is asked to where its work is done, and ended with all its processes where it is not. */
export async function endBrowser(browser: Browser, done: boolean): Promise<void> {
  const pid = browser.process()?.pid;
  if (!done && pid !== undefined) kill(pid);
  await browser.close().catch((error: unknown) => {
    if (done) throw error;
  });
}

function kill(pid: number): void {
  try {
    // A group of its own, where the system knows groups; what is in it draws and reads for the browser.
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
