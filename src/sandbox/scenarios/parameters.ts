import {
  BYPASSED,
  CHECKS,
  DESCRIBED,
  EMERGENCY,
  FALL_BACK,
  FINAL,
  INDEPENDENT,
  type Scenario,
  SECURITY,
  UNAPPROVED,
} from "./scenario.ts";
import { addCommit, headOf, type Stage } from "./stage.ts";
import { open } from "./story.ts";

const MERGES_KEEP = ["approval: { count: 1, finalRevision: required, mergeFromBaseKeeps: true }"];
const SIGNIFICANT = [
  "significant: { labels: [architecture], approvers: [github:hanna-b], impactNote: { heading: Impact } }",
];
const RELEASES = ["automation: [{ account: github:release-bot, preset: release }]"];
const ANY_OF = [
  "requiredChecks: [{ objective: unit tests, anyOf: [{ name: test, app: quickcheck }, { name: test, app: github-actions }] }]",
];
const SCANNED = ["securityChecks: [{ name: scan, app: github-actions }]"];
const WITH_REASON = ["emergency: { label: emergency, reviewWithin: 24h, reason: { heading: Reason } }"];
const BY_OWNERS = ["approval: { count: 1, finalRevision: required, codeOwners: required }"];

/** An approved change, while another one is merged before it. */
function overtaken(stage: Stage) {
  const story = open(stage, "ines-r").approve("farid-k");
  open(stage, "tomasz-w").approve("hanna-b").merge("tomasz-w");
  return story;
}

