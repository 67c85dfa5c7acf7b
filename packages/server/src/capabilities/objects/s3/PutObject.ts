import { s3 } from '#kernel/declare.ts'
import { makingAccess, putBody } from '../put.ts'

export const PutObject = s3('PutObject', 'PUT object', { access: makingAccess, handle: putBody })
