/**
 * Something that is found out once for an object that is made for each request, such as its call, and kept on that object. A `WeakMap`
 * would do, but V8 keeps its values until a full collection, and there are thousands of requests between two of them.
 */
export class KeptOn<Subject extends object, Value> {
  readonly #key = Symbol()

  get(subject: Subject): Value | undefined {
    return (subject as Record<symbol, Value | undefined>)[this.#key]
  }

  set(subject: Subject, value: Value): void {
    ;(subject as Record<symbol, Value>)[this.#key] = value
  }
}
