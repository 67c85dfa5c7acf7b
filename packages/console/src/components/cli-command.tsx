import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Popover from '@cloudscape-design/components/popover'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { common } from '#texts/common.ts'

/** A button that shows how to do the same from a terminal, to be copied. */
export function CliCommand({ command }: { command: string }) {
  return (
    <Popover
      header={common.cli.title}
      size="large"
      fixedWidth
      triggerType="custom"
      position="bottom"
      renderWithPortal
      content={<CommandText command={command} hint={common.cli.hint} />}
    >
      <Button iconName="script" formAction="none">
        {common.cli.button}
      </Button>
    </Popover>
  )
}

/** A command to read and to copy. */
export function CommandText({ command, hint }: { command: string; hint?: string }) {
  return (
    <SpaceBetween size="xs">
      {hint && (
        <Box variant="small" color="text-body-secondary">
          {hint}
        </Box>
      )}
      <pre className="st-mono st-pre">{command}</pre>
      <CopyToClipboard
        copyButtonText={common.copy}
        copySuccessText={common.copied}
        copyErrorText={common.failed.other}
        textToCopy={command}
      />
    </SpaceBetween>
  )
}
