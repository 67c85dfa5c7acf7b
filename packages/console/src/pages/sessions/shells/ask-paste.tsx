import Box from '@cloudscape-design/components/box'
import { createStore, useStore } from '#api/store.ts'
import { Confirm } from '#components/confirm.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { terminalTexts as texts } from '#texts/terminal.ts'
import { terminalSettings } from '../terminal/settings.ts'
import type { Shell } from './shell.ts'

const SHOWN = 2_000

const asked = createStore<{ shell: Shell; text: string } | undefined>(undefined)

/** Pastes, after asking where every line would run at once. */
export function pasteInto(shell: Shell, text: string): void {
  const runsAtOnce = /[\r\n]./.test(text) && !shell.screen.terminal.modes.bracketedPasteMode
  if (runsAtOnce && terminalSettings.get().askBeforePaste) asked.set({ shell, text })
  else shell.paste(text)
}

export function AskPaste() {
  const question = useStore(asked)
  if (!question) return null
  const { shell, text } = question
  const lines = text.split(/\r\n|[\r\n]/).filter((line) => line !== '').length
  return (
    <Confirm
      title={texts.paste.title}
      act={texts.paste.act}
      onConfirm={async () => shell.paste(text)}
      onClose={() => {
        asked.set(undefined)
        shell.screen.terminal.focus()
      }}
    >
      <Box>{texts.paste.hint(lines, shell.identity.nodeName)}</Box>
      <pre className="st-mono st-pre st-preview">{plainOutput(text.slice(0, SHOWN))}</pre>
      {text.length > SHOWN && <Box color="text-body-secondary">{texts.paste.cut(text.length - SHOWN)}</Box>}
    </Confirm>
  )
}
