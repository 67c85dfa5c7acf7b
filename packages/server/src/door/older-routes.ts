import type { ServiceModel } from '@steward/model'
import { type HttpRequest, jsonBody } from './http-message.ts'

/** The routes of Resource Groups in 2017, by method and by what follows the group's name, and those of today. */
const GROUP_ROUTES: Readonly<Record<string, string>> = {
  'DELETE ': '/delete-group',
  'GET ': '/get-group',
  'GET /query': '/get-group-query',
  'POST /resource-identifiers-list': '/list-group-resources',
  'PUT ': '/update-group',
  'PUT /query': '/update-group-query',
}

/** A request as today's SDKs would send it; those of older ones, which still work at AWS, named the group in the path (RG-08). */
export function inTodaysForm(service: ServiceModel, request: HttpRequest): HttpRequest {
  if (service.name !== 'resource-groups') return request
  const [, name, rest = ''] = /^\/groups\/([^/]+)(\/.*)?$/.exec(request.path) ?? []
  const path = name && GROUP_ROUTES[`${request.method} ${rest}`]
  if (!path) return request
  const query = new URLSearchParams(request.query)
  const limit = query.get('maxResults')
  const input = {
    ...(jsonBody(request) as object | undefined),
    GroupName: name,
    ...(limit !== null && { MaxResults: Number(limit) }),
    ...(query.has('nextToken') && { NextToken: query.get('nextToken') }),
  }
  const { headers, sourceIp, secure, signal } = request
  return {
    method: 'POST',
    path,
    query: '',
    headers,
    sourceIp,
    secure,
    signal,
    body: Buffer.from(JSON.stringify(input)),
  }
}
