import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import type { steward as model } from '@steward/model'
import { Failure, isSignedOut } from './failure.ts'
import { type SignedIn, signedIn, signOut } from './sign-in.ts'
import type { Wire } from './wire.ts'

type Input<O extends keyof model.Operations> = Wire<model.Operations[O]['input']>
type Output<O extends keyof model.Operations> = Wire<model.Operations[O]['output']>

/** Calls an operation that AWS does not have, as whoever is signed in. Rejects with a {@link Failure}. */
export async function steward<O extends keyof model.Operations>(
  operation: O,
  input: Input<O>,
  signal?: AbortSignal,
): Promise<Output<O>> {
  const response = await send(operation, input, signedIn(), signal)
  return (await response.json()) as Output<O>
}

/** The same, for operations whose input is the proof: nobody is signed in yet. */
export async function stewardUnsigned<O extends keyof model.Operations>(
  operation: O,
  input: Input<O>,
): Promise<Output<O>> {
  const response = await send(operation, input, undefined)
  return (await response.json()) as Output<O>
}

/** The answer of an operation that streams. Rejects with a {@link Failure} if it was refused. */
export async function send(
  operation: keyof model.Operations,
  input: object,
  caller: SignedIn | undefined,
  signal?: AbortSignal,
): Promise<Response> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Steward.${operation}` }
  return post({ service: 'steward', path: '/', headers, body: JSON.stringify(input) }, caller, signal)
}

export interface Post {
  /** As signatures name it. */
  readonly service: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A request, signed if there is a caller. Rejects with a {@link Failure} if it was refused. */
export async function post(request: Post, caller: SignedIn | undefined, signal?: AbortSignal): Promise<Response> {
  const { path, query = {}, body } = request
  const headers = caller ? await signed(caller, request) : request.headers
  const search = new URLSearchParams(query).toString()
  const response = await fetch(path + (search && `?${search}`), {
    method: 'POST',
    headers,
    body,
    signal: signal ?? null,
  }).catch((error) => {
    throw error instanceof TypeError ? new Failure({ code: 'ServerAway', message: error.message }) : error
  })
  if (response.ok) return response
  throw await refusal(response)
}

async function signed(caller: SignedIn, { service, path, query = {}, headers, body }: Post) {
  const { credentials, region } = caller
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 })
  const { protocol, host, hostname } = location
  const request = { method: 'POST', protocol, hostname, path, query: { ...query }, headers: { host, ...headers }, body }
  const { host: _, ...rest } = (await signer.sign(request)).headers
  return rest
}

async function refusal(response: Response): Promise<Failure> {
  const answer = await response.json().catch(() => ({}))
  const code = String(answer.__type ?? response.headers.get('x-amzn-errortype') ?? `HTTP ${response.status}`).replace(
    /^.*#/,
    '',
  )
  const failure = new Failure({
    code,
    message: String(answer.message ?? answer.Message ?? ''),
    status: response.status,
    requestId: response.headers.get('x-amzn-requestid') ?? undefined,
  })
  if (isSignedOut(failure) && signedIn()) signOut('expired')
  return failure
}
