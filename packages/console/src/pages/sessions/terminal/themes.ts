import type { ITheme } from '@xterm/xterm'

export type ThemeName = 'console' | 'light' | 'dark' | 'contrast' | 'solarized'

export const THEMES: readonly ThemeName[] = ['console', 'light', 'dark', 'contrast', 'solarized']

const dark: ITheme = {
  background: '#10161d',
  foreground: '#e2e8ee',
  cursor: '#7fb8ff',
  cursorAccent: '#10161d',
  selectionBackground: '#2f4a6d',
  black: '#2a333d',
  red: '#ff7a7a',
  green: '#69d58c',
  yellow: '#f0c75e',
  blue: '#74b0ff',
  magenta: '#d698f5',
  cyan: '#5fd3d8',
  white: '#d5dde5',
  brightBlack: '#8493a2',
  brightRed: '#ff9d9d',
  brightGreen: '#93e6ae',
  brightYellow: '#f8db8d',
  brightBlue: '#a1caff',
  brightMagenta: '#e6bdfb',
  brightCyan: '#92e5e8',
  brightWhite: '#ffffff',
}

const light: ITheme = {
  background: '#ffffff',
  foreground: '#16202a',
  cursor: '#0b5fc4',
  cursorAccent: '#ffffff',
  selectionBackground: '#b9d6f8',
  black: '#16202a',
  red: '#b5161b',
  green: '#13703a',
  yellow: '#8a5a00',
  blue: '#0b5fc4',
  magenta: '#8427a8',
  cyan: '#0a6c74',
  white: '#5d6b79',
  brightBlack: '#4a5764',
  brightRed: '#d22a30',
  brightGreen: '#1a8447',
  brightYellow: '#9c6a08',
  brightBlue: '#2474d8',
  brightMagenta: '#9a3cc0',
  brightCyan: '#12808a',
  brightWhite: '#2b3742',
}

const contrast: ITheme = {
  ...dark,
  background: '#000000',
  foreground: '#ffffff',
  cursor: '#ffff00',
  cursorAccent: '#000000',
  selectionBackground: '#0050a0',
  black: '#000000',
}

const solarized: ITheme = {
  background: '#002b36',
  foreground: '#a3b1b2',
  cursor: '#eee8d5',
  cursorAccent: '#002b36',
  selectionBackground: '#0b4a59',
  black: '#073642',
  red: '#e8504d',
  green: '#93a814',
  yellow: '#c59a11',
  blue: '#3f9fe0',
  magenta: '#e3569b',
  cyan: '#35b3a8',
  white: '#eee8d5',
  brightBlack: '#6f8a92',
  brightRed: '#f0784a',
  brightGreen: '#a5b13c',
  brightYellow: '#d6b146',
  brightBlue: '#7cb8e6',
  brightMagenta: '#9a9be8',
  brightCyan: '#6fcac1',
  brightWhite: '#fdf6e3',
}

/** The colours of a theme; `console` is as light or dark as the console. */
export function themeColours(name: ThemeName, consoleIsDark: boolean): ITheme {
  if (name === 'console') return consoleIsDark ? dark : light
  return { light, dark, contrast, solarized }[name]
}
