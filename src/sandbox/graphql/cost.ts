import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

/** What a query is charged and how heavy it is, known before it runs. */
export interface Cost {
  /** Points of the primary rate limit, at least 1. */
  points: number;
  /** How many nodes the query could return at most. */
  nodeCount: number;
  /** The largest page of pull requests asked with four or more connections nested in it; GitHub gives up on those over 50. */
  heaviestPage: number;
}

type Variables = Readonly<Record<string, unknown>>;

interface Walk {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Variables;
  requests: number;
  nodes: number;
  connections: number;
  heaviestPage: number;
}

/**
 * Charges a query by GitHub's formula: each connection is requested once per parent node, all requests summed, divided
 * by 100 and rounded; `nodes(ids:)` is a parent of as many nodes as it has ids.
 * @see https://docs.github.com/en/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const walk: Walk = { schema, fragments, variables, requests: 0, nodes: 0, connections: 0, heaviestPage: 0 };
  const root = schema.getQueryType();
  if (root) visit(walk, [operation.selectionSet], root, 1);
  return {
    points: Math.max(1, Math.round(walk.requests / 100)),
    nodeCount: walk.nodes,
    heaviestPage: walk.heaviestPage,
  };
}

function visit(walk: Walk, sets: readonly SelectionSetNode[], parent: GraphQLCompositeType, times: number): void {
  const fields = new Map<string, { parent: GraphQLCompositeType; nodes: FieldNode[] }>();
  for (const set of sets) collect(walk, set, parent, fields);
  for (const { parent: owner, nodes } of fields.values()) {
    const node = nodes[0] as FieldNode;
    const children = nodes.flatMap((each) => each.selectionSet ?? []);
    const definition = "getFields" in owner ? owner.getFields()[node.name.value] : undefined;
    const type = definition ? getNamedType(definition.type) : undefined;
    if (!type || !isCompositeType(type) || children.length === 0) continue;
    if (type.name.endsWith("Connection") && isObjectType(type)) connection(walk, node, children, type, times);
    else visit(walk, children, type, times * idsOf(walk, owner, node));
  }
}

function connection(
  walk: Walk,
  node: FieldNode,
  children: SelectionSetNode[],
  type: GraphQLCompositeType,
  times: number,
): void {
  const size = Math.min(100, Math.max(0, Number(argument(walk, node, "first") ?? argument(walk, node, "last") ?? 0)));
  walk.requests += times;
  walk.connections += 1;
  if (size > 0) walk.nodes += times * size;
  const before = walk.connections;
  visit(walk, children, type, times * size);
  if (node.name.value === "pullRequests" && walk.connections - before >= 4) {
    walk.heaviestPage = Math.max(walk.heaviestPage, size);
  }
}

function collect(
  walk: Walk,
  set: SelectionSetNode,
  parent: GraphQLCompositeType,
  into: Map<string, { parent: GraphQLCompositeType; nodes: FieldNode[] }>,
): void {
  for (const selection of set.selections) {
    if (selection.directives?.some((each) => skips(walk, each.name.value, each.arguments?.[0]?.value))) continue;
    if (selection.kind === Kind.FIELD) {
      const key = `${parent.name}.${selection.alias?.value ?? selection.name.value}`;
      const known = into.get(key);
      if (known) known.nodes.push(selection);
      else into.set(key, { parent, nodes: [selection] });
      continue;
    }
    const target = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value);
    if (!target) continue;
    const type = target.typeCondition ? walk.schema.getType(target.typeCondition.name.value) : parent;
    if (isCompositeType(type)) collect(walk, target.selectionSet, type, into);
  }
}

function skips(walk: Walk, directive: string, condition: ValueNode | undefined): boolean {
  if (!condition || (directive !== "skip" && directive !== "include")) return false;
  return (literal(walk, condition) === true) === (directive === "skip");
}

function idsOf(walk: Walk, owner: GraphQLCompositeType, node: FieldNode): number {
  if (owner.name !== "Query" || node.name.value !== "nodes") return 1;
  const ids = argument(walk, node, "ids");
  return Array.isArray(ids) ? ids.length : 1;
}

function argument(walk: Walk, node: FieldNode, name: string): unknown {
  const value = node.arguments?.find((each) => each.name.value === name)?.value;
  return value === undefined ? undefined : literal(walk, value);
}

function literal(walk: Walk, value: ValueNode): unknown {
  if (value.kind === Kind.VARIABLE) return walk.variables[value.name.value] ?? undefined;
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind === Kind.BOOLEAN) return value.value;
  if (value.kind === Kind.LIST) return value.values;
  return undefined;
}
