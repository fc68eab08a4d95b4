/** What management may attest that version control rarely shows; apart from its schemas, which a command's help need not load. */
export const attestationKinds = [
  "procedure",
  "penetration-test",
  "bug-bounty",
  "game-day",
  "training",
  "access-review",
  "architecture-deviation",
  "continuity-plan",
  "operating-documents",
  "parties-informed",
] as const;
export type AttestationKind = (typeof attestationKinds)[number];
