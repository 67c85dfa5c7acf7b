/** Light or dark, roomy or compact: chosen once for this browser, else as the system is. */
import { colorBackgroundLayoutMain } from '@cloudscape-design/design-tokens'
import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles'
import { createStore } from '#api/store.ts'

export type Theme = 'system' | 'light' | 'dark'

const systemIsDark = matchMedia('(prefers-color-scheme: dark)')

export const theme = createStore<Theme>((localStorage.getItem('steward.theme') as Theme | null) ?? 'system')
export const compact = createStore(localStorage.getItem('steward.compact') === 'true')
/** What the theme comes to right now. */
export const isDark = createStore(false)

/** Makes the page look as chosen, now and whenever that changes. */
export function followAppearance(): void {
  document.body.style.background = colorBackgroundLayoutMain
  apply()
  systemIsDark.addEventListener('change', apply)
  theme.subscribe(() => {
    localStorage.setItem('steward.theme', theme.get())
    apply()
  })
  compact.subscribe(() => {
    localStorage.setItem('steward.compact', String(compact.get()))
    apply()
  })
}

function apply(): void {
  isDark.set(theme.get() === 'dark' || (theme.get() === 'system' && systemIsDark.matches))
  applyMode(isDark.get() ? Mode.Dark : Mode.Light)
  applyDensity(compact.get() ? Density.Compact : Density.Comfortable)
  document.documentElement.style.colorScheme = isDark.get() ? 'dark' : 'light'
}
