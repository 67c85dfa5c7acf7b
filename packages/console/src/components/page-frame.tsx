import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import { type ReactNode, useEffect } from 'react'
import { type Chrome, chrome } from '#app/chrome.ts'
import { common } from '#texts/common.ts'

export interface PageFrameProps {
  readonly title: string
  /** Beside the title, as a status. */
  readonly info?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** The pages above this one, outermost first, without the page itself. */
  readonly above?: readonly { readonly text: string; readonly to: string }[]
  /** A panel that explains the page: the same element at every rendering. */
  readonly help?: ReactNode
  readonly contentType?: Chrome['contentType']
  /** The page begins with a full-page table, whose header is the title of the page. */
  readonly titleInContent?: boolean
  readonly children: ReactNode
}

/** What every page is in: its title, in the window's too, the way back up, its actions. */
export function PageFrame(props: PageFrameProps) {
  const { title, info, description, actions, above = [], help, contentType = 'default', titleInContent } = props
  const trail = JSON.stringify([{ text: common.product, to: '/' }, ...above, { text: title, to: '#' }])
  useEffect(() => {
    document.title = `${title} · ${common.product}`
    chrome.set({ title, breadcrumbs: JSON.parse(trail) as Chrome['breadcrumbs'], help, contentType })
  }, [title, trail, help, contentType])
  if (titleInContent) return props.children
  return (
    <ContentLayout
      header={
        <Header variant="h1" info={info} description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      {props.children}
    </ContentLayout>
  )
}
