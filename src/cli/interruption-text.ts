const goesOn = "what was stored is whole, and the next run goes on from there";
const nothing = "nothing of it was written";

/** What an interruption leaves, where a command has begun to write. */
const left: Readonly<Record<string, string>> = {
  collect: goesOn,
  run: goesOn,
  issue: "what was stored is whole: issue again",
  // The packs of teams and systems come one by one.
  report: "no pack is half written",
  sample: "no work papers are half written",
  demo: "the demonstration is not whole: run it again",
  init: nothing,
  export: nothing,
};

/** What somebody is told who interrupted a command: what of it is there. */
export function interruptionText(command: string | undefined): string {
  const what = command === undefined ? undefined : left[command];
  return what === undefined ? "interrupted" : `interrupted; ${what}`;
}
