import Box from '@cloudscape-design/components/box'
import { useStore } from '#api/store.ts'
import { Confirm } from '#components/confirm.tsx'
import { terminalTexts as texts } from '#texts/terminal.ts'
import { askedLink } from './links.ts'

/** Asks before a page goes where a program on a node wants it to. */
export function AskLink() {
  const address = useStore(askedLink)
  if (address === undefined) return null
  return (
    <Confirm
      title={texts.link.title}
      act={texts.link.act}
      onConfirm={async () => void window.open(address, '_blank', 'noopener,noreferrer')}
      onClose={() => askedLink.set(undefined)}
    >
      <Box>{texts.link.hint}</Box>
      <pre className="st-mono st-pre st-preview">{address}</pre>
    </Confirm>
  )
}
