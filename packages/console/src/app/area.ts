import type { ComponentType } from 'react'
import type { BulkAct } from './bulk-work.tsx'

/** What a page's address names, such as `id` in `/nodes/:id`. */
export type Params = Readonly<Record<string, string>>

export interface Page {
  /** Within the console, as `/nodes/:id`; `*` stands for the rest of a path. */
  readonly path: string
  /** What in the query says whose page it is, as `name`: what people call things could be a part of a path, such as `new`. */
  readonly named?: string
  /** Loaded when somebody first goes there. */
  readonly load: () => Promise<ComponentType<{ params: Params }>>
}

/** A part of the console: what `pages/<name>/area.ts` exports as `area`. No file lists them. */
export interface Area {
  readonly title: string
  /** Where the navigation shows it; undefined: it does not. */
  readonly section: 'top' | 'operate' | 'store' | 'govern' | undefined
  /** Its place within the section. */
  readonly order: number
  /** Where its navigation link goes. */
  readonly path: string
  /** Tried in this order. */
  readonly pages: readonly Page[]
  /** What it can do with each of many things, under names that work which was left is found again by. */
  readonly bulkActs?: Readonly<Record<string, () => Promise<BulkAct>>>
}
