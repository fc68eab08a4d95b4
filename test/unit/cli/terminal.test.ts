import { describe, expect, it } from "vitest";
import { openTerminal, type TerminalOptions } from "../../../src/cli/terminal.ts";
import { ConfigError } from "../../../src/util/errors.ts";

function open(options: Partial<TerminalOptions> & { readonly tty?: boolean } = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  let time = Date.parse("2026-11-03T03:00:00Z");
  const terminal = openTerminal({
    json: false,
    verbose: false,
    stdout: { write: (text) => out.push(text), isTTY: options.tty },
    stderr: { write: (text) => err.push(text), isTTY: options.tty, columns: 20 },
    now: () => new Date(time),
    ...options,
  });
  return {
    terminal,
    stdout: () => out.join(""),
    stderr: () => err.join(""),
    pass: (seconds: number) => (time += seconds * 1000),
  };
}

describe("a command's output", () => {
  it("is plain, dated and rare lines where nobody watches", () => {
    const { terminal, stdout, stderr, pass } = open();
    terminal.progress("page 1");
    pass(1);
    terminal.progress("page 2");
    pass(5);
    terminal.progress("page 3");
    terminal.line("done");
    expect(stderr()).toBe("2026-11-03T03:00:00Z page 1\n2026-11-03T03:00:06Z page 3\n");
    expect(stdout()).toBe("done\n");
  });

  it("rewrites one line on a terminal, cut to its width, and clears it before anything else", () => {
    const { terminal, stderr } = open({ tty: true });
    terminal.progress("a line that is longer than the terminal");
    terminal.progress("short");
    terminal.warn("look");
    expect(stderr()).toBe("a line that is l...\r\u001b[2Kshort\r\u001b[2Kwarning: look\n");
  });

  it("is lines of JSON on request, results apart from the rest", () => {
    const { terminal, stdout, stderr } = open({ json: true });
    terminal.line("for people");
    terminal.data("collect", { requests: 3 });
    terminal.warn("look");
    terminal.error(new ConfigError("wrong", { hint: "Mend it." }));
    expect(JSON.parse(stdout())).toEqual({ event: "collect", requests: 3 });
    expect(
      stderr()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { event: "warning", text: "look" },
      { event: "error", text: "wrong", code: "config", hint: "Mend it." },
    ]);
  });

  it("says what happened and what to do, the stack only when asked", () => {
    const quiet = open();
    quiet.terminal.error(new ConfigError("the token is not there", { hint: "Set GITHUB_TOKEN." }));
    expect(quiet.stderr()).toBe("error: the token is not there\nSet GITHUB_TOKEN.\n");
    const loud = open({ verbose: true });
    loud.terminal.error(new TypeError("x is undefined"));
    expect(loud.stderr()).toMatch(/error: x is undefined\n.*\n.*TypeError: x is undefined\n\s+at /);
  });

  it("hides what it was told to, everywhere", () => {
    const { terminal, stdout, stderr } = open({ verbose: true });
    terminal.hide(["plain-secret"]);
    terminal.line("a plain-secret");
    terminal.progress("a plain-secret");
    terminal.warn("a plain-secret");
    terminal.error(new Error("a plain-secret"));
    expect(stdout() + stderr()).not.toContain("plain-secret");
    expect(stdout() + stderr()).toContain("[redacted]");
  });

  it("names commands so that they run as they stand, with the configuration in use", () => {
    const { terminal, stderr } = open();
    const hint = "Run `flowproof verify` to see; or render it again: flowproof report --period 2026-10";
    terminal.error(new ConfigError("flowproof stopped", { hint }));
    terminal.uses("other place.yaml");
    terminal.warn("see them with `flowproof status`; flowproof goes on");
    expect(stderr()).toBe(
      "error: flowproof stopped\nRun `npx flowproof verify` to see; or render it again: npx flowproof report --period 2026-10\n" +
        "warning: see them with `npx flowproof status -c 'other place.yaml'`; flowproof goes on\n",
    );
  });
});
