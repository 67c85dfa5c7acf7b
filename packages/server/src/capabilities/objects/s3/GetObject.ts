import { s3 } from '#kernel/declare.ts'
import { answerWith, readingAccess } from '../get.ts'

export const GetObject = s3('GetObject', 'GET object', { access: readingAccess, handle: answerWith })

export const HeadObject = s3('HeadObject', 'HEAD object', { access: readingAccess, handle: answerWith })
