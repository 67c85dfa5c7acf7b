/** Names with slashes, drawn as the tree that they are. */

export interface Leaf {
  readonly name: string
  /** What stands beside the name, in columns. */
  readonly cells: readonly string[]
}

interface Branch {
  readonly children: Map<string, Branch>
  leaf?: Leaf
}

/** Lines of a tree; a name that is also a path of others stands on one line with its cells. */
export function parameterTree(leaves: readonly Leaf[]): string {
  const root: Branch = { children: new Map() }
  for (const leaf of leaves) insert(root, leaf)
  const rows = [...rowsOf(root)]
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}

function insert(root: Branch, leaf: Leaf): void {
  let branch = root
  for (const part of leaf.name.split('/').filter(Boolean)) {
    const next: Branch = branch.children.get(part) ?? { children: new Map() }
    branch.children.set(part, next)
    branch = next
  }
  branch.leaf = leaf
}

function* rowsOf(branch: Branch, indent = '', isRoot = true): Generator<string[]> {
  const children = [...branch.children].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [index, [part, child]] of children.entries()) {
    const isLast = index === children.length - 1
    const stem = isRoot ? '/' : isLast ? '└── ' : '├── '
    yield [indent + stem + part, ...(child.leaf?.cells ?? [])]
    yield* rowsOf(child, isRoot ? '' : `${indent}${isLast ? '    ' : '│   '}`, false)
  }
}
