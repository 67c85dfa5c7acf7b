import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useLocation } from 'wouter'
import { connection } from '#api/changes.ts'
import { signedIn, signOut } from '#api/sign-in.ts'
import { steward } from '#api/steward.ts'
import { useStore } from '#api/store.ts'
import { common } from '#texts/common.ts'
import { shell } from '#texts/shell.ts'
import { compact, type Theme, theme } from './appearance.ts'

const GlobalSearch = lazy(async () => ({ default: (await import('./global-search.tsx')).GlobalSearch }))

/** The bar above everything: where one is, whether the page is live, how it looks, who one is. */
export function TopBar() {
  const [, navigate] = useLocation()
  return (
    <header id="top-bar" className="st-top">
      <TopNavigation
        identity={{
          href: '/console/',
          title: common.product,
          logo: { src: '/console/icon.svg', alt: '' },
          onFollow: (event) => {
            event.preventDefault()
            navigate('/')
          },
        }}
        search={
          <Suspense>
            <GlobalSearch />
          </Suspense>
        }
        utilities={[...useConnectionUtility(), useAppearanceMenu(), useAccountMenu()]}
      />
    </header>
  )
}

/** Says when what one sees may be old; reads it again when it is clicked. */
function useConnectionUtility(): TopNavigationProps.Utility[] {
  const state = useStore(connection)
  const client = useQueryClient()
  if (state === 'live' || state === 'connecting') return []
  const hint = state === 'away' ? shell.connection.awayHint : shell.connection.offHint
  return [
    {
      type: 'button',
      iconName: state === 'away' ? 'status-warning' : 'status-info',
      text: shell.connection[state],
      title: hint,
      ariaLabel: `${shell.connection[state]}. ${hint}`,
      disableUtilityCollapse: true,
      onClick: () => void client.invalidateQueries(),
    },
  ]
}

function useAppearanceMenu(): TopNavigationProps.MenuDropdownUtility {
  const chosen = useStore(theme)
  const dense = useStore(compact)
  const mode = (id: Theme) => ({
    itemType: 'checkbox' as const,
    id,
    text: shell.theme[id],
    checked: chosen === id,
  })
  return {
    type: 'menu-dropdown',
    iconName: 'settings',
    ariaLabel: shell.theme.menu,
    title: shell.theme.menu,
    items: [
      { id: 'mode', text: shell.theme.menu, items: [mode('system'), mode('light'), mode('dark')] },
      { itemType: 'checkbox', id: 'compact', text: shell.theme.compact, checked: dense },
    ],
    onItemClick: ({ detail }) => {
      if (detail.id === 'compact') compact.set(!dense)
      else theme.set(detail.id as Theme)
    },
  }
}

function useAccountMenu(): TopNavigationProps.MenuDropdownUtility {
  const caller = signedIn()
  return {
    type: 'menu-dropdown',
    iconName: 'user-profile',
    text: caller?.principal.name ?? '',
    description: caller?.principal.arn ?? '',
    items: [
      { id: 'account', text: shell.account(caller?.account ?? ''), disabled: true },
      { id: 'region', text: shell.region(caller?.region ?? ''), disabled: true },
      { id: 'sign-out', text: shell.signOut },
    ],
    onItemClick: ({ detail }) => {
      if (detail.id === 'sign-out') void leave()
    },
  }
}

/** The credentials stop on the server too; if it does not answer, they run out by themselves. */
async function leave(): Promise<void> {
  await steward('SignOut', {}).catch(() => {})
  signOut('chosen')
}
