/** A node as far as the tree is concerned. */
interface Node {
  readonly id: string;
  readonly parent_id: string | null;
}

/** Answers who lies within whom. An area lies within itself. */
export interface AreaTree {
  isWithin(areaId: string, ancestorId: string): boolean;
  /** Returns the ids of `areaId` and all below it; empty when there is no such area. */
  subtree(areaId: string): readonly string[];
}

/** Builds the tree from all rows of areas. */
export function areaTree(nodes: readonly Node[]): AreaTree {
  const parents = new Map(nodes.map(({ id, parent_id }) => [id, parent_id]));
  const isWithin = (areaId: string, ancestorId: string): boolean => {
    // Bounded by the number of areas: a loop in the data must not become a loop in the program.
    for (let at: string | null | undefined = areaId, steps = 0; at && steps <= parents.size; steps++) {
      if (at === ancestorId) return parents.has(at);
      at = parents.get(at);
    }
    return false;
  };
  return {
    isWithin,
    subtree: (areaId) => nodes.filter(({ id }) => isWithin(id, areaId)).map(({ id }) => id),
  };
}
