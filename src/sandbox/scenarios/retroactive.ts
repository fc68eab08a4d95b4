import { FINAL, INDEPENDENT, type Scenario, UNAPPROVED } from "./scenario.ts";
import { open } from "./story.ts";

/** Configuration that is younger than what it judges. */
export const RETROACTIVE: readonly Scenario[] = [
  {
    name: "policy-dated-back",
    covers: [71],
    title: "A policy dated before it was first seen",
    own: {
      approvals: 0,
      policy: ["approval: { count: 1 }"],
      policyLater: ["approval: { count: 2 }"],
    },
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    earlier: { change: { [INDEPENDENT]: "pass", [FINAL]: "pass" } },
    told: [{ by: "rules", text: "policy for policy-dated-back, retroactive" }],
    because:
      "The rule in force judges, is marked retroactive, and the outcome under the earlier rule stands beside it.",
  },
  {
    name: "waiver-dated-back",
    covers: [71],
    title: "A waiver dated before it was first seen",
    own: {
      approvals: 0,
      waiverLater:
        "{ id: W-1, attribute: approved-by-someone-independent, systems: [waiver-dated-back], owner: Head of Engineering, reason: Forgotten at the time, from: 2026-10-01, expires: 2026-12-31 }",
    },
    play: (stage) => open(stage, "ines-r").merge("ines-r"),
    expect: { change: UNAPPROVED },
    told: [{ by: "rules", text: "waiver W-1, retroactive" }],
    because: "A waiver accepts a failure in advance; one that came afterwards is marked as such.",
  },
  {
    name: "system-dropped-later",
    covers: [71],
    title: "A system is taken out of the configuration after something happened in it",
    own: { approvals: 0, droppedLater: true },
    play: (stage) => {
      open(stage, "ines-r").merge("ines-r");
      stage.subjects.clear();
      stage.deploysAtEnd = false;
    },
    expect: {},
    told: [{ by: "scope", text: "until 2026-11-02T06:00:00Z it was system system-dropped-later's" }],
    because: "An exclusion younger than what it excludes is told with the list of repositories.",
  },
  {
    name: "identity-lost-later",
    covers: [71],
    title: "The identity map forgets that two accounts are one person",
    own: {
      approvals: 0,
      identity: { lines: ["- person: pavel", "  accounts: [github:pavel-j, github:emil-v]"], lostLater: true },
    },
    play: (stage) => open(stage, "pavel-j").approve("emil-v").merge("pavel-j"),
    expect: {},
    earlier: { change: UNAPPROVED },
    because: "Under the map of that time the author approved the change; that outcome stands beside today's.",
  },
];