/** What policy may ask beyond its defaults. */
export const PARAMETERS: readonly Scenario[] = [
  {
    name: "merge-of-the-base-keeps-the-approval",
    covers: ["a merge of the base after the approval"],
    title: "The base branch is merged into an approved change, and policy keeps the approval",
    own: { policy: MERGES_KEEP },
    play: (stage) => overtaken(stage).update("ines-r").merge("ines-r", { method: "squash" }),
    expect: {},
    says: [{ of: "change", attribute: FINAL, text: "kept over" }],
    because: "The platform made the merge, of the approved commit and one of the branch's line: nothing else came in.",
  },
  {
    name: "merge-of-the-base-keeps-nothing",
    covers: ["a merge of the base after the approval"],
    title: "The base branch is merged into an approved change, and policy says nothing of that",
    play: (stage) => overtaken(stage).update("ines-r").merge("ines-r"),
    expect: { change: { [FINAL]: "fail" } },
    because: "The commit that was merged is not the one that was approved.",
  },
  {
    name: "merge-of-another-branch-after-the-approval",
    covers: ["a merge of the base after the approval"],
    title: "Another branch is merged into an approved change, under the headline of a merge of the base",
    own: { policy: MERGES_KEEP },
    play: (stage) => {
      const [author, parents] = [stage.cast.git("ines-r"), [headOf(stage)]];
      const made = addCommit(stage, { message: "Open the port for the probe", author, parents });
      stage.repository.branches.set("quick-fix", made.oid);
      open(stage, "ines-r").approve("farid-k").update("ines-r", "quick-fix").merge("ines-r");
    },
    expect: { change: { [FINAL]: "fail" } },
    because: "A headline proves nothing: what was merged in is not of the branch's line, and nobody approved it.",
  },
  {
    name: "merge-of-a-vanished-branch-after-the-approval",
    covers: ["a merge of the base after the approval"],
    title: "Another branch is merged into an approved change, and all of it squashed",
    own: { policy: MERGES_KEEP },
    play: (stage) => {
      const [author, parents] = [stage.cast.git("ines-r"), [headOf(stage)]];
      const made = addCommit(stage, { message: "Open the port for the probe", author, parents });
      stage.repository.branches.set("quick-fix", made.oid);
      const story = open(stage, "ines-r").approve("farid-k").update("ines-r", "quick-fix");
      story.merge("ines-r", { method: "squash" });
    },
    expect: { change: { [FINAL]: "notVerifiable" } },
    because: "What was merged in is nowhere on the branch: whether it once was cannot be said.",
  },
  {
    name: "any-check-of-an-objective",
    covers: ["checks of which any serves an objective"],
    title: "One of the checks that may serve the objective passes",
    own: { policy: ANY_OF },
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r"),
    expect: {},
    says: [{ of: "change", attribute: CHECKS, text: "unit tests by test (github-actions)" }],
    because: "Teams choose their tools; one of those that policy names had tested the commit that was merged.",
  },
  {
    name: "no-check-of-an-objective",
    covers: ["checks of which any serves an objective"],
    title: "None of the checks that may serve the objective passes",
    own: { policy: ANY_OF, bypassable: true },
    play: (stage) => open(stage, "ines-r", { test: "FAILURE" }).approve("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { [CHECKS]: "fail", ...BYPASSED }, configuration: { "rules-bind-administrators": "fail" } },
    because: "One failed and the other never ran: nothing shows that the commit was tested.",
  },
  {
    name: "security-check-failed",
    covers: ["a demanded security check"],
    title: "The security check that policy demands fails, and no rule of the branch stops the merge",
    own: { policy: SCANNED },
    play: (stage) =>
      open(stage, "ines-r").check({ name: "scan", conclusion: "FAILURE" }).approve("farid-k").merge("ines-r"),
    expect: { change: { [SECURITY]: "fail" } },
    says: [{ of: "change", attribute: SECURITY, text: "scan (github-actions) ended as failure" }],
    because: "The tests passed and nobody bypassed a rule, but policy demands the scan of every change as well.",
  },
  {
    name: "security-check-missing",
    covers: ["a demanded security check"],
    title: "The security check that policy demands ran on an older commit only",
    own: { policy: SCANNED },
    play: (stage) => open(stage, "ines-r").check({ name: "scan" }).push("ines-r").approve("farid-k").merge("ines-r"),
    expect: { change: { [SECURITY]: "fail" } },
    says: [{ of: "change", attribute: SECURITY, text: "it never ran on it" }],
    because: "What was merged was never scanned: that an earlier commit of the change had been says nothing of it.",
  },
  {
    name: "code-owners-agreed",
    covers: ["code owners"],
    title: "Policy asks the code owners' approval, and a rule demanded it",
    own: { policy: BY_OWNERS, codeOwners: true },
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r"),
    expect: {},
    says: [{ of: "change", attribute: INDEPENDENT, text: "code owners" }],
    because: "The platform knows who owns what, and by its own evaluation the rule was met.",
  },
  {
    name: "code-owners-never-asked",
    covers: ["code owners"],
    title: "Policy asks the code owners' approval, and no rule demanded it",
    own: { policy: BY_OWNERS },
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r"),
    expect: { change: { [INDEPENDENT]: "notVerifiable" } },
    because: "Nobody evaluated it at the merge, and who owned the code then is not on record.",
  },
  {
    name: "emergency-with-its-reason",
    covers: ["an emergency with its reason"],
    title: "An emergency that says why it could not wait",
    own: { approvals: 0, policy: WITH_REASON },
    play: (stage) =>
      open(stage, "ines-r", { labels: ["emergency"], body: "## Reason\n\nUploads fail for every customer." })
        .merge("ines-r")
        .approve("farid-k"),
    expect: { change: { [EMERGENCY]: "pass" } },
    says: [{ of: "change", attribute: EMERGENCY, text: 'says why under "Reason"' }],
    because: "It was reviewed in time, and its description has the reason under the heading that policy names.",
  },
  {
    name: "emergency-without-a-reason",
    covers: ["an emergency with its reason"],
    title: "An emergency that does not say why it could not wait",
    own: { approvals: 0, policy: WITH_REASON },
    play: (stage) =>
      open(stage, "ines-r", { labels: ["emergency"] })
        .merge("ines-r")
        .approve("farid-k"),
    expect: { change: { [EMERGENCY]: "fail" } },
    says: [{ of: "change", attribute: EMERGENCY, text: 'no reason under "Reason"' }],
    because: "It was reviewed in time, but policy asks for the reason as well.",
  },
  {
    name: "significant-with-an-impact-note",
    covers: ["a significant change with an impact note"],
    title: "A significant change that says what it affects, approved by who must",
    own: { policy: SIGNIFICANT },
    play: (stage) =>
      open(stage, "ines-r", { labels: ["architecture"], body: "## Impact\n\nClients see one more retry." })
        .approve("hanna-b")
        .merge("ines-r"),
    expect: {},
    says: [{ of: "change", attribute: DESCRIBED, text: 'Under "Impact"' }],
    because: "The named approver saw it, and the note is there.",
  },
  {
    name: "significant-without-an-impact-note",
    covers: ["a significant change with an impact note"],
    title: "A significant change that does not say what it affects",
    own: { policy: SIGNIFICANT },
    play: (stage) =>
      open(stage, "ines-r", { labels: ["architecture"] })
        .approve("hanna-b")
        .merge("ines-r"),
    expect: { change: { [DESCRIBED]: "fail" } },
    because: "Policy asks a note of every significant change.",
  },
  {
    name: "release-by-a-bot",
    covers: ["a release bot"],
    title: "A release bot raises the version",
    own: { approvals: 0, policy: RELEASES },
    play: (stage) =>
      open(stage, "release-bot", {
        signed: true,
        files: ["package.json", "CHANGELOG.md"],
        title: "Release 1.5.0",
      }).merge("ines-r"),
    expect: {},
    says: [{ of: "change", attribute: INDEPENDENT, text: "A release" }],
    because: "The platform shows that the bot made it, and it touches nothing but versions.",
  },
  {
    name: "release-with-code-in-it",
    covers: ["a release bot"],
    title: "A release bot's change touches code as well",
    own: { approvals: 0, policy: RELEASES },
    play: (stage) =>
      open(stage, "release-bot", { signed: true, files: ["package.json", "src/service.ts"] }).merge("ines-r"),
    expect: { change: UNAPPROVED },
    says: [{ of: "change", attribute: INDEPENDENT, text: "src/service.ts" }],
    because: "The exemption is for raising versions only.",
  },
  {
    name: "waiver-used",
    covers: ["a waiver used"],
    title: "A failure that had been accepted in advance",
    own: {
      approvals: 0,
      waiver:
        "{ id: W-2, attribute: approved-by-someone-independent, systems: [waiver-used], owner: Head of Engineering, reason: Nobody else knows the part yet, from: 2026-10-01, expires: 2026-12-31 }",
    },
    play: (stage) => open(stage, "ines-r").merge("ines-r"),
    expect: { change: UNAPPROVED },
    told: [
      { by: "rules", text: "waiver W-2, in force when it judged" },
      { by: "rules", text: "waiver W-2 accepts approved-by-someone-independent" },
    ],
    because: "The failure stays one, shown apart as accepted; the waiver is for that attribute alone.",
  },
  {
    name: "old-version-to-fall-back-on",
    covers: ["an old version to fall back on"],
    title: "The version to fall back on was deployed longer ago than policy counts on",
    own: { policy: ["fallBack: { within: 10d }"] },
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r"),
    expect: { deployment: { [FALL_BACK]: "fail" } },
    because: "What ran before had been deployed weeks earlier, and may no longer be there to be deployed again.",
  },
];
