import { instant } from "../util/clock.ts";
import { FlowproofError } from "../util/errors.ts";
import { runnable, usualConfig } from "./next-command.ts";
import { printable, printableJson } from "./printable.ts";

interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** How a command speaks: results on stdout, everything else on stderr, no secret on either. */
export interface Terminal {
  /** A value of the configuration that must never be shown. */
  hide(secrets: readonly string[]): void;
  /** The configuration that is used: commands that warnings and hints name are to be run with it. */
  uses(config: string): void;
  /** What is being done now: one line that is rewritten on a terminal, a dated line now and then elsewhere. */
  progress(text: string): void;
  /** A line of the result; nothing under --json. */
  line(text?: string): void;
  /** The result for machines, one line of JSON; nothing without --json. */
  data(event: string, value: object): void;
  /** Something to look at that does not stop the command. */
  warn(text: string): void;
  /** Why the command stopped: what happened, and what to do; the stack only under --verbose. */
  error(error: unknown): void;
  readonly isInteractive: boolean;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly stdout?: Output;
  readonly stderr?: Output;
  readonly now?: () => Date;
}

/** Milliseconds between progress lines where they cannot be rewritten: a log of a long run stays readable. */
const pace = 5_000;

/** Opens the two streams of a process for a command. */
export function openTerminal(options: TerminalOptions): Terminal {
  const { json, verbose, stdout = process.stdout, stderr = process.stderr, now = () => new Date() } = options;
  const rewrites = !json && stderr.isTTY === true && process.env.TERM !== "dumb";
  let secrets: readonly string[] = [];
  let config = usualConfig;
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (shown) stderr.write("\r\u001b[2K");
    shown = false;
  };
  const say = (event: string, text: string, more: object = {}): void => {
    clear();
    stderr.write(json ? `${printableJson({ event, text, ...more }, secrets)}\n` : `${printable(text, secrets)}\n`);
  };
  return {
    isInteractive: stdout.isTTY === true && !json,
    hide: (values) => {
      secrets = [...secrets, ...values];
    },
    uses: (file) => {
      config = file;
    },
    progress: (text) => {
      if (rewrites) {
        clear();
        stderr.write(cut(printable(text, secrets).replace(/\s+/g, " "), (stderr.columns ?? 80) - 1));
        shown = true;
        return;
      }
      const at = now();
      if (at.getTime() - last < pace) return;
      last = at.getTime();
      if (json) say("progress", text, { at: instant(at) });
      else say("progress", `${instant(at)} ${text}`);
    },
    line: (text = "") => {
      clear();
      if (!json) stdout.write(`${printable(text, secrets)}\n`);
    },
    data: (event, value) => {
      clear();
      if (json) stdout.write(`${printableJson({ event, ...value }, secrets)}\n`);
    },
    warn: (text) => say("warning", `${json ? "" : "warning: "}${runnable(text, config)}`),
    error: (error) => {
      const { text, code, ...said } = explain(error);
      const hint = said.hint === undefined ? undefined : runnable(said.hint, config);
      const stack = verbose && error instanceof Error ? error.stack : undefined;
      if (json) say("error", text, { code, ...(hint ? { hint } : {}), ...(stack ? { stack } : {}) });
      else say("error", [`error: ${text}`, hint, stack].filter(Boolean).join("\n"));
    },
  };
}

function explain(error: unknown): { readonly text: string; readonly hint: string | undefined; readonly code: string } {
  if (error instanceof FlowproofError) return { text: error.message, hint: error.hint, code: error.code };
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | null)?.code;
  if (code === "ENOSPC")
    return { text, code, hint: "The disk is full: make room and run it again; what was stored is whole." };
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return { text, code, hint: "Let this user read and write there." };
  if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "EEXIST")
    return { text, code, hint: "Check the path: a folder on it is missing, or something else has that name." };
  return { text, code: "unexpected", hint: "This was not foreseen. Run it again with --verbose to see where." };
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`;
}
