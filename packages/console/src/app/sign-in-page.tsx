import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { steward as model } from '@steward/model'
import { useEffect, useState } from 'react'
import { failureOf, isAway } from '#api/failure.ts'
import { credentialsOf } from '#api/renewal.ts'
import { type SignedOutBecause, signIn } from '#api/sign-in.ts'
import { stewardUnsigned } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { Waiting } from '#components/waiting.tsx'
import { signInTexts as texts } from '#texts/sign-in.ts'

type Options = Wire<model.GetSignInOptionsResult>
type Proof = Wire<model.SignInRequest>

/** Where to go back to when another site signed the person in; nothing secret. */
const GO_BACK = 'steward.go-back'
/** The state of the sign-in that this tab began; worthless without the code that the provider adds. */
const BEGUN = 'steward.begun'

/** The page of whoever is not signed in; the address stays, so that one goes on where one was. */
export function SignInPage({ because }: { because: SignedOutBecause }) {
  const [options, setOptions] = useState<Options>()
  const [error, setError] = useState<string>()
  const [proof, setProof] = useState(proofInAddress)

  useEffect(() => {
    document.title = texts.title
    stewardUnsigned('GetSignInOptions', {}).then(setOptions, (fault) => setError(sentenceOf(fault)))
    // A link that is pasted here changes only what comes after the #, so the page stays.
    const look = () => setProof((last) => proofInAddress() ?? last)
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [])
  useEffect(() => {
    if (!proof) return
    enter(proof).catch((fault) => {
      setError(proof.OneTimeCode && !isAway(fault) ? texts.codeFailed : sentenceOf(fault))
      setProof(undefined)
    })
  }, [proof])

  if (proof) return <Waiting what={texts.using} />
  return (
    <main className="st-center st-sign-in">
      <div>
        <SpaceBetween size="l">
          <div className="st-brand">
            <img src="/console/icon.svg" alt="" />
            <div>
              <Box variant="h1">{texts.title}</Box>
              {options && (
                <Box color="text-body-secondary">
                  {texts.subtitle(options.AccountAlias ?? options.Account, options.Region)}
                </Box>
              )}
            </div>
          </div>
          {because !== 'new' && <Alert type="info">{texts[because]}</Alert>}
          {error && (
            <div role="alert">
              <Alert type="error">{error}</Alert>
            </div>
          )}
          <PasswordForm onError={setError} />
          {options?.Providers.map(({ Id, Name }) => (
            <Button key={Id} fullWidth onClick={() => void goTo(Id).catch((fault) => setError(sentenceOf(fault)))}>
              {texts.with(Name)}
            </Button>
          ))}
          <Box variant="small" color="text-body-secondary">
            {texts.link} <code className="st-mono">{texts.linkCommand}</code>
          </Box>
        </SpaceBetween>
      </div>
    </main>
  )
}

function PasswordForm({ onError }: { onError: (sentence: string | undefined) => void }) {
  const [values, setValues] = useState({ UserName: '', Password: '', MfaCode: '', NewPassword: '' })
  const [challenge, setChallenge] = useState<'MfaRequired' | 'PasswordChangeRequired'>()
  const [busy, setBusy] = useState(false)
  const field = (name: keyof typeof values) => ({
    name,
    value: values[name],
    onChange: ({ detail }: { detail: { value: string } }) => setValues((last) => ({ ...last, [name]: detail.value })),
  })
  async function submit() {
    setBusy(true)
    onError(undefined)
    try {
      const given = Object.entries(values).filter(([, value]) => value !== '')
      setChallenge(await enter(Object.fromEntries(given)))
    } catch (fault) {
      onError(sentenceOf(fault))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Container>
        <SpaceBetween size="m">
          <FormField label={texts.user}>
            <Input {...field('UserName')} autoComplete="username" autoFocus spellcheck={false} />
          </FormField>
          <FormField label={texts.password}>
            <Input {...field('Password')} type="password" autoComplete="current-password" />
          </FormField>
          {(challenge === 'MfaRequired' || values.MfaCode !== '') && (
            <FormField label={texts.code} description={texts.codeHint}>
              <Input {...field('MfaCode')} inputMode="numeric" autoComplete="one-time-code" autoFocus />
            </FormField>
          )}
          {challenge === 'PasswordChangeRequired' && (
            <FormField label={texts.newPassword} description={texts.newPasswordHint}>
              <Input {...field('NewPassword')} type="password" autoComplete="new-password" autoFocus />
            </FormField>
          )}
          <Button variant="primary" formAction="submit" loading={busy} fullWidth>
            {challenge === 'PasswordChangeRequired' ? texts.changePassword : texts.submit}
          </Button>
        </SpaceBetween>
      </Container>
    </form>
  )
}

function sentenceOf(fault: unknown): string {
  return isAway(fault) ? texts.away : failureOf(fault).message
}

/** Signs in, or answers what is asked for beyond the proof. */
export async function enter(proof: Proof) {
  const { Challenge, Credentials, Principal } = await stewardUnsigned('SignIn', proof)
  if (!Credentials || !Principal) return Challenge
  const { Region } = await stewardUnsigned('GetSignInOptions', {})
  signIn({
    credentials: credentialsOf(Credentials),
    principal: { arn: Principal.Arn, name: Principal.Name },
    account: Principal.Account,
    region: Region,
  })
  return undefined
}

/** The code that a one-time link put into the address; taken out of it at once. */
export function codeInAddress(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get('one-time')
  if (code) history.replaceState(null, '', location.pathname + location.search)
  return code ?? undefined
}

/** What a one-time link, or a provider that sends the person back, put into the address; taken out of it at once. */
function proofInAddress(): Proof | undefined {
  const query = new URLSearchParams(location.search)
  const OneTimeCode = codeInAddress()
  if (OneTimeCode) return { OneTimeCode }
  const [State, Code] = [query.get('state'), query.get('code')]
  if (!location.pathname.endsWith('/signed-in') || !State || !Code) return undefined
  history.replaceState(null, '', sessionStorage.getItem(GO_BACK) ?? '/console/')
  // Whoever did not begin here was sent here, to be signed in as somebody else.
  return sessionStorage.getItem(BEGUN) === State ? { State, Code } : undefined
}

async function goTo(ProviderId: string): Promise<void> {
  sessionStorage.setItem(GO_BACK, location.pathname + location.search)
  const { AuthorizationUrl, State } = await stewardUnsigned('BeginOidcSignIn', { ProviderId })
  sessionStorage.setItem(BEGUN, State)
  location.assign(AuthorizationUrl)
}
