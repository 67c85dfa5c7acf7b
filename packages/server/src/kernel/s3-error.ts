import { ApiError } from './api-error.ts'

type Texts = Readonly<Record<string, string>>

/** An error of S3, with the members and headers in which S3 tells programs what it is about. */
export class S3Error extends ApiError {
  readonly about: Texts
  readonly headers: Texts

  constructor(code: string, message: string, about: Texts, headers: Texts = {}) {
    super(code, message)
    this.about = about
    this.headers = headers
  }
}
