import type { ReactNode } from 'react'

/** A column of a table. */
export interface Column<T> {
  readonly id: string
  readonly header: string
  readonly cell: (item: T) => ReactNode
  /** What the cell says as text: searched, filtered, sorted and written to CSV by it. Undefined: none of these. */
  readonly text?: (item: T) => string
  /** By what to sort, if not by the text. */
  readonly sort?: (item: T) => number | string
  /** The server cuts the rows into pages and cannot sort by this. */
  readonly unsorted?: boolean
  /** Numbers stand at the right. */
  readonly number?: boolean
  /** Whether the search offers the values that there are. */
  readonly choices?: boolean
  /** Not shown until the person chooses it. */
  readonly hidden?: boolean
  /** In pixels. */
  readonly width?: number
  readonly minWidth?: number
  /** The cell that names the row. */
  readonly rowHeader?: boolean
}
