import { printable } from './printable.ts'

/**
 * Columns aligned with spaces, under a line of headings. Cells are one line each; nothing is cut. Much of what is in them was said by
 * machines, which must not write over the screen, nor a row of their own into the table.
 */
export function table(headings: readonly string[], said: readonly (readonly string[])[]): string {
  const rows = said.map((row) => row.map(printable))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  return `${[headings, ...rows].map(line).join('\n')}\n`
}

/** How long ago, in the largest unit that fits: `12 s ago`. */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 120) return `${seconds} s ago`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h ago`
  return `${Math.round(seconds / 86_400)} days ago`
}
