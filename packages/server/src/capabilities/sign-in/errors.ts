import { ApiError } from '#kernel/api-error.ts'

// Services that AWS has answer signing in with pages, not with errors: all sentences are ours.

/** The same for a user that is not there, a wrong password and a wrong code. */
export function wrongSignIn(): ApiError {
  return refused('The user name, the password or the code is not right.')
}

/** `cause` is for the log. */
export function refused(message: string, cause?: unknown): ApiError {
  return new ApiError('SignInRefusedException', message, { cause })
}

export function signInNotFound(id: string): ApiError {
  return new ApiError('SignInNotFoundException', `Nobody is signed in as ${id}: it ended already, or never was.`)
}

export function tooManyAttempts(seconds: number): ApiError {
  return new ApiError(
    'TooManyAttemptsException',
    `There were too many wrong attempts. The next one is looked at in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`,
  )
}

export function providerFailed(name: string, cause?: unknown): ApiError {
  return new ApiError('IdentityProviderException', `${name} did not answer as it should. Try again in a while.`, {
    cause,
  })
}

export function validationError(message: string): ApiError {
  return new ApiError('ValidationException', message)
}
