import { deploy } from "./pipeline.ts";
import { promote } from "./promotion.ts";
import { BINDING, BYPASSED, DEPLOYED, DEPLOYER, FALL_BACK, PROTECTED, type Scenario, UNAPPROVED } from "./scenario.ts";
import { addCommit, headOf, wait } from "./stage.ts";
import { open } from "./story.ts";

/** What was deployed, by whom. */
export const DELIVERY: readonly Scenario[] = [
  {
    name: "deployed-from-a-fork",
    covers: [25],
    title: "A commit of a fork is deployed",
    play: (stage) => {
      wait(stage);
      const author = { name: "Jo Quill", email: "jo@elsewhere.example", account: null };
      const made = addCommit(stage, { message: "Faster start", author, parents: [headOf(stage)] });
      deploy(stage, made.oid, { ref: made.oid });
    },
    expect: { deployment: { [DEPLOYED]: "fail" } },
    because: "The commit is no ancestor of the released branch, so no approval there covers it.",
  },
  {
    name: "deployed-by-a-person",
    covers: [26],
    title: "A person records a deployment through the API",
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage, headOf(stage), { by: "lena-m" });
    },
    expect: { deployment: { [DEPLOYER]: "fail" } },
    because: "It is that person's own word, where policy expects automation.",
  },
  {
    name: "deployed-by-a-person-unnamed",
    covers: [26],
    title: "A person records a deployment, and policy names no deployer",
    own: { policy: ["deployers: []"] },
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage, headOf(stage), { by: "lena-m" });
    },
    expect: { deployment: { [DEPLOYER]: "fail" } },
    says: [{ of: "deployment", attribute: DEPLOYER, text: "self-asserted" }],
    because: "Where nobody is named automation deploys, and a person's record is that person's own word.",
  },
  {
    name: "deployed-tag-moved",
    covers: [27],
    title: "The tag that was deployed is moved to another commit",
    play: (stage) => {
      const earlier = headOf(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      const [tag, oid] = [{ name: "v1.4.0", oid: headOf(stage) }, headOf(stage)];
      stage.repository.tags.push(tag);
      stage.noted.set("deployed", oid).set("moved", earlier);
      deploy(stage, oid, { ref: "v1.4.0" });
      stage.later.push(() => {
        tag.oid = earlier;
      });
    },
    expect: { deployment: { [DEPLOYED]: "fail" } },
    says: [
      { of: "deployment", attribute: DEPLOYED, text: "$deployed" },
      { of: "deployment", attribute: DEPLOYED, text: "$moved" },
    ],
    because: "What the tag stood for at the deployment and what it stands for now are two commits; both are kept.",
  },
  {
    name: "redeployment",
    covers: ["redeployment"],
    title: "The same commit is deployed again",
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
      deploy(stage);
    },
    expect: { "deployment 2": { [DEPLOYED]: "notApplicable" } },
    because: "Nothing new came with it; the first deployment of the commit is judged.",
  },
  {
    name: "rollback",
    covers: ["rollback"],
    title: "Production goes back to the version before",
    play: (stage) => {
      const earlier = headOf(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
      deploy(stage, earlier, { task: "rollback" });
    },
    expect: { "deployment 2": { [DEPLOYED]: "notApplicable", [FALL_BACK]: "pass" } },
    because: "That version had been deployed before and is judged there.",
  },
  {
    name: "head-deployed-with-the-merged-tree",
    covers: ["the branch's head deployed, with the tree of the merge commit"],
    title: "The change's head is deployed, whose tree is the merge commit's",
    play: (stage) => {
      const { change } = open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage, change.headRefOid, { ref: change.headRefName });
    },
    expect: {},
    because: "It holds exactly what was approved and merged: the trees are identical.",
  },
  {
    name: "squashed-head-deployed-with-the-merged-tree",
    covers: ["the branch's head deployed, with the tree of the merge commit"],
    title: "The head of a squashed change is deployed, whose tree is the squash commit's",
    play: (stage) => {
      const { change } = open(stage, "ines-r").approve("farid-k").merge("ines-r", { method: "squash" });
      deploy(stage, change.headRefOid, { ref: change.headRefName });
    },
    expect: {},
    because: "Off the branch, but its tree is the one that was approved and merged.",
  },
  {
    name: "unapproved-change-deployed",
    covers: [],
    title: "An unapproved change is deployed, then repaired by a good one",
    play: (stage) => {
      open(stage, "ines-r").merge("viktor-a", { bypass: true });
      deploy(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
    },
    expect: {
      change: { ...UNAPPROVED, ...BYPASSED },
      deployment: { [DEPLOYED]: "fail" },
      "deployment 2": { [DEPLOYED]: "pass" },
    },
    because: "The deployment that brought the change answers for it, and no later one.",
  },
  {
    name: "promotion-with-an-identical-tree",
    covers: ["promotion with an identical tree"],
    title: "A change is promoted from main to prod and deployed from there",
    own: { promotion: "prod" },
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage, promote(stage, "prod", "maren-k"), { ref: "prod" });
      stage.deploysAtEnd = false;
    },
    expect: {},
    because: "The promotion changed nothing, so what was approved on main is what runs.",
  },
  {
    name: "promotion-to-an-unguarded-branch",
    covers: ["promotion to a branch that no rule guards"],
    title: "A change is promoted to a branch that anybody may push to",
    own: { promotion: "prod", promotionUnguarded: true },
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage, promote(stage, "prod", "maren-k"), { ref: "prod" });
      stage.subjects.set("configuration", { kind: "configuration" });
      stage.subjects.set("configuration 2", { kind: "configuration", branch: "prod" });
      stage.deploysAtEnd = false;
    },
    expect: {
      configuration: { [PROTECTED]: "pass" },
      "configuration 2": { [PROTECTED]: "fail", [BINDING]: "notVerifiable" },
    },
    says: [{ of: "configuration 2", attribute: PROTECTED, text: "prod was not protected throughout" }],
    because: "The rules of main say nothing of prod, from which production is deployed.",
  },
];
