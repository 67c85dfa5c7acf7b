/** What a page puts into the frame around it. */
import type { ReactNode } from 'react'
import { createStore } from '#api/store.ts'

export interface Chrome {
  /** Of the page. */
  readonly title: string
  /** From the home page down to the page itself. */
  readonly breadcrumbs: readonly { readonly text: string; readonly to: string }[]
  /** A panel beside the page that explains it. */
  readonly help?: ReactNode
  readonly contentType: 'default' | 'table' | 'dashboard' | 'form'
}

export const chrome = createStore<Chrome>({ title: '', breadcrumbs: [], contentType: 'default' })
