import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar'
import type { ReactNode } from 'react'
import { createStore, useStore } from '#api/store.ts'
import { common } from '#texts/common.ts'

export interface Notice {
  readonly type: 'success' | 'info' | 'warning' | 'error' | 'in-progress'
  readonly header: ReactNode
  readonly content?: ReactNode
  readonly action?: ReactNode
}

const notices = createStore<readonly (Notice & { id: string })[]>([])
let count = 0

/** Shows a message above the page until it is dismissed. Returns how to take it away. */
export function notify(notice: Notice): () => void {
  count += 1
  const id = String(count)
  const dismiss = () => notices.set(notices.get().filter((one) => one.id !== id))
  // The newest is the one that is seen while the others are stacked under it. What went well before is old news.
  const others = notices.get().filter(({ type }) => type !== 'success')
  notices.set([{ ...notice, id }, ...others.slice(0, 4)])
  return dismiss
}

export function Notifications() {
  const items = useStore(notices).map(
    ({ id, type, header, content, action }): FlashbarProps.MessageDefinition => ({
      id,
      type: type === 'in-progress' ? 'info' : type,
      loading: type === 'in-progress',
      header,
      content,
      action,
      dismissible: true,
      dismissLabel: common.close,
      ariaRole: type === 'error' ? 'alert' : 'status',
      onDismiss: () => notices.set(notices.get().filter((one) => one.id !== id)),
    }),
  )
  return <Flashbar items={items} stackItems />
}
