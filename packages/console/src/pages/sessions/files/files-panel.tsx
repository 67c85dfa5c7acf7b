import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FileDropzone from '@cloudscape-design/components/file-dropzone'
import FileInput from '@cloudscape-design/components/file-input'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import { useState } from 'react'
import { useStore } from '#api/store.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { shellWords } from '#components/shell-words.ts'
import { fileTexts as texts } from '#texts/files.ts'
import { bytesText } from '../bytes-text.ts'
import { download, forget, stopTransfer, type Transfer, transfers, tryAgain, upload } from './transfers.ts'

/** Copies files to and from a node. */
export function FilesPanel({ nodeId, nodeName }: { nodeId: string; nodeName: string }) {
  const [to, setTo] = useState('~')
  const [from, setFrom] = useState('')
  const all = useStore(transfers).filter((transfer) => transfer.nodeId === nodeId)
  const send = (files: readonly File[]) => {
    for (const file of files) upload(nodeId, nodeName, file, to.trim() || '~')
  }
  const fetchIt = () => {
    if (from.trim() !== '') download(nodeId, nodeName, from.trim())
  }
  return (
    <section className="st-files" aria-label={texts.title}>
      <div className="st-files-forms">
        <div className="st-line st-one-row st-wide-first st-bottom">
          <FormField label={texts.to} description={texts.toHint}>
            <Input value={to} onChange={({ detail }) => setTo(detail.value)} spellcheck={false} />
          </FormField>
          <FileInput multiple value={[]} onChange={({ detail }) => send(detail.value)}>
            {texts.choose}
          </FileInput>
        </div>
        <div className="st-line st-one-row st-wide-first st-bottom">
          <FormField label={texts.from} description={texts.fromHint}>
            <Input
              value={from}
              onChange={({ detail }) => setFrom(detail.value)}
              onKeyDown={({ detail }) => detail.key === 'Enter' && fetchIt()}
              spellcheck={false}
            />
          </FormField>
          <Button iconName="download" onClick={fetchIt} disabled={from.trim() === ''}>
            {texts.download}
          </Button>
        </div>
      </div>
      <FileDropzone onChange={({ detail }) => send(detail.value)}>{texts.drop}</FileDropzone>
      {all.map((transfer) => (
        <Row key={transfer.id} transfer={transfer} />
      ))}
      <Box variant="small" color="text-body-secondary">
        {texts.hint}
      </Box>
    </section>
  )
}

const STATUS = {
  waiting: 'in-progress',
  going: 'in-progress',
  done: 'success',
  failed: 'error',
  stopped: 'error',
} as const

function Row({ transfer }: { transfer: Transfer }) {
  const { id, label, state, done, size, error, locations } = transfer
  const over = state !== 'waiting' && state !== 'going'
  return (
    <div className="st-line st-transfer">
      <ProgressBar
        label={label}
        value={size > 0 ? (100 * done) / size : 0}
        status={STATUS[state]}
        additionalInfo={over ? '' : texts.progress(bytesText(done), bytesText(size))}
        resultText={
          state === 'done'
            ? texts.done
            : state === 'stopped'
              ? texts.stopped
              : error instanceof Error
                ? error.message
                : ''
        }
      />
      <div className="st-line">
        <CliCommand command={shellWords('steward', 'cp', ...locations)} />
        {over && state !== 'done' && (
          <Button iconName="refresh" ariaLabel={texts.again} onClick={() => tryAgain(id)}>
            {texts.again}
          </Button>
        )}
        <Button
          variant="icon"
          iconName="close"
          ariaLabel={`${over ? texts.remove : texts.cancel}: ${label}`}
          onClick={() => (over ? forget(id) : stopTransfer(id))}
        />
      </div>
    </div>
  )
}
