import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useEffect, useRef, useState } from 'react'
import { useStore } from '#api/store.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { shellWords } from '#components/shell-words.ts'
import { terminalTexts as texts } from '#texts/terminal.ts'
import { FilesPanel } from '../files/files-panel.tsx'
import { ScreenHost } from '../terminal/screen-host.tsx'
import { SearchBar } from '../terminal/search-bar.tsx'
import { TerminateSession } from '../terminate-session.tsx'
import { takeKeys } from './keys.ts'
import type { Shell, ShellStatus } from './shell.ts'
import { ShellTools } from './shell-tools.tsx'

const INDICATOR = { starting: 'in-progress', open: 'success', lost: 'warning', ended: 'stopped' } as const
/** By then a node that was free to begin has begun. */
const SLOW_MS = 4_000

export interface ShellPanelProps {
  readonly shell: Shell
  readonly onAgain: () => void
  readonly onClose: () => void
}

/** One shell: what it is, what can be done with it, and the terminal. */
export function ShellPanel({ shell, onAgain, onClose }: ShellPanelProps) {
  const state = useStore(shell.state)
  const panel = useRef<HTMLDivElement>(null)
  const [full, setFull] = useState(false)
  const [searching, setSearching] = useState(false)
  const [files, setFiles] = useState(false)
  const [ending, setEnding] = useState(false)
  const { nodeId, nodeName, documentName, sessionId } = shell.identity
  useEffect(() => {
    shell.visible = true
    const stop = takeKeys(shell, {
      search: () => setSearching(true),
      leave: () => panel.current?.querySelector('button')?.focus(),
    })
    return () => {
      shell.visible = false
      stop()
    }
  }, [shell])
  const closeSearch = () => {
    setSearching(false)
    shell.screen.terminal.focus()
  }
  return (
    <div ref={panel} className={full ? 'st-shell st-shell-full' : 'st-shell'}>
      <div className="st-line st-shell-head">
        <div className="st-line">
          <StatusIndicator type={INDICATOR[state.status]}>{texts.status[state.status]}</StatusIndicator>
          <ConsoleLink to={`/nodes/${encodeURIComponent(nodeId)}`}>{nodeName}</ConsoleLink>
          <Box variant="small" color="text-body-secondary">
            {[documentName, state.title && texts.called(state.title)].filter(Boolean).join(' · ')}
          </Box>
        </div>
        <ShellTools
          shell={shell}
          filesShown={files}
          onFiles={setFiles}
          onSearch={() => setSearching(!searching)}
          full={full}
          onFull={setFull}
          onEnd={() => setEnding(true)}
        />
      </div>
      {searching && <SearchBar screen={shell.screen} onClose={closeSearch} />}
      <Banner status={state.status} end={state.end} shell={shell} onAgain={onAgain} onClose={onClose} />
      <ScreenHost screen={shell.screen} label={texts.label(nodeName)} focus />
      <Box variant="small" color="text-body-secondary">
        {texts.keys}
      </Box>
      {files && <FilesPanel nodeId={nodeId} nodeName={nodeName} />}
      {ending && <TerminateSession sessions={[{ id: sessionId, node: nodeName }]} onClose={() => setEnding(false)} />}
    </div>
  )
}

function Banner({ status, end, shell, onAgain, onClose }: ShellPanelProps & { status: ShellStatus; end: string }) {
  const { sessionId, nodeName } = shell.identity
  const slow = useSlow(status === 'starting')
  if (status === 'lost') {
    return (
      <Alert type="warning" header={texts.banner.lost}>
        {texts.banner.lostHint}
      </Alert>
    )
  }
  if (slow) {
    return (
      <Alert type="info" header={texts.banner.slow(nodeName)}>
        {texts.banner.slowHint}{' '}
        <code className="st-mono">{shellWords('steward', 'sessions', 'approve', sessionId)}</code>
      </Alert>
    )
  }
  if (status !== 'ended') return null
  return (
    <Alert
      type="info"
      header={end}
      action={
        <SpaceBetween direction="horizontal" size="xs">
          <ButtonLink to={`/sessions/${encodeURIComponent(sessionId)}`}>{texts.banner.replay}</ButtonLink>
          <Button onClick={onClose}>{texts.banner.close}</Button>
          <Button variant="primary" onClick={onAgain}>
            {texts.banner.again}
          </Button>
        </SpaceBetween>
      }
    />
  )
}

function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!waiting) {
      setSlow(false)
      return undefined
    }
    const timer = setTimeout(() => setSlow(true), SLOW_MS)
    return () => clearTimeout(timer)
  }, [waiting])
  return slow
}
