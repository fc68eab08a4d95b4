import { type Random, random } from "../../src/sandbox/random.ts";

const asked = Number(process.env.FLOWPROOF_FAULT_ROUNDS ?? Number.NaN);

/** How often a fault is tried at another moment: a few times, or as often as FLOWPROOF_FAULT_ROUNDS says. */
export const rounds = (few: number): number => (Number.isInteger(asked) && asked > 0 ? asked : few);

/** The moments of a test: the same ones every time, others with another FLOWPROOF_FAULT_SEED. */
export const moments = (name: string): Random => random(Number(process.env.FLOWPROOF_FAULT_SEED ?? 1), name);

/** Time for as many rounds, in milliseconds. */
export const timeFor = (count: number): number => 120_000 + count * 10_000;
