import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation'
import { useLocation } from 'wouter'
import { connection } from '#api/changes.ts'
import { shell } from '#texts/shell.ts'
import type { Area } from './area.ts'
import { areas } from './areas.ts'

export function Navigation() {
  const [path, navigate] = useLocation()
  const current = areas
    .filter((area) => covers(area, path))
    .sort((one, other) => other.path.length - one.path.length)[0]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here, only got ready
    <div onPointerOver={loadAhead} onFocus={loadAhead}>
      <SideNavigation
        items={items}
        activeHref={current && href(current)}
        onFollow={(event) => {
          if (event.detail.external) return
          event.preventDefault()
          navigate(event.detail.href.replace(/^\/console/, '') || '/')
        }}
      />
    </div>
  )
}

/** Whoever points at a link is about to follow it. */
function loadAhead({ target }: { target: EventTarget }): void {
  if (connection.get() === 'away') return
  const link = target instanceof Element && target.closest('a')?.getAttribute('href')
  const area = areas.find((one) => href(one) === link)
  area?.pages
    .find(({ path }) => path === area.path)
    ?.load()
    .catch(() => {})
}

const items: SideNavigationProps.Item[] = [
  ...links('top'),
  ...(['operate', 'store', 'govern'] as const).flatMap((section): SideNavigationProps.Item[] => {
    const inside = links(section)
    return inside.length > 0 ? [{ type: 'section-group', title: shell.sections[section], items: inside }] : []
  }),
]

function links(section: Area['section']): SideNavigationProps.Link[] {
  return areas
    .filter((area) => area.section === section)
    .map((area) => ({ type: 'link', text: area.title, href: href(area) }))
}

function covers({ path }: Area, current: string): boolean {
  return path === '/' ? current === '/' : current === path || current.startsWith(`${path}/`)
}

/** Whole, so that a click with the middle button opens the same page in another tab. */
function href({ path }: Area): string {
  return `/console${path}`
}
