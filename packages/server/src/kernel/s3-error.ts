import { ApiError } from './api-error.ts'

/** An error of S3, with the members in which S3 tells programs what it is about. */
export class S3Error extends ApiError {
  readonly about: Readonly<Record<string, string>>

  constructor(code: string, message: string, about: Readonly<Record<string, string>>) {
    super(code, message)
    this.about = about
  }
}
