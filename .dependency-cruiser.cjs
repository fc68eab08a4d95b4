// The rooms of src/: which rooms each may import, and why. What a room is for stands in ARCHITECTURE.md.
const rooms = {
  cli: {
    may: ["pipeline", "util"],
    why: "a command reads flags and prints; what it sets in motion is wired in pipeline, so a job or a test can do the same without a terminal",
  },
  pipeline: {
    may: [
      "config",
      "providers",
      "sandbox",
      "store",
      "ledger",
      "catalog",
      "attributes",
      "evaluation",
      "flow",
      "report",
      "pack",
      "model",
      "util",
    ],
    why: "the only place that wires the rooms together; commands call it, it knows no command",
  },
  config: {
    may: ["model", "util"],
    why: "configuration is read and checked before anything else exists, so it can depend on nothing it configures",
  },
  providers: {
    may: ["model", "util"],
    why: "a provider turns a vendor's answers into records and entities and never judges or stores them; only so can one be added without touching the rest",
  },
  sandbox: {
    may: ["model", "util"],
    why: "the simulator writes the truth the tool is measured against; sharing code with what judges would let both be wrong together",
  },
  store: {
    may: ["ledger", "model", "util"],
    why: "the store keeps evidence and answers questions about it; it must not know who collected it or what it will be judged by",
  },
  ledger: {
    may: ["util"],
    why: "hashing and proofs stand alone so that an auditor can re-implement and check them without the rest",
  },
  catalog: {
    may: ["model", "util"],
    why: "controls are data, checked against the attribute registry handed in; importing attributes would turn data into code",
  },
  attributes: {
    may: ["model"],
    why: "an attribute is a pure function of one dossier; with nothing else in reach it cannot fetch, remember or look at the clock",
  },
  evaluation: {
    may: ["attributes", "model"],
    why: "judging is a pure function of dossiers, controls and policy, so an auditor can re-perform it",
  },
  flow: { may: ["model"], why: "metrics are a pure function of the same dossiers; they must not reach into judging" },
  report: {
    may: ["model", "util"],
    why: "views derive from the one assessment result; a report that could query would show numbers nobody assessed",
  },
  pack: {
    may: ["ledger", "model", "util"],
    why: "printing, sealing and verifying handle files and digests; verifying must work without a store or a provider",
  },
  model: { may: ["util"], why: "the words everything else speaks; it must be importable from everywhere" },
  util: { may: [], why: "the bottom: used by all, uses none" },
};

const layers = Object.entries(rooms).map(([room, { may, why }]) => ({
  name: `layer-${room}`,
  severity: "error",
  comment: `src/${room} may import ${may.length > 0 ? may.join(", ") : "no other room"}: ${why}.`,
  from: { path: `^src/${room}/` },
  to: { path: "^src/", pathNot: `^src/(${[room, ...may].join("|")})/` },
}));

/** A package that only the given places may import: its quirks stay in one room. */
const onlyIn = (name, packages, places, comment) => ({
  name: `only-${name}`,
  severity: "error",
  comment,
  from: { path: "^(src|migrations)/", pathNot: `^(${places})` },
  to: { path: `(^|/)node_modules/(@types/)?(${packages})(/|$)` },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...layers,
    {
      name: "provider-alone",
      severity: "error",
      comment:
        "A provider imports no other provider: one vendor's change must not break another's; they meet through natural keys.",
      from: { path: "^src/providers/([^/]+)/" },
      to: { path: "^src/providers/[^/]+/", pathNot: "^src/providers/$1/" },
    },
    onlyIn(
      "sqlite",
      "better-sqlite3",
      "src/store/dialect/",
      "Everything SQLite is in store/dialect, so that a second dialect can stand beside it.",
    ),
    onlyIn(
      "kysely",
      "kysely",
      "src/store/|migrations/",
      "Only the store and its migrations speak SQL; everybody else asks the store.",
    ),
    onlyIn("octokit", "@octokit/(?!graphql-schema/)[^/]+", "src/providers/", "Only a provider speaks a vendor's API."),
    onlyIn(
      "octokit-schema",
      "@octokit/graphql-schema",
      "src/(providers|sandbox)/",
      "The vendor's schema is known to its provider and to the server that stands in for it.",
    ),
    onlyIn("graphql", "graphql", "src/sandbox/", "Only the sandbox executes GraphQL; a provider just sends it."),
    onlyIn("xlsx", "write-excel-file", "src/report/xlsx/", "Only the work papers write a spreadsheet."),
    onlyIn("browser", "puppeteer(-core)?|@sparticuz/chromium", "src/pack/", "Only pack starts a browser."),
    {
      name: "pure-rooms-do-no-io",
      severity: "error",
      comment:
        "Judging and metrics are re-performed by auditors: no file, network, clock or random source may be in reach.",
      from: { path: "^src/(attributes|evaluation|flow)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "attributes-only-zod",
      severity: "error",
      comment: "An attribute needs the model and a schema for its parameters, nothing else.",
      from: { path: "^src/attributes/" },
      to: { path: "(^|/)node_modules/", pathNot: "(^|/)node_modules/zod/" },
    },
    {
      name: "verifier-alone",
      severity: "error",
      comment:
        "The verifier goes out with every pack, as one file that any Node runs and anybody can read: it needs the ledger's proofs, the formats, what takes a page and a PDF apart, and nothing else.",
      from: { path: "^src/pack/verify/" },
      to: {
        pathNot:
          "^src/(pack/(verify/|formats\\.ts|pdf/read-attachments\\.ts|html/(page-proof|seal-html)\\.ts)|ledger/|util/(canonical-json|errors)\\.ts)|^(node:)?(crypto|fs|fs/promises|path|process|url|zlib)$",
      },
    },
    {
      name: "migrations-are-frozen",
      severity: "error",
      comment: "A migration that has landed must do the same for ever, so it imports no code that still changes.",
      from: { path: "^migrations/" },
      to: { path: "^src/" },
    },
    {
      name: "only-store-migrates",
      severity: "error",
      comment: "Migrations are run by the store, which backs up first.",
      from: { path: "^src/", pathNot: "^src/store/" },
      to: { path: "^migrations/" },
    },
    {
      name: "rooms-only",
      severity: "error",
      comment: "Every file of src belongs to a room, and every room has a rule above.",
      from: {},
      to: { path: "^src/", pathNot: `^src/(${Object.keys(rooms).join("|")})/` },
    },
    {
      name: "no-test-code",
      severity: "error",
      comment:
        "What is shipped does not depend on tests, benchmarks or packages that are only installed for development.",
      from: { path: "^(src|migrations)/" },
      to: { path: "^(test|bench)/" },
    },
    {
      name: "no-dev-packages",
      severity: "error",
      comment: "A package that is only installed for development is missing in an installation.",
      from: { path: "^(src|migrations)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "Two files that need each other are one file, or miss a third.",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      severity: "error",
      comment: "An import that does not resolve escapes every other rule.",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default"],
      mainFields: ["types", "module", "main"],
    },
  },
};
