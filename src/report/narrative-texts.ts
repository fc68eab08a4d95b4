/** What a board is meant to do, what does it here, and which tests show how that went. */
export interface BoardObjective {
  readonly id: string;
  readonly title: string;
  readonly mechanism: string;
  /** Attributes whose controls give its result; empty: nothing here tests it. */
  readonly attributes: readonly string[];
  /** What of the objective nothing here meets; absent where nothing is known to be left. */
  readonly unmet?: string;
}

/** A position that a regulator or a standards body has published, in our words. */
export interface Position {
  readonly by: string;
  readonly title: string;
  readonly address: string;
  readonly position: string;
}

/** Everything that management's narrative says beside its numbers, in one place for management to read. */
export const narrativeTexts = {
  lead: "This section is management's argument and no evidence. It says what takes the place of a change-advisory board here, as it is meant to work. Its numbers are the controls' own, over the whole population, with what failed and what could not be decided beside what was met; the sections before it show every item.",
  claim:
    "Neither SOC 2 nor ISO/IEC 27001 requires a change-advisory board. Nothing more is claimed of them: whether the controls meet their criteria is for the results to show and for the auditor to judge.",
  own: "In management's own words",
  objectives: "What a board is meant to do, and what does it here",
  nothing: "Nothing here meets it:",
  untested: "No control of this pack tests it.",
  partly: "Not met here:",
  board: "What a board would have done to these changes",
  boardLead:
    "A simulation with the period's own timestamps, under the assumptions below. It shows what waiting costs; it says nothing of what a board would have found.",
  positions: "What regulators and standards bodies say",
  positionsLead:
    "Our summary of what is published at the addresses given; the publications decide. They concern good practice at large, not this organisation.",
} as const;

/** In the order in which a board's remit is usually written. */
export const boardObjectives: readonly BoardObjective[] = [
  {
    id: "authorisation",
    title: "Somebody with standing authorises the change",
    mechanism:
      "A peer who had no part in the change, and who may write to the repository where rights could be read, is to approve it before it is merged. A linked work item shows what it answers.",
    attributes: ["approved-by-someone-independent", "request-linked"],
    unmet:
      "a decision by a named person before work begins is not tested; a linked work item shows the origin, no more.",
  },
  {
    id: "scrutiny",
    title: "Somebody independent looks at it",
    mechanism:
      "The peer is to read every line of the revision that is merged, while the change is small. Contributors are told apart by account and by the map of identities.",
    attributes: ["approved-by-someone-independent", "approved-on-final-revision"],
  },
  {
    id: "impact",
    title: "Impact and conflicts are seen",
    mechanism:
      "Each change is described, the required checks run on the commit that is merged, and edits that conflict cannot be merged. Policy can name approvers for significant changes.",
    attributes: ["change-described", "required-checks-passed"],
    unmet: "nobody looks at all changes of all systems together, and effects outside version control are not tested.",
  },
  {
    id: "schedule",
    title: "The schedule is known",
    mechanism:
      "A change is deployed when it is ready. Each deployment is on record with its time, its commit and who made it, once it has been made.",
    attributes: [],
    unmet: "no calendar tells beforehand when a change will reach production.",
  },
  {
    id: "tests",
    title: "Evidence of tests lies before the release",
    mechanism:
      "The required checks pass on the commit that is merged, not on a plan for it; so do security checks where policy names them.",
    attributes: ["required-checks-passed", "security-checks-passed"],
  },
  {
    id: "emergencies",
    title: "Emergencies have a path of their own",
    mechanism:
      "A change that cannot wait is marked when it merges, and is reviewed by somebody independent within the time that policy sets.",
    attributes: ["emergency-reviewed-in-time"],
  },
  {
    id: "record",
    title: "Decisions are on record",
    mechanism:
      "Every commit of the released branch leads to a change with its discussion, reviews and checks; what passed the rules by is listed one by one.",
    attributes: ["arrived-by-change", "merged-without-bypass"],
  },
  {
    id: "duties",
    title: "Duties are segregated",
    mechanism:
      "Who writes a change is not to approve it, the branch's rules are to hold it back until somebody else has, and only authorised identities are to deploy what was approved.",
    attributes: [
      "approved-by-someone-independent",
      "branch-protected",
      "merged-without-bypass",
      "deployed-by-authorised-identity",
      "deployed-as-approved",
      "deployment-approved",
      "approvals-by-people-only",
      "rules-bind-administrators",
    ],
  },
  {
    id: "fall-back",
    title: "There is a way back",
    mechanism:
      "An earlier version that was in production is there to be deployed again; a small change is easily told from what surrounds it.",
    attributes: ["fall-back-possible"],
    unmet: "these tests did not rehearse falling back.",
  },
];

