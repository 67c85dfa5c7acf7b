import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import { lazy, memo, Suspense } from 'react'
import { Route, Switch, useLocation } from 'wouter'
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
  .map((page) => ({ path: page.path, Page: lazy(() => pageCode(page)) }))

/** The page that the address names. */
export const Pages = memo(function Pages() {
  const [path] = useLocation()
  return (
    <Crashed key={path}>
      <Suspense fallback={<Arriving />}>
        <Switch>
          {routes.map(({ path, Page }) => (
            <Route key={path} path={path}>
              {(params) => <Page params={params as Params} />}
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
