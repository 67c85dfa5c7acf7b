import Tabs, { type TabsProps } from '@cloudscape-design/components/tabs'
import { useSearchParams } from 'wouter'

/** Tabs of a page; which one is open stands in the address. */
export function PageTabs({ tabs, label }: { tabs: readonly TabsProps.Tab[]; label?: string }) {
  const [search, setSearch] = useSearchParams()
  const asked = search.get('tab')
  return (
    <Tabs
      tabs={tabs}
      {...(label && { ariaLabel: label })}
      activeTabId={tabs.find(({ id }) => id === asked)?.id ?? tabs[0]!.id}
      onChange={({ detail }) =>
        setSearch(
          (last) => {
            const next = new URLSearchParams(last)
            next.set('tab', detail.activeTabId)
            return next
          },
          { replace: true },
        )
      }
    />
  )
}
