import { signRequest } from '@steward/protocol/signature.ts'
import type { House } from './house.ts'

/** Where this machine reaches the server. */
export function ownUrl({ config, http }: Pick<House, 'config' | 'http'>): string {
  const { host } = config.http
  return `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`
}

/** Calls an operation of AWS JSON through the front door, as the root; `target` is `AmazonSSM.CreateActivation`. Throws if it is refused. */
export async function callAsRoot<T>(house: House, service: string, target: string, input: object): Promise<T> {
  const url = ownUrl(house)
  const body = JSON.stringify(input)
  const { host: _host, ...headers } = signRequest(
    {
      method: 'POST',
      url: new URL(url),
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      body,
      service,
      region: house.config.region,
      date: house.clock.now(),
    },
    house.rootKey,
  )
  const response = await fetch(url, { method: 'POST', headers, body })
  const answer = (await response.json()) as T & { message?: string }
  if (!response.ok) throw new Error(`${target} was refused: ${answer.message}`)
  return answer
}
