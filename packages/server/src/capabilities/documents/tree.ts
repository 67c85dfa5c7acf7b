import type { Position } from '#kernel/text-position.ts'

/**
 * What JSON and YAML text say, in one form. Mappings are Maps, because their order belongs to the document and plain
 * objects move keys such as `1` to the front.
 */
export type Tree = string | number | boolean | null | Tree[] | TreeMap
export type TreeMap = Map<string, Tree>

/** Text that was read, with the places of its mappings for errors found later. */
export interface ReadText {
  readonly root: Tree
  /** What an error about this mapping points at: as AWS does, the closing brace in JSON; the first key in YAML. */
  placeOf(map: TreeMap): Position | undefined
}

/** Nesting and size that no honest document of 64 KB reaches; they bound recursion and the expansion of aliases. */
export const MAX_DEPTH = 100
export const MAX_NODES = 65_536

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return tree instanceof Map
}

/** Every string within a tree, keys aside. */
export function* stringsIn(tree: Tree): Generator<string> {
  if (typeof tree === 'string') yield tree
  else if (isMap(tree)) for (const value of tree.values()) yield* stringsIn(value)
  else if (Array.isArray(tree)) for (const value of tree) yield* stringsIn(value)
}

/** The number that a literal means. An integer that this would change stays the text that it was. */
export function numberOf(literal: string): number | string {
  const number = Number(literal)
  const isInteger = /^[-+]?\d+$/.test(literal)
  return isInteger && String(BigInt(literal.replace(/^\+/, ''))) !== String(number) ? literal : number
}