/** Positions as published; the addresses are their publishers' own. */
export const positions: readonly Position[] = [
  {
    by: "DORA (Google Cloud)",
    title: "Streamlining change approval",
    address: "https://dora.dev/capabilities/streamlining-change-approval/",
    position:
      "Change approval works best as peer review during development, with automation that detects, prevents and corrects bad changes early; that also segregates duties. Approval by people outside the team slowed delivery, and no lower rate of failure was found with it.",
  },
  {
    by: "Financial Conduct Authority (UK)",
    title: "Implementing technology change, 2021",
    address: "https://www.fca.org.uk/publications/multi-firm-reviews/implementing-technology-change",
    position:
      "Over a million production changes of 2019: firms that made smaller and more frequent releases had more success with their changes than those with long release cycles. So had firms whose governance was long established.",
  },
  {
    by: "National Cyber Security Centre (UK)",
    title: "Secure development and deployment guidance",
    address: "https://www.ncsc.gov.uk/collection/developers-collection",
    position:
      "Takes continuous integration and delivery as given, and asks for a protected code repository, a secured build and deployment pipeline, and security that is tested continually.",
  },
  {
    by: "NIST (USA)",
    title: "SP 800-53 revision 5: CM-3, CM-3(2), CM-4, CM-5, AC-5, SA-10, SA-11",
    address: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    position:
      "Changes are reviewed and approved with their impact in view, tested before they are final, recorded, and made under restricted access and separated duties. CM-3 also asks for an element that oversees them and convenes, and leaves to the organisation what that is.",
  },
  {
    by: "NIST (USA)",
    title: "SP 800-218, Secure Software Development Framework: PO.3, PS.1, PW.7, PW.8",
    address: "https://csrc.nist.gov/pubs/sp/800/218/final",
    position:
      "Asks for toolchains that automate, for code kept from unauthorised change, for review or analysis of human-readable code, and for tests of executable code.",
  },
  {
    by: "PCI Security Standards Council",
    title: "PCI DSS 4.0.1: 6.5.1, 6.2.3.1",
    address: "https://www.pcisecuritystandards.org/document_library/",
    position:
      "For each change to production 6.5.1 asks for reason, security impact, approval by authorised parties, tests and a way back. Where code is reviewed by hand, 6.2.3.1 wants a reviewer other than the author, and management's approval before release; no test here looks for the latter.",
  },
  {
    by: "SLSA (OpenSSF)",
    title: "Version 1.2, source track",
    address: "https://slsa.dev/spec/v1.2/source-requirements",
    position:
      "Level 3 asks for technical controls that are enforced on protected branches continuously, level 4 for review of the final revision by two trusted persons.",
  },
  {
    by: "OpenSSF",
    title: "Open Source Project Security Baseline: AC-03.01, QA-03.01, QA-06.01, QA-07.01",
    address: "https://baseline.openssf.org/",
    position:
      "Asks that direct commits to the primary branch are prevented, that checks pass and automated tests run before a change is accepted, and that somebody other than the author approves it.",
  },
  {
    by: "FedRAMP (USA)",
    title: "20x key security indicators, change management (KSI-CMT)",
    address: "https://www.fedramp.gov/docs/20x/key-security-indicators",
    position:
      "Asks that changes are logged and monitored, made by redeployment of version-controlled resources where that is reasonable, and tested and validated automatically throughout deployment.",
  },
];

/** What the simulated board is assumed to do; each in its favour where that could be chosen. */
export const boardAssumptions = (
  board: { readonly everyDays: number; readonly cutOffDays: number },
  first: string,
): readonly string[] => [
  `The board meets every ${board.everyDays} days; its first meeting of the period is on ${first}, the first Wednesday.`,
  board.cutOffDays === 0
    ? "What was merged by the day of a meeting is on its agenda."
    : `What was merged ${board.cutOffDays === 1 ? "a day" : `${board.cutOffDays} days`} before a meeting, or earlier, is on its agenda.`,
  "A change is ready when it is merged, as it was; the board approves everything at first sight, at the start of the day.",
  "All that a meeting approved for a system is deployed together at the start of the next day; what was in fact deployed later than that stays as it was.",
  "Emergencies do not wait for the board and are left out on both sides. So is what had not reached production by the cut-off, and has no lead time to compare.",
];
