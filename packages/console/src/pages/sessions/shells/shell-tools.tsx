import ButtonGroup, { type ButtonGroupProps } from '@cloudscape-design/components/button-group'
import type { IconProps } from '@cloudscape-design/components/icon'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useStore } from '#api/store.ts'
import { notify } from '#app/notifications.tsx'
import { terminalTexts } from '#texts/terminal.ts'
import { changeFontSize, changeSettings, terminalSettings } from '../terminal/settings.ts'
import { THEMES, type ThemeName } from '../terminal/themes.ts'
import { pasteInto } from './ask-paste.tsx'
import { copySelection } from './keys.ts'
import type { Shell } from './shell.ts'

const texts = terminalTexts.tools

export interface ShellToolsProps {
  readonly shell: Shell
  readonly filesShown: boolean
  readonly onFiles: (shown: boolean) => void
  readonly onSearch: () => void
  /** It fills the window. */
  readonly full: boolean
  readonly onFull: (full: boolean) => void
  readonly onEnd: () => void
}

/** What can be done with a shell, beside typing. */
export function ShellTools({ shell, filesShown, onFiles, onSearch, full, onFull, onEnd }: ShellToolsProps) {
  const [, navigate] = useLocation()
  const [said, setSaid] = useState('')
  const settingsItem = useSettingsItem()
  const { sessionId } = shell.identity
  const address = `/sessions/${encodeURIComponent(sessionId)}`
  const acts: Record<string, () => unknown> = {
    search: onSearch,
    copy: () => copySelection(shell).then((done) => setSaid(done ? texts.copied : '')),
    paste: () => paste(shell),
    smaller: () => changeFontSize(-1),
    larger: () => changeFontSize(1),
    full: () => onFull(!full),
    files: () => onFiles(!filesShown),
    share: () => share(address),
    details: () => navigate(address),
    clear: () => shell.screen.terminal.clear(),
    end: onEnd,
    sound: () => changeSettings({ sound: !terminalSettings.get().sound }),
    askBeforePaste: () => changeSettings({ askBeforePaste: !terminalSettings.get().askBeforePaste }),
    screenReader: () => changeSettings({ screenReader: !terminalSettings.get().screenReader }),
  }
  const items: ButtonGroupProps.ItemOrGroup[] = [
    {
      type: 'group',
      text: texts.label,
      items: [
        button('search', 'search'),
        { ...button('copy', 'copy'), popoverFeedback: said },
        { type: 'icon-button', id: 'paste', text: texts.paste, iconSvg: <PasteIcon /> },
        button('smaller', 'zoom-out'),
        button('larger', 'zoom-in'),
      ],
    },
    {
      type: 'icon-toggle-button',
      id: 'full',
      text: texts.full,
      pressed: full,
      iconName: 'full-screen',
      pressedIconName: 'exit-full-screen',
    },
    { type: 'icon-toggle-button', id: 'files', text: texts.files, iconName: 'upload-download', pressed: filesShown },
    settingsItem,
    {
      type: 'menu-dropdown',
      id: 'more',
      text: texts.more,
      items: [
        { id: 'share', text: texts.share, iconName: 'share' },
        { id: 'details', text: texts.details, iconName: 'file' },
        { id: 'clear', text: texts.clear, iconName: 'remove' },
        { id: 'end', text: texts.end, iconName: 'stop-circle' },
      ],
    },
  ]
  return (
    <ButtonGroup
      variant="icon"
      ariaLabel={texts.label}
      items={items}
      onItemClick={({ detail: { id } }) => {
        if (THEMES.includes(id as ThemeName)) changeSettings({ theme: id as ThemeName })
        else acts[id]?.()
      }}
    />
  )
}

function button(id: 'search' | 'copy' | 'smaller' | 'larger', iconName: IconProps.Name) {
  return { type: 'icon-button', id, text: texts[id], iconName } as const
}

function PasteIcon() {
  return (
    <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      <path d="M5 3H3v11h10V3h-2" />
      <path d="M6 1.5h4v3H6z" />
    </svg>
  )
}

function useSettingsItem(): ButtonGroupProps.MenuDropdown {
  const settings = useStore(terminalSettings)
  const check = (id: 'sound' | 'askBeforePaste' | 'screenReader') =>
    ({ itemType: 'checkbox', id, text: texts[id], checked: settings[id] }) as const
  return {
    type: 'menu-dropdown',
    id: 'settings',
    text: texts.settings,
    iconName: 'settings',
    items: [
      {
        text: texts.theme,
        items: THEMES.map((theme) => ({
          itemType: 'checkbox',
          id: theme,
          text: texts.themes[theme],
          checked: settings.theme === theme,
        })),
      },
      check('sound'),
      check('askBeforePaste'),
      check('screenReader'),
    ],
  }
}

async function paste(shell: Shell): Promise<void> {
  // Browsers give pages the clipboard over HTTPS only, and may ask the person.
  const text = await navigator.clipboard?.readText().catch(() => undefined)
  if (text === undefined) notify({ type: 'info', header: terminalTexts.paste.unavailable })
  else pasteInto(shell, text)
  shell.screen.terminal.focus()
}

async function share(address: string): Promise<void> {
  await navigator.clipboard?.writeText(`${location.origin}/console${address}`)
  notify({ type: 'success', header: texts.shared })
}
