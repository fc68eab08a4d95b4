/** What packs say of delivery metrics: names and definitions, after DORA's (dora.dev/guides/dora-metrics). */
export const metricTexts = {
  context:
    "Context, not control evidence: no control and no criterion rests on anything in this section. Target ranges are management's own, held against the organisation, each team and each system alike.",
  leadTime: {
    name: "Change lead time",
    definition:
      "From a change's first commit to its first success in production. Work began with the first commit by git's date or, where that is earlier, with the change's opening or merge.",
  },
  deploymentsPerDay: {
    name: "Deployment frequency",
    definition: "Successful deployments to production; the version that is there already, deployed again, counts once.",
  },
  recoveryTime: {
    name: "Failed deployment recovery time",
    definition:
      "Of each deployment that an incident is linked to: from the opening of the first incident to the resolution of the last.",
  },
  changeFailRate: {
    name: "Change fail rate",
    definition: "Deployments of the period that an incident is linked to, whenever it opened, over deployments.",
  },
  reworkRate: {
    name: "Deployment rework rate",
    definition:
      "Deployments that remedied an incident over deployments. The last one that finished while the incident was open is taken to have done so: a heuristic.",
  },
  fallBacks: {
    name: "Fall-backs",
    definition: "Deployments of a version that had been in production before the one they replaced.",
  },
  alertRemediation: {
    name: "Time to remediate security alerts",
    definition: "From opening to fix, of the alerts fixed in the period. A dismissal is no remedy.",
  },
  standardRules: {
    name: "Repositories on the standard rules",
    definition:
      "Share of repositories whose released branch was protected and bound administrators over the whole period, by the tests of attributes L and O.",
  },
  heuristic:
    "Unless the list names what caused it, an incident is linked to the latest successful production deployment of its system that finished before it opened. That is a heuristic: the deployment need not be the cause.",
} as const;
