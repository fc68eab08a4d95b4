import { type OperationDefinitionNode, parse } from "graphql";
import { expect, test } from "vitest";
import { costOf } from "../../../src/sandbox/graphql/cost.ts";
import { officialSchema } from "../../../src/sandbox/graphql/schema.ts";

function cost(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  return costOf(officialSchema(), document, document.definitions[0] as OperationDefinitionNode, variables);
}

test("GitHub's own example of points: 1 + 100 + 5000 requests are 51 points", () => {
  const query = `query { viewer { login repositories(first: 100) { edges { node { id
    issues(first: 50) { edges { node { id labels(first: 60) { edges { node { id name } } } } } } } } } } }`;
  expect(cost(query).points).toBe(51);
});

test("GitHub's own examples of nodes: 550 and 22,060", () => {
  expect(
    cost(`query { viewer { repositories(first: 50) { edges { repository: node { name
      issues(first: 10) { totalCount edges { node { title bodyHTML } } } } } } } }`).nodeCount,
  ).toBe(550);
  expect(
    cost(`query { viewer { repositories(first: 50) { edges { repository: node { name
      pullRequests(first: 20) { edges { pullRequest: node { title comments(first: 10) { edges { comment: node { bodyHTML } } } } } }
      issues(first: 20) { totalCount edges { issue: node { title bodyHTML comments(first: 10) { edges { comment: node { bodyHTML } } } } } } } } }
      followers(first: 10) { edges { follower: node { login } } } } }`).nodeCount,
  ).toBe(22_060);
});

test("a query without connections costs one point", () => {
  expect(cost(`{ viewer { login } }`)).toMatchObject({ points: 1, nodeCount: 0 });
});

test("ids are parents: a connection under 100 ids is requested 100 times", () => {
  const query = `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Commit { authors(first: 10) { nodes { email } } } } }`;
  const ids = Array.from({ length: 100 }, (_, at) => `C_${at}`);
  expect(cost(query, { ids }).points).toBe(1);
  expect(
    cost(
      `query($ids: [ID!]!) { nodes(ids: $ids) { ... on PullRequest { commits(first: 5) { nodes { commit { authors(first: 10) { nodes { email } } } } } } } }`,
      { ids },
    ).points,
  ).toBe(6);
});

test("authors under a hundred commits cost a hundredfold; page sizes may be variables and come by fragments", () => {
  const query = `query($n: Int!) { repository(owner: "o", name: "r") { pullRequests(first: $n) { nodes { ...part } } } }
    fragment part on PullRequest { commits(first: 100) { nodes { commit { authors(first: 10) { nodes { email } } } } } }`;
  expect(cost(query, { n: 50 }).points).toBe(Math.round((1 + 50 + 5000) / 100));
  expect(cost(query.replace("first: 100", "last: 1"), { n: 50 }).points).toBe(1);
});

test("what is skipped is not charged, and a field asked twice is charged once", () => {
  const query = `query($deep: Boolean!) { repository(owner: "o", name: "r") {
    pullRequests(first: 100) { nodes { reviews(first: 100) @include(if: $deep) { nodes { comments(first: 5) { nodes { id } } } } } }
    pullRequests(first: 100) { nodes { number } } } }`;
  expect(cost(query, { deep: false })).toMatchObject({ points: 1, nodeCount: 100 });
  expect(cost(query, { deep: true }).points).toBe(101);
});
