import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshFolder, jsonLines, run, token } from "./flowproof-process.ts";

describe("the command line", () => {
  it("helps, with every command and an example", async () => {
    const { code, stdout, stderr } = await run(["--help"], { cwd: freshFolder() });
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const command of [
      "init",
      "doctor",
      "collect",
      "report",
      "run",
      "status",
      "sandbox",
      "demo",
      "rebuild",
      "backup",
      "restore",
      "controls",
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    }
    expect(stdout).toContain("flowproof run --period last-month");
    const period = (await run(["run", "--help"], { cwd: freshFolder() })).stdout.replace(/\s+/g, " ");
    expect(period).toContain("both days included");
    expect(period).toContain("--config FILE --period 2026-10 --out DIR");
  });

  it("refuses what it does not know with the nearest word and exit code 2", async () => {
    const cwd = freshFolder();
    const [command, flag, choice] = await Promise.all([
      run(["reprot"], { cwd }),
      run(["run", "--preiod", "2026-10"], { cwd }),
      run(["run", "--fail-on", "anything"], { cwd }),
    ]);
    expect(command).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Did you mean report?") });
    expect(flag).toMatchObject({ code: 2, stderr: expect.stringContaining("Did you mean --period?") });
    expect(choice).toMatchObject({ code: 2, stderr: expect.stringContaining("exceptions, incomplete") });
  });

  it("answers a mistake in the command line with one line of JSON where JSON is asked for", async () => {
    const cwd = freshFolder();
    const mistakes: readonly (readonly [readonly string[], string])[] = [
      [["reprot"], "unknown command 'reprot' (Did you mean report?)"],
      [["run", "--preiod", "2026-10"], "unknown option '--preiod' (Did you mean --period?)"],
      [["report", "--period"], "option '--period <period>' argument missing"],
      [
        ["sandbox", "--port", "many"],
        "option '--port <number>' argument 'many' is invalid. It must be a whole number.",
      ],
      [["status", "now"], "too many arguments for 'status'. Expected 0 arguments but got 1: now."],
      [["help", "reprot"], "unknown command 'reprot'; did you mean `report`?"],
      [[], "no command is named"],
    ];
    const ended = await Promise.all(mistakes.map(([args]) => run([...args, "--json"], { cwd })));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      const hint = "Add --help to see what there is.";
      expect(jsonLines(stderr)).toEqual([{ event: "error", code: "config", text: mistakes[index]?.[1], hint }]);
    }
  });

  it("says one thing of a broken configuration: what is wrong first, and where", async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, "flowproof.config.yaml"), "organisation: Riverbank\n{{{\nsince: 2026-01-01\n");
    const [people, machines] = [await run(["collect"], { cwd }), await run(["collect", "--json"], { cwd })];
    expect(people.code).toBe(2);
    expect(people.stderr).toMatch(
      /^error: flowproof\.config\.yaml:2:1: [^\n]+\nThe file is not valid YAML there: [^\n]+\n$/,
    );
    expect(jsonLines(machines.stderr)).toEqual([
      expect.objectContaining({ event: "error", text: expect.stringContaining("flowproof.config.yaml:2:1: ") }),
    ]);
  });

  it("refuses an old Node in one line, before anything else is loaded", async () => {
    const cwd = freshFolder();
    const old = join(cwd, "old.mjs");
    writeFileSync(old, 'Object.defineProperty(process, "versions", { value: { node: "22.17.1" } });\n');
    const { code, stdout, stderr } = await run(["--help"], { cwd, env: { NODE_OPTIONS: `--import=${old}` } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /^flowproof needs Node 22\.18 or newer; this is v\S+\. Install Node 24, or run it .* as npx flowproof.*\.\n$/,
    );
  });

  it("says where a configuration is missing, and takes FLOWPROOF_CONFIG for one", async () => {
    const cwd = freshFolder();
    const { code, stderr } = await run(["status"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe(
      "error: there is no configuration at flowproof.config.yaml\n" +
        "Write one with `npx flowproof init`, or name yours with --config FILE or FLOWPROOF_CONFIG.\n",
    );
    const named = await run(["status"], { cwd, env: { FLOWPROOF_CONFIG: "other.yaml" } });
    expect(named.stderr).toContain("there is no configuration at other.yaml");
    expect(named.stderr).toContain("Write one with `npx flowproof init -c other.yaml`, or");
  });

  it("names file, line and the nearest key of every mistake in a configuration", async () => {
    const cwd = freshFolder();
    await run(["init"], { cwd });
    const file = join(cwd, "flowproof.config.yaml");
    const text = readFileSync(file, "utf8")
      .replace(/^timezone:/m, "timezoen:")
      .replace(/^ {4}environments:/m, "    enviroments:");
    writeFileSync(file, text);
    const line = (key: string): number => text.split("\n").findIndex((each) => each.trim().startsWith(key)) + 1;
    const { code, stdout, stderr } = await run(["collect"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(
      `flowproof.config.yaml:${line("timezoen")}:1: unknown key \`timezoen\`; did you mean \`timezone\`?`,
    );
    expect(stderr).toContain(
      `flowproof.config.yaml:${line("enviroments")}:5: unknown key \`enviroments\` in \`systems[0]\`; did you mean \`environments\`?`,
    );
    const [json] = jsonLines((await run(["collect", "--json"], { cwd })).stderr);
    expect(json).toMatchObject({ event: "error", code: "config", text: expect.stringContaining("timezoen") });
  });

  it("refuses a placeholder and a period before it fetches anything, and a missing token before it asks", async () => {
    const cwd = freshFolder();
    await run(["init"], { cwd });
    const unfinished = await run(["run"], { cwd, env: { GITHUB_TOKEN: token } });
    expect(unfinished).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is still the placeholder REPLACE-ME"),
    });
    const file = join(cwd, "flowproof.config.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("REPLACE-ME", "riverbank"));
    const period = await run(["run", "--period", "2026-13"], { cwd, env: { GITHUB_TOKEN: token } });
    expect(period).toMatchObject({ code: 2, stderr: expect.stringContaining('"2026-13" is not a period') });
    const without = await run(["collect"], { cwd });
    expect(without).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the environment variable GITHUB_TOKEN is not set"),
    });
    expect(existsSync(join(cwd, "flowproof.db"))).toBe(false);
  });

  it("writes a configuration once, and a schema for editors on request", async () => {
    const cwd = freshFolder();
    const first = await run(["init", "--schema", "--organisation", "Riverbank", "--timezone", "Europe/Berlin"], {
      cwd,
    });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const text = readFileSync(join(cwd, "flowproof.config.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/flowproof\.config\.schema\.json\n/);
    expect(JSON.parse(readFileSync(join(cwd, "flowproof.config.schema.json"), "utf8"))).toHaveProperty(
      "properties.systems",
    );
    const second = await run(["init"], { cwd });
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining("is already there") });
    expect(readFileSync(join(cwd, "flowproof.config.yaml"), "utf8")).toBe(text);
  });

  it("says what to do about a path that cannot be", async () => {
    const cwd = freshFolder();
    const [written, sandbox, port] = await Promise.all([
      // Said before the source is asked, which is not there.
      run(["init", "--discover", "riverbank", "--base-url", "http://127.0.0.1:9", "-c", "nowhere/flowproof.yaml"], {
        cwd,
        env: { GITHUB_TOKEN: token },
      }),
      run(["sandbox", "--write-config", "nowhere/flowproof.yaml", "--for", "1s"], { cwd }),
      run(["sandbox", "--port", "70000"], { cwd }),
    ]);
    for (const { code, stderr } of [written, sandbox]) {
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: nowhere\/flowproof\.yaml cannot be written: .*\nMake (its|the) folder, or /);
    }
    expect(port).toMatchObject({ code: 2, stderr: expect.stringContaining("It must be at most 65535.") });
    const folder = await run(["status", "--config", "."], { cwd });
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: \. cannot be read: EISDIR/) });
  });

  it("lists controls for people and for machines", async () => {
    const cwd = freshFolder();
    const [people, machines] = await Promise.all([run(["controls"], { cwd }), run(["controls", "--json"], { cwd })]);
    expect(people.stdout).toMatch(/^CHG-03 .*approved-by-someone-independent/m);
    expect(people.stdout).toMatch(/^soc2-2017 +CC8\.1 +CHG-01/m);
    const ids = jsonLines(machines.stdout)
      .filter(({ event }) => event === "attribute")
      .map(({ id }) => id);
    expect(ids).toContain("deployed-as-approved");
    for (const id of ids) expect(people.stdout).toContain(String(id));
  });
});
