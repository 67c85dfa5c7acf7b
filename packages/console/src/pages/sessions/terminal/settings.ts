import { createStore } from '#api/store.ts'
import { THEMES, type ThemeName } from './themes.ts'

/** How a person likes terminals; kept in this browser. */
export interface TerminalSettings {
  readonly theme: ThemeName
  /** In pixels. */
  readonly fontSize: number
  /** Whether the bell sounds; it always shows. */
  readonly sound: boolean
  /** Whether text of several lines is shown before it is pasted where each line would run at once. */
  readonly askBeforePaste: boolean
  /** What comes is also given to a screen reader. */
  readonly screenReader: boolean
}

const KEY = 'steward.terminal'
const FONT_SIZES = { least: 9, usual: 14, most: 28 }

const usual: TerminalSettings = {
  theme: 'console',
  fontSize: FONT_SIZES.usual,
  sound: false,
  askBeforePaste: true,
  screenReader: false,
}

export const terminalSettings = createStore<TerminalSettings>(kept())

export function changeSettings(change: Partial<TerminalSettings>): void {
  terminalSettings.set({ ...terminalSettings.get(), ...change })
  localStorage.setItem(KEY, JSON.stringify(terminalSettings.get()))
}

/** Larger or smaller by so many pixels, within what can be read. */
export function changeFontSize(by: number): void {
  const { least, most } = FONT_SIZES
  changeSettings({ fontSize: Math.max(least, Math.min(most, terminalSettings.get().fontSize + by)) })
}

function kept(): TerminalSettings {
  const settings = { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<TerminalSettings>) }
  return THEMES.includes(settings.theme) ? settings : { ...settings, theme: usual.theme }
}
