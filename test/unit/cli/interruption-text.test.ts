import { expect, it } from "vitest";
import { interruptionText } from "../../../src/cli/interruption-text.ts";

it("an interruption promises to go on only where the next run does", () => {
  for (const command of ["collect", "run"])
    expect(interruptionText(command)).toBe(
      "interrupted; what was stored is whole, and the next run goes on from there",
    );
  for (const command of ["report", "sample", "issue", "export", "init", "demo", "verify", "sandbox", undefined])
    expect(interruptionText(command)).not.toContain("goes on");
  expect(interruptionText("export")).toBe("interrupted; nothing of it was written");
  expect(interruptionText("issue")).toBe("interrupted; what was stored is whole: issue again");
  expect(interruptionText("verify")).toBe("interrupted");
});
