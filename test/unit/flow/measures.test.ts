import { describe, expect, it } from "vitest";
import { linkIncidents } from "../../../src/flow/link-incidents.ts";
import { measuresOf } from "../../../src/flow/measures.ts";
import type { Delivered, Incident } from "../../../src/model/delivered.ts";
import { change, delivered, incident, span, t } from "./deliveries.ts";

const measured = (...deliveries: Delivered[]) => measuresOf({ deliveries, incidents: undefined }, span);
const withIncidents = (deliveries: readonly Delivered[], incidents: readonly Incident[]) =>
  measuresOf({ deliveries, incidents: linkIncidents(incidents, deliveries) }, span);

describe("lead time and frequency", () => {
  it("are median and p90 by nearest rank, in seconds, and deployments a day", () => {
    const ten = Array.from({ length: 10 }, (_, index) =>
      delivered(`${index + 1}`, 60 + (index + 1) * 10, { changes: [change(index + 1, 0)] }),
    );
    expect(measured(...ten)).toEqual({
      deployments: 10,
      perDay: 1,
      fallBacks: 0,
      changes: 10,
      leadTimeMedian: 110 * 60,
      leadTimeP90: 150 * 60,
      incidents: null,
    });
  });

  it("count a change once, where it first came to any production, and a repetition not at all", () => {
    const first = delivered("1", 60, { changes: [change(1, 0)] });
    const again = delivered("2", 600, { oid: first.oid, repeats: true });
    const elsewhere = delivered("3", 700, { environment: "production-eu", changes: [change(1, 0)] });
    expect(measured(elsewhere, again, first)).toMatchObject({ deployments: 2, changes: 1, leadTimeMedian: 3600 });
  });

  it("leave a change to the span in which it first came, whatever order things are told in", () => {
    const before = delivered("1", -1440, { changes: [change(1, -1500)] });
    const within = delivered("2", 60, { environment: "production-eu", changes: [change(1, -1500)] });
    expect(measured(within, before)).toMatchObject({ deployments: 1, changes: 0, leadTimeMedian: null });
  });

  it("count falling back, and invent nothing where nothing was", () => {
    expect(measured(delivered("1", 60, { fallsBack: true }))).toMatchObject({ deployments: 1, fallBacks: 1 });
    expect(measured()).toEqual({
      deployments: 0,
      perDay: 0,
      fallBacks: 0,
      changes: 0,
      leadTimeMedian: null,
      leadTimeP90: null,
      incidents: null,
    });
  });

  it("are silent of a change whose beginning was not read", () => {
    const unread = { ...change(1, 0), beganAt: undefined };
    expect(measured(delivered("1", 60, { changes: [unread, change(2, 30)] }))).toMatchObject({
      changes: 1,
      leadTimeMedian: 1800,
    });
  });
});

describe("failed deployments", () => {
  const [a, b, c, d] = [delivered("1", 0), delivered("2", 60), delivered("3", 120), delivered("4", 180)];
  const four = [a, b, c, d];

  it("are those that an incident is linked to; recovery runs from the first opening to the last resolution", () => {
    const incidents = [incident("I-1", 70, 100), incident("I-2", 90, 150), incident("I-3", 200, null)];
    // I-1 and I-2 follow the second deployment, I-3 the fourth; the third finished while I-2 was open.
    expect(withIncidents(four, incidents).incidents).toEqual({
      opened: 3,
      failed: 2,
      recovered: 1,
      recoveryMedian: 80 * 60,
      recoveryP90: 80 * 60,
      rework: 1,
    });
  });

  it("are none where the list has none, which is not the same as no list", () => {
    expect(withIncidents(four, []).incidents).toEqual({
      opened: 0,
      failed: 0,
      recovered: 0,
      recoveryMedian: null,
      recoveryP90: null,
      rework: 0,
    });
    expect(measured(...four).incidents).toBeNull();
  });

  it("stay failed though the incident opened after the span, and count an incident only in its own", () => {
    const late = incident("I-1", 60 * 24 * 30, null);
    expect(withIncidents(four, [late]).incidents).toMatchObject({ opened: 0, failed: 1 });
  });
});

describe("the deployment that an incident is linked to", () => {
  const first = delivered("1", 0);
  const repeated = delivered("2", 60, { oid: first.oid, repeats: true });
  const other = delivered("3", 120);
  const foreign = delivered("9", 130, { system: "ledger" });
  const all = [other, foreign, repeated, first];
  const causeOf = (one: Incident) => {
    const [linked] = linkIncidents([one], all);
    return [linked?.cause?.id, linked?.linked, linked?.remedy?.id];
  };

  it("is the latest of its system that had finished, and of a repetition what it repeats", () => {
    expect(causeOf(incident("I", 140, null))).toEqual(["3", "before", undefined]);
    expect(causeOf(incident("I", 119, 121))).toEqual(["1", "before", "3"]);
    expect(causeOf(incident("I", 120, null))).toEqual(["3", "before", undefined]);
    expect(causeOf(incident("I", -1, 0))).toEqual([undefined, "none", "1"]);
  });

  it("is the one that the list names, by id or by commit, and none where that is not known", () => {
    expect(causeOf(incident("I", 140, null, { deployment: "1" }))).toEqual(["1", "named", undefined]);
    expect(causeOf(incident("I", 140, null, { commit: first.oid }))).toEqual(["1", "named", undefined]);
    expect(causeOf(incident("I", 140, null, { commit: "f".repeat(40) }))).toEqual([undefined, "none", undefined]);
    expect(causeOf(incident("I", 140, null, { deployment: "9" }))).toEqual([undefined, "none", undefined]);
    // A commit that came later than the incident did not cause it.
    expect(causeOf(incident("I", 100, null, { commit: other.oid }))).toEqual([undefined, "none", undefined]);
  });

  it("does not depend on the order of either list", () => {
    const two = [incident("I-2", 140, null), incident("I-1", 50, 200)];
    expect(linkIncidents(two, all)).toEqual(linkIncidents(two.toReversed(), all.toReversed()));
    expect(linkIncidents(two, all).map(({ incident: { id } }) => id)).toEqual(["I-1", "I-2"]);
    expect(t(0)).toBe("2026-10-05T09:00:00Z");
  });
});
