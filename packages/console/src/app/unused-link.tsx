import Button from '@cloudscape-design/components/button'
import { signedIn } from '#api/sign-in.ts'
import { signInTexts as texts } from '#texts/sign-in.ts'
import { notify } from './notifications.tsx'
import { codeInAddress, enter } from './sign-in-page.tsx'

/**
 * Looks for sign-in links that are opened where somebody is signed in already, until the signal says. They are not followed by
 * themselves: whoever is signed in might not notice that a link made them somebody else.
 */
export function offerLinks(signal: AbortSignal): void {
  const look = () => {
    const code = codeInAddress()
    if (code) offer(code)
  }
  look()
  addEventListener('hashchange', look, { signal })
}

function offer(OneTimeCode: string): void {
  const follow = () => {
    dismiss()
    enter({ OneTimeCode }).catch(() => notify({ type: 'error', header: texts.codeFailed }))
  }
  const dismiss = notify({
    type: 'info',
    header: texts.already(signedIn()?.principal.name ?? ''),
    content: texts.linkUnused,
    action: <Button onClick={follow}>{texts.useLink}</Button>,
  })
}
