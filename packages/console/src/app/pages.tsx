import Box from '@cloudscape-design/components/box'
import { type ComponentType, lazy, memo, Suspense } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { ConsoleLink } from '#components/console-link.tsx'
import { Crashed } from '#components/crashed.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { Waiting } from '#components/waiting.tsx'
import { common } from '#texts/common.ts'
import type { Page, Params } from './area.ts'
import { areas } from './areas.ts'

const routes = areas.flatMap(({ pages }) => pages).map((page) => ({ path: page.path, Page: loaded(page) }))

/** The page that the address names. */
export const Pages = memo(function Pages() {
  const [path] = useLocation()
  return (
    <Crashed key={path}>
      <Suspense fallback={<Waiting />}>
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

function loaded({ load }: Page): ComponentType<{ params: Params }> {
  return lazy(async () => ({ default: await load() }))
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
