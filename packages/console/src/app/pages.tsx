import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import { type ComponentType, lazy, memo, Suspense } from 'react'
import { Route, Switch, useLocation, useSearchParams } from 'wouter'
import { connection } from '#api/changes.ts'
import { useStore } from '#api/store.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Crashed } from '#components/crashed.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { Waiting } from '#components/waiting.tsx'
import { common } from '#texts/common.ts'
import type { Params } from './area.ts'
import { areas } from './areas.ts'
import { pageCode } from './page-code.ts'

const routes = areas
  .flatMap(({ pages }) => pages)
  .map((page) => ({ path: page.path, named: page.named, Page: lazy(() => pageCode(page)) }))

/** The page that the address names. */
export const Pages = memo(function Pages() {
  const [path] = useLocation()
  return (
    <Crashed key={path}>
      <Suspense fallback={<Arriving />}>
        <Switch>
          {routes.map(({ path, named, Page }) => (
            <Route key={path} path={path}>
              {(params) => (named ? <Named by={named} Page={Page} /> : <Page params={params as Params} />)}
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

/** A page of something that the query names; another page for each. */
function Named({ by, Page }: { by: string; Page: ComponentType<{ params: Params }> }) {
  const name = useSearchParams()[0].get(by) ?? ''
  return <Page key={name} params={{ [by]: name }} />
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
