import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import { common } from '#texts/common.ts'

/** A text with a button that copies it. */
export function Copyable({ text }: { text: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToDisplay={text}
      textToCopy={text}
      copyButtonAriaLabel={`${common.copy} ${text}`}
      copySuccessText={common.copied}
      copyErrorText={common.failed.other}
    />
  )
}
