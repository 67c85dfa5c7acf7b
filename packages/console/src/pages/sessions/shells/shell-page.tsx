import '../colours.ts'
import Button from '@cloudscape-design/components/button'
import Icon from '@cloudscape-design/components/icon'
import Tabs, { type TabsProps } from '@cloudscape-design/components/tabs'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { failureOf } from '#api/failure.ts'
import { useStore } from '#api/store.ts'
import { notify } from '#app/notifications.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { Waiting } from '#components/waiting.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { terminalTexts } from '#texts/terminal.ts'
import { AskLink } from '../terminal/ask-link.tsx'
import { AskPaste } from './ask-paste.tsx'
import type { SessionRequest } from './grant.ts'
import { LeaveShell } from './leave-shell.tsx'
import type { Shell } from './shell.ts'
import { ShellPanel } from './shell-panel.tsx'
import { closeShell, openShell, returning, returnToShells, shells } from './shells.ts'
import { StartForm } from './start-form.tsx'

const texts = sessionTexts.shellPage
const NEW = 'new'

/**
 * The shells of this browser, in tabs. `?session=` is the one to show; `?node=` starts one there, at once when a link of the console
 * led here, else after asking.
 */
export function ShellPage() {
  const [search] = useSearchParams()
  const [, navigate] = useLocation()
  const open = useStore(shells)
  const isReturning = useStore(returning)
  const [leaving, setLeaving] = useState<Shell>()
  const [refusal, setRefusal] = useState<{ request: string; error: unknown }>()
  const node = search.get('node') ?? undefined
  const documentName = search.get('document') ?? undefined
  const wanted = search.get('session')
  const asked = JSON.stringify([node, documentName])
  const error = refusal?.request === asked ? refusal.error : undefined
  const setError = (fault: unknown) => setRefusal({ request: asked, error: fault })
  const asksNew = node !== undefined || search.has(NEW) || (open.length === 0 && !isReturning)
  const active = asksNew ? undefined : (open.find(({ identity }) => identity.sessionId === wanted) ?? open[0])
  const show = (id: string) => navigate(`/sessions/shell?${id === NEW ? NEW : `session=${encodeURIComponent(id)}`}`)

  async function start(request: SessionRequest & { nodeName?: string | undefined }): Promise<void> {
    const shell = await openShell(request)
    navigate(`/sessions/shell?session=${encodeURIComponent(shell.identity.sessionId)}`, { replace: true })
  }
  function close(shell: Shell): void {
    if (shell.isOver) closeShell(shell)
    else setLeaving(shell)
  }

  useEffect(() => void returnToShells(), [])
  const begun = useRef<string>(undefined)
  const startsAtOnce = node !== undefined && !landedHere() && error === undefined
  useEffect(() => {
    if (!startsAtOnce || begun.current === asked) return
    begun.current = asked
    start({ nodeId: node, documentName }).catch(setError)
  })

  if (isReturning) return <Waiting what={texts.returning} />
  const tabs: TabsProps.Tab[] = open.map((shell) => ({
    id: shell.identity.sessionId,
    label: <TabLabel shell={shell} number={numberOf(shell, open)} />,
    dismissible: true,
    dismissLabel: texts.closeTab(shell.identity.nodeName),
    onDismiss: () => close(shell),
    content: (
      <ShellPanel
        shell={shell}
        onClose={() => close(shell)}
        onAgain={() => {
          const { nodeId, nodeName, documentName: again } = shell.identity
          start({ nodeId, nodeName, documentName: again }).then(
            () => closeShell(shell),
            (fault) => notify({ type: 'error', header: failureOf(fault).message }),
          )
        }}
      />
    ),
  }))
  if (asksNew) {
    tabs.push({
      id: NEW,
      label: texts.newTab,
      content: startsAtOnce ? (
        <Waiting what={terminalTexts.status.starting} />
      ) : (
        <StartForm
          key={`${node}`}
          node={node === undefined ? undefined : { id: node, name: node }}
          documentName={documentName}
          error={error}
          onStart={start}
        />
      ),
    })
  }
  return (
    <PageFrame title={texts.title} above={[{ text: sessionTexts.title, to: '/sessions' }]} titleInContent>
      <h1 className="st-hidden">{texts.title}</h1>
      <Tabs
        tabs={tabs}
        activeTabId={active?.identity.sessionId ?? NEW}
        ariaLabel={texts.title}
        onChange={({ detail }) => show(detail.activeTabId)}
        actions={
          !asksNew && (
            <Button iconName="add-plus" onClick={() => show(NEW)}>
              {texts.newTab}
            </Button>
          )
        }
      />
      {leaving && <LeaveShell shell={leaving} onClose={() => setLeaving(undefined)} />}
      <AskPaste />
      <AskLink />
    </PageFrame>
  )
}

/** Of the shells on nodes of the same name. */
function numberOf(shell: Shell, open: readonly Shell[]): number {
  return open.filter(({ identity }) => identity.nodeName === shell.identity.nodeName).indexOf(shell) + 1
}

function TabLabel({ shell, number }: { shell: Shell; number: number }) {
  const { rang, status } = useStore(shell.state)
  return (
    <>
      {shell.identity.nodeName}
      {number > 1 && ` (${number})`}
      {rang && (
        <>
          {' '}
          <Icon name="notification" variant="warning" ariaLabel={terminalTexts.rang} />
        </>
      )}
      {(status === 'lost' || status === 'ended') && (
        <>
          {' '}
          <Icon
            name={status === 'lost' ? 'status-warning' : 'status-stopped'}
            variant={status === 'lost' ? 'warning' : 'subtle'}
            ariaLabel={terminalTexts.status[status]}
          />
        </>
      )}
    </>
  )
}

/** Whether the browser was sent to this very address, as by a link of somebody else. */
function landedHere(): boolean {
  const [first] = performance.getEntriesByType('navigation')
  const url = first && new URL(first.name)
  return url?.pathname === location.pathname && url.search === location.search
}
