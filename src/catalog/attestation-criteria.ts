import type { AttestationKind } from "../model/attestation.ts";

/** What an attestation of each kind addresses unless it says otherwise, written as `framework:criterion:point`. */
export const attestationCriteria: Readonly<Record<AttestationKind, readonly string[]>> = {
  procedure: [
    "soc2-2017:CC8.1:1",
    "soc2-2017:CC8.1:3",
    "soc2-2017:CC5.3",
    "iso27001-2022:A.8.32:g",
    "iso27001-2022:A.5.37",
  ],
  "penetration-test": ["soc2-2017:CC4.1", "soc2-2017:CC7.1", "iso27001-2022:A.8.8", "iso27001-2022:A.8.29"],
  "bug-bounty": ["soc2-2017:CC7.1", "iso27001-2022:A.8.8"],
  "game-day": ["soc2-2017:CC8.1:15", "soc2-2017:CC7.5", "iso27001-2022:A.8.32:f"],
  training: ["soc2-2017:CC2.2", "iso27001-2022:A.8.25", "iso27001-2022:A.8.28"],
  "access-review": [
    "soc2-2017:CC6.2",
    "soc2-2017:CC6.3",
    "iso27001-2022:A.8.2",
    "iso27001-2022:A.8.3",
    "iso27001-2022:A.8.4",
  ],
  "architecture-deviation": ["soc2-2017:CC8.1:10", "soc2-2017:CC3.4", "iso27001-2022:A.8.32:a", "iso27001-2022:A.8.27"],
  "continuity-plan": ["soc2-2017:CC8.1:15", "soc2-2017:CC7.5", "iso27001-2022:A.8.32:i"],
  "operating-documents": ["soc2-2017:CC8.1:4", "iso27001-2022:A.8.32:h", "iso27001-2022:A.5.37"],
  "parties-informed": ["soc2-2017:CC2.2", "iso27001-2022:A.8.32:c"],
};
