import I18nProvider from '@cloudscape-design/components/i18n'
import messages from '@cloudscape-design/components/i18n/messages/all.en'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { Router } from 'wouter'
import { listenToChanges } from '#api/changes.ts'
import { createQueryClient } from '#api/queries.ts'
import { keepSignedIn } from '#api/renewal.ts'
import { useSignIn } from '#api/sign-in.ts'
import { offerLeftWork } from './bulk-work.tsx'
import { SignInPage } from './sign-in-page.tsx'
import { offerLinks } from './unused-link.tsx'

const Frame = lazy(async () => ({ default: (await import('./frame.tsx')).Frame }))

/** The console: the page to sign in, or the frame with the pages. */
export function App() {
  const state = useSignIn()
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <Router base="/console">
        {state.signedIn ? <SignedInApp key={state.signedIn.principal.arn} /> : <SignInPage because={state.because} />}
      </Router>
    </I18nProvider>
  )
}

/** Keyed by the person: what one was shown is never shown to the next. */
function SignedInApp() {
  const client = useMemo(createQueryClient, [])
  useEffect(() => {
    const over = new AbortController()
    keepSignedIn(over.signal)
    void listenToChanges(client, over.signal)
    offerLeftWork(client)
    offerLinks(over.signal)
    return () => over.abort()
  }, [client])
  return (
    <QueryClientProvider client={client}>
      <Suspense>
        <Frame />
      </Suspense>
    </QueryClientProvider>
  )
}
