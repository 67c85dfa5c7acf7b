import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import { useSearchParams } from 'wouter'
import { parameters as texts } from '#texts/parameters.ts'
import { folderPage, nameOfPath, PUBLIC, pathsDownTo } from './paths.ts'

/** Where one is among the paths, each a way back up. */
export function PathTrail({ path }: { path: string }) {
  const [, setSearch] = useSearchParams()
  if (path === '/' || path === PUBLIC) return null
  return (
    <BreadcrumbGroup
      ariaLabel={texts.trail}
      items={pathsDownTo(path).map((each) => ({
        text: each === '/' ? texts.all : nameOfPath(each),
        href: `/console${folderPage(each)}`,
        path: each,
      }))}
      onFollow={(event) => {
        event.preventDefault()
        const { path: to } = event.detail.item as { path?: string }
        setSearch((last) => {
          const next = new URLSearchParams(last)
          next.delete('page')
          if (to === undefined || to === '/') next.delete('path')
          else next.set('path', to)
          return next
        })
      }}
    />
  )
}
