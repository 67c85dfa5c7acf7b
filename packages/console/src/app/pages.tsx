import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import { type ComponentType, memo, Suspense, useEffect, useState } from 'react'
import { Route, Switch, useLocation, useSearchParams } from 'wouter'
import { connection } from '#api/changes.ts'
import { useStore } from '#api/store.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Crashed } from '#components/crashed.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { Waiting } from '#components/waiting.tsx'
import { common } from '#texts/common.ts'
import type { Page, Params } from './area.ts'
import { areas } from './areas.ts'
import { pageCode } from './page-code.ts'

const pages = areas.flatMap((area) => area.pages)

/** The code of pages that were loaded. */
const codes = new Map<Page, ComponentType<{ params: Params }>>()

/** The page that the address names. */
export const Pages = memo(function Pages() {
  const [path] = useLocation()
  return (
    <Crashed key={path}>
      <Suspense fallback={<Arriving />}>
        <Switch>
          {pages.map((page) => (
            <Route key={page.path} path={page.path}>
              {(params) =>
                page.named ? <Named by={page.named} page={page} /> : <Loaded page={page} params={params as Params} />
              }
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </Crashed>
  )
})

/** The page as soon as its code is there: React's own `lazy` shows nothing new for 300 ms once it had nothing to show. */
function Loaded({ page, params }: { page: Page; params: Params }) {
  const [state, setState] = useState<{ readonly error?: unknown }>({})
  useEffect(() => {
    if (codes.has(page)) return
    pageCode(page).then(
      (code) => {
        codes.set(page, code)
        setState({})
      },
      (error: unknown) => setState({ error }),
    )
  }, [page])
  if (state.error !== undefined) throw state.error
  const Code = codes.get(page)
  return Code ? <Code params={params} /> : <Arriving />
}

/** A page of something that the query names; another page for each. */
function Named({ by, page }: { by: string; page: Page }) {
  const name = useSearchParams()[0].get(by) ?? ''
  return <Loaded key={name} page={page} params={{ [by]: name }} />
}

/** A page is on its way, or what it is made of cannot come now. */
function Arriving() {
  const isAway = useStore(connection) === 'away'
  return isAway ? <Alert type="warning">{common.failed.away}</Alert> : <Waiting />
}

function NotFound() {
  return (
    <PageFrame title={common.failed.notFound}>
      <Box padding={{ vertical: 'l' }}>
        {common.failed.notFoundHint} <ConsoleLink to="/">{common.failed.home}</ConsoleLink>
      </Box>
    </PageFrame>
  )
}
