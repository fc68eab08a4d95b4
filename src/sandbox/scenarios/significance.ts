import { FINAL, type Scenario } from "./scenario.ts";
import { open } from "./story.ts";

const policy = ["significant: { labels: [architecture], approvers: [github:hanna-b] }"];

/** Who must see a significant change, and which revision of it. */
export const SIGNIFICANCE: readonly Scenario[] = [
  {
    name: "named-approver-saw-an-older-revision",
    covers: ["a significant change whose named approver saw an older revision"],
    title: "Whom policy names approves a significant change, which then moves on; somebody else approves its end",
    own: { policy },
    play: (stage) =>
      open(stage, "ines-r", { labels: ["architecture"] })
        .approve("hanna-b")
        .push("ines-r")
        .approve("farid-k")
        .merge("ines-r"),
    expect: { change: { [FINAL]: "fail" } },
    says: [{ of: "change", attribute: FINAL, text: "needs the approval of github:hanna-b" }],
    because: "The approver who is named for significant changes never saw what was merged.",
  },
  {
    name: "named-approver-saw-the-final-revision",
    covers: ["a significant change whose named approver saw an older revision"],
    title: "Whom policy names approves a significant change again after it moved on",
    own: { policy },
    play: (stage) =>
      open(stage, "ines-r", { labels: ["architecture"] })
        .approve("hanna-b")
        .push("ines-r")
        .approve("hanna-b")
        .merge("ines-r"),
    expect: {},
    because: "The last word of the named approver is of the commit that was merged.",
  },
  {
    name: "significant-emergency",
    covers: ["a significant change that was an emergency"],
    title: "An emergency that is significant is reviewed in its time by whom policy names",
    own: { policy, bypassable: true },
    play: (stage) =>
      open(stage, "ines-r", { labels: ["architecture", "emergency"] })
        .merge("viktor-a", { bypass: true })
        .wait(120)
        .approve("hanna-b"),
    expect: { configuration: { "rules-bind-administrators": "fail" } },
    because: "Its named approver has the emergency's time like any other reviewer.",
  },
];
